/** The texts of the pages that are read on a desk or a phone. */
export const pageTexts = {
  'page.title': { id: 'Empowering Kepling', en: 'Empowering Kepling' },
  'page.language': { id: 'Bahasa', en: 'Language' },
  'start.lead': {
    id: 'Pekerja yang terdaftar di BPJS Ketenagakerjaan, dihitung sekali, terlihat saat itu juga.',
    en: 'Workers enrolled with BPJS Ketenagakerjaan, counted once, shown at once.',
  },
  'start.waiting': { id: 'Menunggu angka dari server.', en: 'Waiting for the figures from the server.' },
  'start.of-target': { id: 'dari {target} pekerja {area}', en: 'of {target} workers in {area}' },
  'start.rate': { id: '{rate} tercapai, sisa {gap}', en: '{rate} reached, {gap} to go' },
  'start.where': { id: 'Ke mana', en: 'Where to go' },
  'start.board': { id: 'Layar besar', en: 'The big screen' },
  'start.board.about': {
    id: 'Jumlah pekerja terdaftar, kecamatan teratas, dan yang masih membayar. Untuk layar di lapangan.',
    en: 'Workers enrolled, the leading districts, and who still pays. For the screen outdoors.',
  },
  'missing.title': { id: 'Halaman ini tidak ada', en: 'There is no such page' },
  'missing.about': {
    id: 'Alamat {address} tidak dikenal. Periksa ejaannya, atau mulai dari halaman depan.',
    en: 'The address {address} is not known. Check its spelling, or start from the front page.',
  },
  'missing.start': { id: 'Ke halaman depan', en: 'To the front page' },
} as const;
