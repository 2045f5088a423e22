/**
 * Keys on paper: what has to outlive every disk, as a page that a person can print, lock away and type in again.
 *
 * Each key is written in Crockford's base 32, which has no letters that look alike, in groups of four. Every line ends
 * with two characters that check it, so that a slip is found in its own line, and the page ends with a sum of all.
 * The session secret is not on it: a new one only asks people to sign in again.
 */
import { createHash } from 'node:crypto';

export interface PrintedKeys {
  readonly nikHashKey: Buffer;
  readonly nikEncryptionKeys: ReadonlyMap<number, Buffer>;
  readonly currentKeyId: number;
}

/** The page cannot be read; the message names the line, and never what stands in it. */
export class BadPage extends Error {
  override readonly name = 'BadPage';
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const KEY_BYTES = 32;
const GROUP = 4;
const GROUPS_PER_LINE = 4;
const CHARACTERS_PER_LINE = GROUP * GROUPS_PER_LINE;
const CHECK_CHARACTERS = 2;
const SUM_CHARACTERS = 8;
const FIND = 'CARI-FIND';
const SEAL = 'SEGEL-SEAL-';
const CURRENT = 'DIPAKAI-CURRENT';
const SUM = 'JUMLAH-SUM';

/** The page for these keys. `fingerprint` and `at` (ISO) are for people, to tell pages apart. */
export function printKeys(keys: PrintedKeys, fingerprint: string, at: string): string {
  const named = [
    [FIND, keys.nikHashKey] as const,
    ...[...keys.nikEncryptionKeys].map(([id, key]) => [`${SEAL}${id}`, key] as const),
  ];
  return [
    'EMPOWERING KEPLING · KUNCI · KEYS',
    '',
    'Tanpa kunci ini tidak satu NIK pun dapat dibaca dan pendaftaran ganda tidak dikenali lagi, juga dari cadangan.',
    'Cetak, simpan di brankas, terpisah dari cadangan; jangan difoto, jangan dikirim. Hapus berkasnya setelah dicetak.',
    'Without these keys no NIK can be read and no duplicate is recognized any more, not from a backup either.',
    'Print this, keep it in a safe, apart from the backups; no photographs, no mail. Remove the file once it is printed.',
    '',
    'Mengembalikan · to bring them back: npm run keys -- import FILE',
    `Sidik jari · fingerprint: ${fingerprint}   ${at}`,
    '',
    ...named.flatMap(([name, key]) => [...linesOf(name, key), '']),
    `${CURRENT} ${keys.currentKeyId}`,
    `${SUM} ${groups(sumOf(named, keys.currentKeyId))}`,
    '',
  ].join('\n');
}

/** Reads a page as it was printed or typed: small letters, O for 0, I and L for 1 are understood. Throws BadPage. */
export function parseKeys(page: string): PrintedKeys {
  const parts = new Map<string, string[]>();
  let currentKeyId: number | undefined;
  let sum: string | undefined;
  for (const [index, raw] of page.split(/\r?\n/).entries()) {
    const [name = '', ...rest] = raw.trim().toUpperCase().split(/\s+/);
    const at = `baris · line ${index + 1}`;
    if (name === CURRENT) currentKeyId = Number(rest[0]);
    else if (name === SUM) sum = readable(rest.join(''));
    else if (name === FIND || /^SEGEL-SEAL-[1-9]\d{0,4}$/.test(name)) {
      const lines = parts.get(name) ?? [];
      lines.push(checkedLine(name, lines.length + 1, rest, at));
      parts.set(name, lines);
    }
  }
  const named = [...parts].map(([name, lines]) => [name, decode(name, lines.join(''))] as const);
  const nikHashKey = named.find(([name]) => name === FIND)?.[1];
  const nikEncryptionKeys = new Map(
    named.filter(([name]) => name !== FIND).map(([name, key]) => [Number(name.slice(SEAL.length)), key]),
  );
  if (!nikHashKey || currentKeyId === undefined || !nikEncryptionKeys.has(currentKeyId) || sum === undefined)
    throw new BadPage('halaman tidak lengkap · the page is not whole: each line of it is needed');
  if (sum !== sumOf(named, currentKeyId))
    throw new BadPage(
      'jumlah tidak cocok · the sum at the end does not match: lines of two pages, or one missing',
    );
  return { nikHashKey, nikEncryptionKeys, currentKeyId };
}

function linesOf(name: string, key: Buffer): string[] {
  const text = encode(key);
  const lines: string[] = [];
  for (let from = 0; from < text.length; from += CHARACTERS_PER_LINE) {
    const part = text.slice(from, from + CHARACTERS_PER_LINE);
    const number = lines.length + 1;
    lines.push(`${name} ${number} ${groups(part)} ${checkOf(name, number, part)}`);
  }
  return lines;
}

function checkedLine(name: string, expected: number, rest: readonly string[], at: string): string {
  const [number, ...written] = rest;
  const text = readable(written.join(''));
  const part = text.slice(0, -CHECK_CHARACTERS);
  if (Number(number) !== expected)
    throw new BadPage(`${at}: nomor ${expected} yang ditunggu · number ${expected} is missing before it`);
  if (text.slice(-CHECK_CHARACTERS) !== checkOf(name, expected, part))
    throw new BadPage(`${at}: ada salah ketik · something in it was typed wrongly`);
  return part;
}

function encode(bytes: Buffer): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => ALPHABET[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
}

function decode(name: string, text: string): Buffer {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)));
  if (bytes.length !== KEY_BYTES)
    throw new BadPage(`${name}: ada baris yang kurang · a line of it is missing`);
  return bytes;
}

function readable(text: string): string {
  return text.replaceAll('O', '0').replace(/[IL]/g, '1');
}

function groups(text: string): string {
  return (text.match(/.{1,4}/g) ?? []).join(' ');
}

function checkOf(name: string, number: number, part: string): string {
  return digest(`${name} ${number} ${part}`).slice(0, CHECK_CHARACTERS);
}

function sumOf(named: readonly (readonly [string, Buffer])[], currentKeyId: number): string {
  const text = named.map(([name, key]) => `${name} ${encode(key)}`).join('\n');
  return digest(`${text}\n${currentKeyId}`).slice(0, SUM_CHARACTERS);
}

function digest(text: string): string {
  return encode(createHash('sha256').update(text).digest());
}
