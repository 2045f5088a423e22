import fc from 'fast-check';
import { expect, test } from 'vitest';
import { faultsSeed } from '../seed.ts';
import { inForm, seeded } from './form.ts';
import { commands, emptyModel } from './model-commands.ts';
import { openRealProgram, type RealProgram } from './real-program.ts';

const RUNS = inForm(50, 500);
const LIMIT_MS = inForm(180_000, 3_000_000);

seeded('model');

test('[FLT-5] whatever is enrolled, repeated, withdrawn, imported, cut off and restarted, answers and figures are those of a list of people', {
  timeout: LIMIT_MS,
}, async () => {
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 12, size: 'max' }), async (chosen) => {
      let real: RealProgram | undefined;
      try {
        real = await openRealProgram();
        const opened = real;
        await fc.asyncModelRun(() => ({ model: emptyModel(), real: opened }), chosen);
        ran += 1;
      } finally {
        await real?.close();
      }
    }),
    { numRuns: RUNS, seed: faultsSeed },
  );
  expect(ran).toBe(RUNS);
});
