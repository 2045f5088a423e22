/** What is said when something is refused: what is wrong, and what to do. */
export const refusalTexts = {
  'refusal.InvalidNik': {
    id: 'NIK tidak sah. Periksa lagi pada KTP.',
    en: 'The NIK cannot be right. Check it on the card.',
  },
  'refusal.InvalidNik.NOT_DIGITS': {
    id: 'NIK hanya terdiri atas angka. Periksa lagi pada KTP.',
    en: 'A NIK has digits only. Check it on the card.',
  },
  'refusal.InvalidNik.LENGTH': {
    id: 'NIK terdiri atas 16 angka. Periksa lagi pada KTP.',
    en: 'A NIK has 16 digits. Check it on the card.',
  },
  'refusal.InvalidNik.DAY': {
    id: 'Angka tanggal lahir di dalam NIK tidak mungkin. Periksa lagi pada KTP.',
    en: 'The day of birth inside this NIK cannot be. Check it on the card.',
  },
  'refusal.InvalidNik.MONTH': {
    id: 'Angka bulan lahir di dalam NIK tidak mungkin. Periksa lagi pada KTP.',
    en: 'The month of birth inside this NIK cannot be. Check it on the card.',
  },
  'refusal.InvalidNik.SERIAL': {
    id: 'Empat angka terakhir NIK tidak mungkin 0000. Periksa lagi pada KTP.',
    en: 'The last four digits of a NIK cannot be 0000. Check it on the card.',
  },
  'refusal.InvalidNik.SIMULATED_NOT_ALLOWED': {
    id: 'NIK ini milik data simulasi dan tidak diterima di program yang sebenarnya.',
    en: 'This NIK belongs to simulated data and is not accepted in a live program.',
  },
  'refusal.InvalidInput': {
    id: 'Isian tidak sah. Periksa lagi.',
    en: 'The value cannot be right. Check it.',
  },
  'refusal.InvalidInput.EMPTY': { id: 'Isian ini wajib diisi.', en: 'This has to be filled in.' },
  'refusal.InvalidInput.TOO_LONG': {
    id: 'Isian ini terlalu panjang. Persingkat.',
    en: 'This is too long. Shorten it.',
  },
  'refusal.InvalidInput.DATE': {
    id: 'Tanggal tidak mungkin. Tulis seperti 2025-10-29.',
    en: 'This day cannot be. Write it like 2025-10-29.',
  },
  'refusal.InvalidInput.FUTURE': { id: 'Tanggal masih di masa depan.', en: 'This day is still to come.' },
  'refusal.InvalidInput.BEFORE_START': {
    id: 'Tanggal sebelum program dimulai.',
    en: 'This day is before the program began.',
  },
  'refusal.UnknownNeighborhood': {
    id: 'Lingkungan tidak ditemukan dalam wilayah Anda. Periksa kodenya, misalnya 12.71.14.1001-007.',
    en: 'No such neighborhood within your area. Check its code, for example 12.71.14.1001-007.',
  },
  'refusal.DuplicateEnrollment': {
    id: 'Orang ini sudah terdaftar dan dihitung satu kali. Tidak perlu didaftarkan lagi.',
    en: 'This person is enrolled already and counts once. There is nothing to do.',
  },
  'refusal.UnknownEnrollment': { id: 'Pendaftaran tidak ditemukan.', en: 'There is no such enrollment.' },
  'refusal.AlreadyWithdrawn': {
    id: 'Pendaftaran ini sudah dibatalkan sebelumnya.',
    en: 'This enrollment was withdrawn before.',
  },
  'refusal.NotPermitted': {
    id: 'Akun ini tidak berwenang untuk tindakan tersebut.',
    en: 'This account may not do this.',
  },
  'refusal.IdempotencyConflict': {
    id: 'Kunci ini sudah dipakai dengan isian lain. Pakai kunci baru untuk isian baru.',
    en: 'This key was used with another input. Use a new key for a new input.',
  },
  'refusal.ProgramNotOpen': {
    id: 'Angka awal masih dimuat. Coba lagi sebentar lagi.',
    en: 'The opening figures are still being loaded. Try again in a moment.',
  },
} as const;
