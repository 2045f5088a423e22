/** How long the fault tests of the server go on, and by which numbers; what both come from is `../seed.ts`. */
import { type RandomStream, randomStream } from '#server/commands/demo/random.ts';
import { faultsSeed, isLong } from '../seed.ts';

/** The figure for the form that is run. */
export const inForm = (short: number, long: number): number => (isLong ? long : short);

/** The numbers of one test file. Prints how to have them again. */
export function seeded(name: string): RandomStream {
  process.stdout.write(`faults: ${name}, FAULTS_SEED=${faultsSeed}${isLong ? ' FAULTS_LONG=1' : ''}\n`);
  return randomStream(`${name} ${faultsSeed}`);
}
