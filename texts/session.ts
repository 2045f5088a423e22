/** What is said at the door. */
export const sessionTexts = {
  'session.incomplete': { id: 'Isi nama akun dan kata sandi.', en: 'Fill in account name and password.' },
  'session.wrong': {
    id: 'Nama akun atau kata sandi tidak cocok. Periksa keduanya.',
    en: 'Account name or password do not match. Check both.',
  },
  'session.tooMany': {
    id: 'Terlalu sering mencoba. Tunggu satu menit, lalu coba lagi.',
    en: 'Too many tries. Wait a minute, then try again.',
  },
  'session.busy': {
    id: 'Banyak yang masuk bersamaan. Coba lagi sebentar lagi.',
    en: 'Many people are signing in at once. Try again in a moment.',
  },
  'session.none': { id: 'Belum masuk. Silakan masuk dahulu.', en: 'Not signed in. Please sign in first.' },
} as const;
