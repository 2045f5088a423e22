/**
 * `npm run bench -- NAME`: measurements, never part of the tests. Each prints its figures and the machine. The exit code
 * says whether the run was valid, never whether a goal was met.
 */
import { describeMachine } from './machine.ts';

const BENCHES = {
  fanout: () => import('./fanout/fanout.ts'),
  import: () => import('./import.ts'),
  intake: () => import('./intake/intake.ts'),
  road: () => import('./road.ts'),
};
type Name = keyof typeof BENCHES;

const name = process.argv[2];
if (!name || !(name in BENCHES)) {
  process.stderr.write(`npm run bench -- NAME   (${Object.keys(BENCHES).join(', ')})\n`);
  process.exit(1);
}
process.stdout.write(`${name} · ${describeMachine()}\n`);
const { bench } = await BENCHES[name as Name]();
await bench(process.argv.slice(3));
process.exit();
