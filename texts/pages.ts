/** The texts of the pages that are read on a desk or a phone. */
export const pageTexts = {
  'page.title': { id: 'Empowering Kepling', en: 'Empowering Kepling' },
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
    id: 'Untuk layar di lapangan, terbaca dari jauh. Adegan:',
    en: 'For the screen outdoors, read from afar. Scenes:',
  },
  'start.scene.totals': { id: 'jumlah', en: 'the count' },
  'start.scene.map': { id: 'peta', en: 'the map' },
  'start.scene.leaders': { id: 'teratas', en: 'the leaders' },
  'start.leadership': { id: 'Pimpinan kota', en: 'City leadership' },
  'start.leadership.about': {
    id: 'Tanya angka menurut wilayah dan waktu: bagan, tabel, dan berkas dengan angka yang sama.',
    en: 'Ask by area and time: chart, table and file with the same figures.',
  },
  'start.districts': { id: 'Kecamatan', en: 'Districts' },
  'start.districts.about': {
    id: 'Ke-21 kecamatan, masing-masing dengan kelurahan dan lingkungannya.',
    en: 'All districts, each with its villages and neighborhoods.',
  },
  'start.own': { id: 'Kecamatan, kelurahan, kepling', en: 'District, village, neighborhood' },
  'start.own.about': {
    id: 'Keadaan wilayah Anda saat ini, dan langkah berikutnya. Masuk dengan akun Anda.',
    en: 'Where your area stands now, and what to do next. Sign in with your account.',
  },
  'start.own.signed-in': {
    id: 'Keadaan wilayah Anda saat ini, dan langkah berikutnya.',
    en: 'Where your area stands now, and what to do next.',
  },
  'missing.title': { id: 'Halaman ini tidak ada', en: 'There is no such page' },
  'missing.about': {
    id: 'Alamat {address} tidak dikenal. Periksa ejaannya, atau mulai dari halaman depan.',
    en: 'The address {address} is not known. Check its spelling, or start from the front page.',
  },
  'missing.start': { id: 'Ke halaman depan', en: 'To the front page' },
} as const;
