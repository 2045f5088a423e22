/** What is said about a file of people: why it cannot be read, and what is wrong with one of its rows. */
export const importTexts = {
  'import.problem.NOT_A_FILE': {
    id: 'Berkas tidak ditemukan atau bukan berkas biasa. Periksa nama dan foldernya.',
    en: 'There is no such file, or it is no plain file. Check its name and folder.',
  },
  'import.problem.EMPTY': {
    id: 'Berkas ini kosong. Pilih berkas yang berisi judul kolom dan baris data.',
    en: 'This file is empty. Choose one with headings and rows.',
  },
  'import.problem.NOT_TEXT': {
    id: 'Baris {line}: ada karakter NUL, jadi ini bukan berkas teks. Simpan ulang sebagai CSV.',
    en: 'Line {line}: there is a NUL character, so this is no text file. Save it again as CSV.',
  },
  'import.problem.EXCEL': {
    id: 'Ini buku kerja Excel, bukan CSV, meskipun namanya mungkin berakhiran .csv. Di Excel pilih Simpan Sebagai, CSV UTF-8.',
    en: 'This is an Excel workbook and no CSV, whatever its name ends in. In Excel choose Save As, CSV UTF-8.',
  },
  'import.problem.UTF16': {
    id: 'Berkas ini teks Unicode (UTF-16). Simpan ulang sebagai CSV UTF-8.',
    en: 'This file is Unicode text (UTF-16). Save it again as CSV UTF-8.',
  },
  'import.problem.LINE_TOO_LONG': {
    id: 'Baris {line} terlalu panjang untuk satu orang. Simpan ulang sebagai CSV, satu orang satu baris.',
    en: 'Line {line} is too long for one person. Save it again as CSV, one person a line.',
  },
  'import.problem.TOO_LARGE': {
    id: 'Berkas ini lebih besar dari {detail} MB. Bagi menjadi beberapa berkas, atau pakai npm run import di server.',
    en: 'This file is larger than {detail} MB. Split it, or use npm run import on the server.',
  },
  'import.problem.TOO_MANY_ROWS': {
    id: 'Berkas ini berisi lebih dari {detail} baris. Bagi menjadi beberapa berkas, atau pakai npm run import di server.',
    en: 'This file has more than {detail} rows. Split it, or use npm run import on the server.',
  },
  'import.problem.HEADINGS': {
    id: 'Baris {line}: judul kolom tidak lengkap. Yang belum ada: {detail}.',
    en: 'Line {line}: headings are missing: {detail}.',
  },
  'import.problem.HEADING_TWICE': {
    id: 'Baris {line}: judul kolom ini ada lebih dari sekali: {detail}. Hapus yang tidak dipakai.',
    en: 'Line {line}: these headings are there more than once: {detail}. Remove those not meant.',
  },
  'import.problem.NIK_ROUNDED': {
    id: 'Semua NIK berakhir dengan 0: Excel telah membulatkannya. Ambil lagi data aslinya, atur kolom NIK sebagai Teks, lalu simpan sebagai CSV.',
    en: 'Every NIK ends in 0: Excel has rounded them. Take the original data again, format the NIK column as Text, then save as CSV.',
  },
  'import.problem.NOT_PERMITTED': {
    id: 'Akun ini tidak berwenang memasukkan berkas. Mintalah kepada petugas BPJS Ketenagakerjaan.',
    en: 'This account may not bring in files. Ask the BPJS Ketenagakerjaan staff.',
  },
  'import.problem.NOT_OPEN': {
    id: 'Angka awal masih dimuat. Coba lagi sebentar lagi.',
    en: 'The opening figures are still being loaded. Try again in a moment.',
  },
  'import.problem.BUSY': {
    id: 'Beberapa berkas lain sedang dimasukkan. Kirim lagi sebentar lagi.',
    en: 'Other files are being taken in. Send it again in a moment.',
  },
  'import.problem.SEVERAL_FILES': {
    id: 'Ada lebih dari satu berkas di dalam kiriman ini; tidak satu pun dimasukkan. Kirim satu per satu.',
    en: 'There is more than one file in what was sent; none was taken in. Send them one by one.',
  },
  'import.problem.NO_FILE': {
    id: 'Tidak ada berkas di dalam kiriman ini. Kirim satu berkas CSV.',
    en: 'There is no file in this request. Send one CSV file.',
  },
  'import.row.COLUMNS': {
    id: 'Jumlah kolom baris ini tidak sama dengan judulnya. Periksa pemisah dan tanda kutip.',
    en: 'This row has not as many columns as there are headings. Check separators and quotes.',
  },
  'import.row.QUOTES': {
    id: 'Tanda kutip pada baris ini tidak ditutup dengan benar.',
    en: 'A quote in this row is not closed as it should be.',
  },
  'import.row.NIK_SPREADSHEET': {
    id: 'Excel mengubah NIK ini menjadi bilangan dan angka terakhirnya hilang. Atur kolom NIK sebagai Teks, ketik ulang NIK, lalu simpan sebagai CSV.',
    en: 'Excel has made a number of this NIK and its last digits are gone. Format the column as Text, enter the NIK again, then save as CSV.',
  },
  'import.row.MONTH': {
    id: 'Periode tidak mungkin. Tulis seperti 2025-10.',
    en: 'This month cannot be. Write it like 2025-10.',
  },
  'import.row.AMOUNT': {
    id: 'Jumlah harus bilangan bulat rupiah, misalnya 16800.',
    en: 'The amount is whole rupiah, for example 16800.',
  },
  'import.row.MONTH_COVERED': {
    id: 'Bulan ini sudah tercatat dibayar untuk orang ini. Tidak perlu dicatat lagi.',
    en: 'This month is recorded as paid for this person already. There is nothing to do.',
  },
  'import.row.NOT_ENROLLED': {
    id: 'NIK ini belum terdaftar. Daftarkan orangnya lebih dahulu.',
    en: 'Nobody of this NIK is enrolled. Enroll the person first.',
  },
  'import.failed': {
    id: 'Terhenti di tengah karena gangguan di pihak kami. Yang sudah masuk tetap terhitung; kirim lagi berkas yang sama untuk sisanya. Nomor kejadian {incident}.',
    en: 'It broke off because of a failure on our side. What is in stays counted; send the same file again for the rest. Incident {incident}.',
  },
  'import.unknown': {
    id: 'Kiriman ini tidak dikenal lagi. Kirim lagi berkasnya: siapa pun terhitung satu kali.',
    en: 'This import is not known any more. Send the file again: everyone counts once.',
  },
} as const;
