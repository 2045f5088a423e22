/** No file has grown too long, and every package that we name is named with its license too. Tells how long files are. */
import { readFileSync } from 'node:fs';
import { LINES_MAX, lengthsOf } from '#test/architecture/lengths.ts';
import { missingFrom, readPackages } from '#test/architecture/packages.ts';
import { root } from '#test/architecture/project-files.ts';
import { conclude } from './conclude.ts';

const LINES_TO_ASK_AT = 250;

const lengths = lengthsOf();
const median = lengths[Math.floor(lengths.length / 2)]?.lines ?? 0;
const long = lengths
  .filter(({ lines }) => lines > LINES_TO_ASK_AT)
  .map(({ file, lines }) => `${file} ${lines}`);
process.stdout.write(`  ${lengths.length} source files, ${median} lines in the median\n`);
if (long.length > 0)
  process.stdout.write(`  over ${LINES_TO_ASK_AT}, which two things are they? ${long.join(', ')}\n`);
conclude([
  ...lengths
    .filter(({ lines }) => lines > LINES_MAX)
    .map(({ file, lines }) => `${file}: ${lines} lines, more than ${LINES_MAX}: it is two things`),
  ...missingFrom(readFileSync('THIRD_PARTY.md', 'utf8'), readPackages(root)),
]);
