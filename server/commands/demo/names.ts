import type { Sex } from '#server/domain/enrollments/nik.ts';
import type { RandomStream } from './random.ts';

interface Community {
  /** Among a hundred made-up people. */
  readonly share: number;
  readonly women: string;
  readonly men: string;
  /** Family or second names, for women and men alike unless given apart. */
  readonly last: string | { readonly women: string; readonly men: string };
}

/** The names one meets in Medan, put together anew: whoever carries one of these by chance is not meant. */
const COMMUNITIES: readonly Community[] = [
  {
    // Javanese
    share: 33,
    women:
      'Sri,Siti,Sulastri,Wagiyem,Suparni,Ngatini,Tuti,Endang,Yuni,Rini,Sutini,Painem,Dwi,Eka,Lestari,Suryani',
    men: 'Slamet,Suyatno,Sugeng,Paimin,Suprianto,Agus,Bambang,Wagiman,Joko,Tukiman,Eko,Dwi,Rudi,Hari,Sutrisno,Ponidi',
    last: {
      women:
        'Wahyuni,Rahayu,Astuti,Lestari,Handayani,Ningsih,Mulyani,Utami,Susanti,Hartati,Rahmawati,Purwanti',
      men: 'Riyadi,Santoso,Susanto,Wibowo,Setiawan,Prayitno,Hartono,Supriadi,Purnomo,Saputra,Nugroho,Widodo',
    },
  },
  {
    // Mandailing and Angkola
    share: 14,
    women: 'Nurhayati,Siti,Masdelina,Rosmawati,Nurlela,Ummi,Hotnida,Derhana,Samsiah,Elida,Maimunah,Nur Aini',
    men: 'Ahmad,Muhammad,Ali,Parlaungan,Sahrul,Rustam,Ibrahim,Zulkarnain,Hasan,Ismail,Amas,Marwan',
    last: 'Nasution,Lubis,Harahap,Siregar,Batubara,Hasibuan,Rangkuti,Daulay,Pulungan,Rambe,Dalimunthe,Matondang',
  },
  {
    // Toba and Simalungun
    share: 15,
    women: 'Tiurma,Rosmaida,Lamria,Hotmaida,Duma,Romauli,Masta,Tiodor,Juliana,Ester,Rumondang,Sondang',
    men: 'Parlindungan,Hotman,Saut,Togar,Jonner,Mangatas,Binsar,Sahat,Tumpal,Maruli,Poltak,Jhonson',
    last: 'Simanjuntak,Sitorus,Sinaga,Purba,Saragih,Hutapea,Manurung,Pardede,Silalahi,Simbolon,Damanik,Panjaitan',
  },
  {
    // Karo
    share: 7,
    women: 'Rehulina,Malem,Ngasup,Rosdiana,Ermina,Ngena,Murni,Rasmita,Lina,Sadarita',
    men: 'Ngalem,Tammat,Ridwan,Jamin,Natanail,Sempurna,Nabari,Benyamin,Rasta,Malem',
    last: 'Ginting,Sembiring,Tarigan,Karo-Karo,Perangin-angin,Bangun,Sitepu,Barus,Surbakti,Kaban',
  },
  {
    // Malay
    share: 10,
    women: 'Zubaidah,Rohani,Fatimah,Salmah,Halimah,Aisyah,Khadijah,Rahmah,Latifah,Mariam,Nuraini,Azizah',
    men: 'Syahrial,Azhar,Zainal,Rahmat,Hamzah,Syafruddin,Iskandar,Fauzi,Abdullah,Kamaruddin,Yusuf,Mahmud',
    last: {
      women: 'Hanum,Mardiah,Sari,Zahara,Deli,Chairani,Yani,Fitri,Aminah,Syahira',
      men: 'Abidin,Syah,Effendi,Hidayat,Anwar,Akbar,Ramli,Bahri,Arifin,Umar',
    },
  },
  {
    // Minangkabau
    share: 9,
    women: 'Yusnidar,Desmawati,Nurbaiti,Gusniar,Elfira,Rosneli,Murniati,Asnah,Fitriyeni,Yulinar',
    men: 'Yusrizal,Afrizal,Zulkifli,Syamsuar,Nasrul,Edison,Amrizal,Bustami,Irwandi,Masrul',
    last: 'Chaniago,Koto,Piliang,Tanjung,Sikumbang,Guci,Jambak,Pitopang,Simabur,Panyalai',
  },
  {
    // Chinese
    share: 8,
    women: 'Meiliana,Lina,Susanna,Juliani,Mei Lan,Siu Ling,Vivian,Erlina,Yanti,Lie Hwa',
    men: 'Hendra,Susanto,Rudy,Kok Liong,Johan,Edy,Tjin Hok,Wilson,Anton,Budi',
    last: 'Halim,Wijaya,Tanjaya,Lim,Chandra,Gunawan,Tan,Salim,Ong,Kurniawan',
  },
  {
    // Tamil
    share: 4,
    women: 'Selvi,Kamala,Letchumi,Devi,Saraswati,Parwati,Mariama,Shanti,Malini,Rani',
    men: 'Raju,Kumar,Anand,Muniandy,Ravi,Selwa,Mohan,Gopal,Suresh,Arjuna',
    last: 'Raman,Krishnan,Pillai,Naidu,Samy,Nadar,Maniam,Rajan,Velu,Murti',
  },
];

const lists = (text: string): readonly string[] => text.split(',');
const READY = COMMUNITIES.map(({ share, women, men, last }) => ({
  share,
  FEMALE: { first: lists(women), last: lists(typeof last === 'string' ? last : last.women) },
  MALE: { first: lists(men), last: lists(typeof last === 'string' ? last : last.men) },
}));
const BY_SHARE = READY.flatMap((community) => Array<typeof community>(community.share).fill(community));

/** A first and a last name of one of Medan's communities. */
export function drawName(random: RandomStream, sex: Sex): string {
  const { first, last } = random.pick(BY_SHARE)[sex];
  return `${random.pick(first)} ${random.pick(last)}`;
}
