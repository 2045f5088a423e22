/**
 * How long the fault tests go on, and by which numbers. `npm test` runs the short form; `npm run test:faults -- --long`
 * sets FAULTS_LONG. What is left to chance comes from one seed, which each file prints; FAULTS_SEED says it again.
 */
import { randomInt } from 'node:crypto';
import { type RandomStream, randomStream } from '#server/commands/demo/random.ts';

export const isLong = process.env.FAULTS_LONG === '1';

/** The figure for the form that is run. */
export const inForm = (short: number, long: number): number => (isLong ? long : short);

/** The seed of this run: a whole number, given or drawn. */
export const seed = Number(process.env.FAULTS_SEED ?? randomInt(1_000_000_000));

/** The numbers of one test file. Prints how to have them again. */
export function seeded(name: string): RandomStream {
  process.stdout.write(`faults: ${name}, FAULTS_SEED=${seed}${isLong ? ' FAULTS_LONG=1' : ''}\n`);
  return randomStream(`${name} ${seed}`);
}
