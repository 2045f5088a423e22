import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadPage, parseKeys, printKeys } from '#server/commands/keys/page.ts';

const keys = {
  nikHashKey: randomBytes(32),
  nikEncryptionKeys: new Map([
    [1, randomBytes(32)],
    [7, randomBytes(32)],
  ]),
  currentKeyId: 7,
};
const page = printKeys(keys, 'fingerprint', '2025-10-29T01:30:00.000Z');
const lines = page.split('\n');
const written = lines.flatMap((line, index) => (/^(CARI|SEGEL)/.test(line) ? [index] : []));

describe('a page of keys', () => {
  test('[OPS-9] comes back as the keys it was printed from, also as a person types it', () => {
    expect(parseKeys(page)).toEqual(keys);
    const typed = page.toLowerCase().replaceAll(' 0', '  o').replaceAll('\n', '\r\n');
    expect(parseKeys(typed)).toEqual(keys);
  });

  test('[OPS-9] with one wrong character, or two that changed places, is refused by its line, which is not quoted', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...written),
        fc.nat(15),
        fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'),
        (index, place, letter) => {
          const words = (lines[index] as string).split(' ');
          const text = words.slice(2, -1).join('');
          const at = place % text.length;
          fc.pre(text[at] !== letter);
          const wrong = text.slice(0, at) + letter + text.slice(at + 1);
          const changed = lines.with(index, [words[0], words[1], wrong, words.at(-1)].join(' ')).join('\n');
          const refusal = refusalOf(changed);
          // Two check characters miss one slip in 1,024; the sum at the end finds it then.
          expect(refusal).toMatch(new RegExp(`line ${index + 1}:|the sum at the end`));
          expect(refusal).not.toContain(text.slice(0, 8));
        },
      ),
    );
  });

  test('[OPS-9] that is not whole is refused', () => {
    for (const index of written) expect(refusalOf(lines.toSpliced(index, 1).join('\n'))).toBeTruthy();
    for (const name of ['DIPAKAI', 'JUMLAH'])
      expect(refusalOf(lines.filter((line) => !line.startsWith(name)).join('\n'))).toContain('not whole');
    expect(refusalOf('')).toContain('not whole');
    const foreign = printKeys({ ...keys, nikHashKey: randomBytes(32) }, '', '').split('\n');
    const mixed = lines.map((line, index) => (line.startsWith('CARI') ? (foreign[index] as string) : line));
    expect(refusalOf(mixed.join('\n'))).toContain('sum');
  });
});

function refusalOf(text: string): string {
  try {
    parseKeys(text);
  } catch (error) {
    expect(error).toBeInstanceOf(BadPage);
    return (error as Error).message;
  }
  throw new Error('the page was taken');
}
