/** `npm run bench -- NAME`: measurements, never part of the tests. Each prints its figures and the machine. */
import os from 'node:os';

const BENCHES = { import: () => import('./import.ts'), road: () => import('./road.ts') };
type Name = keyof typeof BENCHES;

const name = process.argv[2];
if (!name || !(name in BENCHES)) {
  process.stderr.write(`npm run bench -- NAME   (${Object.keys(BENCHES).join(', ')})\n`);
  process.exit(1);
}
const cpu = os.cpus();
process.stdout.write(
  `${name} · ${cpu.length} x ${cpu[0]?.model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.version}\n`,
);
const { bench } = await BENCHES[name as Name]();
await bench(process.argv.slice(3));
