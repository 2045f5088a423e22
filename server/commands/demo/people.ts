import { districtCodeOf } from '#server/domain/areas/area-code.ts';
import { lastDayOf, monthNumber } from '#server/domain/contributions/month.ts';
import { type Sex, SIMULATED_PROVINCE } from '#server/domain/enrollments/nik.ts';
import { drawName } from './names.ts';
import type { RandomStream } from './random.ts';

/** A made-up worker, enrolled. Nobody's telephone number is made up. */
export interface DemoPerson {
  readonly nik: string;
  readonly name: string;
  /** `yyyy-mm-dd`. */
  readonly birthDate: string;
  readonly occupation: string;
  /** The neighborhood's code. */
  readonly neighborhood: string;
  /** `yyyy-mm-dd`. */
  readonly enrolledOn: string;
}

/** What a NIK says of its bearer. */
interface Birth {
  readonly birthDate: string;
  readonly sex: Sex;
}

const SHARE_OF_WOMEN = 0.54;
const HOME_REGENCY = 71;
const SHARE_BORN_ELSEWHERE = 0.22;
const BIRTH_YEARS = { first: 1962, last: 2006 };
const SHARE_OF_FISHERS_AT_THE_COAST = 0.16;
const COASTAL_DISTRICTS: ReadonlySet<string> = new Set(['12.71.08', '12.71.12', '12.71.13']);

const ANYONE = [
  ...[
    'pedagang sayur',
    'pedagang ikan',
    'pedagang kaki lima',
    'pedagang bakso',
    'penjual kue',
    'penjual gorengan',
  ],
  ...['pemilik warung', 'penjahit', 'petani sayur', 'pengumpul barang bekas', 'guru les', 'perajin anyaman'],
];
const OCCUPATIONS: Readonly<Record<Sex, readonly string[]>> = {
  FEMALE: [
    ...ANYONE,
    ...[
      'buruh cuci',
      'asisten rumah tangga',
      'penjual jamu',
      'penjual sarapan',
      'pengasuh anak',
      'penata rambut',
    ],
    ...['pengupas kerang', 'pembuat kue rumahan'],
  ],
  MALE: [
    ...ANYONE,
    ...[
      'pengemudi ojek daring',
      'pengemudi becak bermotor',
      'tukang bangunan',
      'juru parkir',
      'montir bengkel',
    ],
    ...['buruh bongkar muat', 'tukang las', 'tukang pangkas', 'sopir angkot', 'tukang kayu', 'tukang kebun'],
  ],
};

/**
 * Somebody of this neighborhood, grown up for the whole of the program's year. `drawNik` gives a number that nobody
 * else has, for the birth drawn here.
 */
export function drawPerson(
  random: RandomStream,
  neighborhood: string,
  enrolledOn: string,
  drawNik: (birth: Birth, districtCode: string) => string,
): DemoPerson {
  const districtCode = districtCodeOf(neighborhood);
  const sex: Sex = random.chance(SHARE_OF_WOMEN) ? 'FEMALE' : 'MALE';
  const birthDate = drawBirthDate(random);
  const isFisher = COASTAL_DISTRICTS.has(districtCode) && random.chance(SHARE_OF_FISHERS_AT_THE_COAST);
  return {
    nik: drawNik({ birthDate, sex }, districtCode),
    name: drawName(random, sex),
    birthDate,
    occupation: isFisher ? 'nelayan' : random.pick(OCCUPATIONS[sex]),
    neighborhood,
    enrolledOn,
  };
}

/** Two draws for the year: people in the middle of their working lives are the most. */
function drawBirthDate(random: RandomStream): string {
  const { first, last } = BIRTH_YEARS;
  const year = Math.floor((random.between(first, last) + random.between(first, last)) / 2);
  const month = monthNumber(`${year}-01`) + random.between(0, 11);
  const end = lastDayOf(month);
  return end.slice(0, 8) + twoDigits(random.between(1, Number(end.slice(8))));
}

/** Later arrivals have this and higher ones, so that no number is drawn twice. */
export const FIRST_TRAFFIC_REGENCY = 80;

interface NikPlace {
  /** 0 to 99; the plan's people have those below `FIRST_TRAFFIC_REGENCY`. */
  readonly regency: number;
  readonly district: number;
  /** 1 to 9,999, differing among people of one place, birth date and sex. */
  readonly serial: number;
}

/** A number that is right in form and cannot be issued. */
export function simulatedNik({ regency, district, serial }: NikPlace, { birthDate, sex }: Birth): string {
  const day = Number(birthDate.slice(8)) + (sex === 'FEMALE' ? 40 : 0);
  const born = twoDigits(day) + birthDate.slice(5, 7) + birthDate.slice(2, 4);
  return (
    SIMULATED_PROVINCE + twoDigits(regency) + twoDigits(district) + born + String(serial).padStart(4, '0')
  );
}

/** Draws NIKs of which no two are the same: most from the person's own district, the others from elsewhere. */
export function planNiks(random: RandomStream): (birth: Birth, districtCode: string) => string {
  const given = new Map<string, number>();
  return (birth, districtCode) => {
    const place = random.chance(SHARE_BORN_ELSEWHERE)
      ? {
          regency: random.between(HOME_REGENCY + 1, FIRST_TRAFFIC_REGENCY - 1),
          district: random.between(1, 20),
        }
      : { regency: HOME_REGENCY, district: Number(districtCode.slice(-2)) };
    const first = simulatedNik({ ...place, serial: 1 }, birth);
    const serial = (given.get(first) ?? 0) + 1;
    given.set(first, serial);
    return serial === 1 ? first : simulatedNik({ ...place, serial }, birth);
  };
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
