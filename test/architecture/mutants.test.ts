import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../..');
const LIST = path.join(ROOT, 'tools/mutants/list.mjs');

interface Mutant {
  readonly fault: string;
  readonly edits: readonly { readonly file: string; readonly from: string }[];
}

test('[HOU-18] every fault finds its text exactly once', async () => {
  const { MUTANTS } = (await import(LIST)) as { MUTANTS: readonly Mutant[] };
  expect(MUTANTS.length).toBeGreaterThanOrEqual(8);
  for (const { fault, edits } of MUTANTS)
    for (const { file, from } of edits) {
      const times = readFileSync(path.join(ROOT, file), 'utf8').split(from).length - 1;
      expect(times, `${fault}: ${file}`).toBe(1);
    }
});
