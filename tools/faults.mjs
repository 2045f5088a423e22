/**
 * `npm run test:faults`: the faults alone, in their short form, as `npm test` has them. With `-- --long` the full
 * table, which takes its time. The seed is printed; `FAULTS_SEED=n` repeats a run. Other arguments go to vitest:
 * `npm run test:faults -- --long test/faults/link.test.ts`.
 */
const given = process.argv.slice(2);
const files = given.filter((argument) => argument !== '--long');
process.env.FAULTS_SEED ??= String(Math.floor(Math.random() * 2 ** 31));
if (given.includes('--long')) process.env.FAULTS_LONG = '1';
console.log(`FAULTS_SEED=${process.env.FAULTS_SEED}`);
process.argv.splice(
  2,
  given.length,
  ...(files.some((file) => !file.startsWith('-')) ? files : ['test/faults', ...files]),
);
await import('./test.mjs');
