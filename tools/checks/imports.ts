/**
 * Who may import whom, by `.dependency-cruiser.mjs`. Fails too when a source file was not looked at, or hardly any
 * import was found: what finds nothing finds no fault either.
 */
import { cruiseImports } from '#test/architecture/cruise-imports.ts';
import { sourceFiles } from '#test/architecture/project-files.ts';
import { conclude } from './conclude.ts';

const IMPORTS_PER_FILE_MIN = 2;

const { modules, imports, violations } = cruiseImports(process.cwd());
const files = sourceFiles().filter(
  (file) =>
    /^(server|client|texts|test|tools)\/.*\.(ts|tsx|mjs)$/.test(file) &&
    !file.startsWith('test/bench/peers/'),
);
const unseen = files.filter((file) => !modules.has(file));
process.stdout.write(`  ${files.length - unseen.length} files and ${imports} imports looked at\n`);
conclude([
  ...violations.map(({ rule, from, to, comment }) => `${from} -> ${to} (${rule}): ${comment}`),
  ...unseen.map((file) => `${file}: was not looked at; is the path given in cruise-imports.ts?`),
  ...(files.length === 0 ? ['no source file was found'] : []),
  ...(imports < files.length * IMPORTS_PER_FILE_MIN
    ? [`only ${imports} imports were found in ${files.length} files`]
    : []),
]);
