/**
 * Makes `prisma/generated/` from `prisma/schema/`: the database client and the types of the GraphQL builder.
 *
 * Prisma's own command line asks its maker's server for a binary even to generate; its generators themselves need
 * none, so they are called here directly. The output is what `prisma generate` writes, byte for byte. It is made
 * beside and then put in place, so that a program which starts meanwhile finds the old or the new, never half.
 *
 *   node tools/generate.mjs [OUTPUT_FOLDER]
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const output = path.resolve(process.argv[2] ?? path.join(root, 'prisma/generated'));
// The ES module builds of these packages are broken.
const require = createRequire(import.meta.url);

mkdirSync(output, { recursive: true });
const work = mkdtempSync(path.join(output, '.making-'));
try {
  // The schema names its output by a path from its own folder: `../generated`.
  cpSync(path.join(root, 'prisma/schema'), path.join(work, 'schema'), { recursive: true });
  await generate(path.join(work, 'schema'));
  for (const name of readdirSync(path.join(work, 'generated'))) {
    const place = path.join(output, name);
    if (existsSync(place)) renameSync(place, path.join(work, `old-${name}`));
    renameSync(path.join(work, 'generated', name), place);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function generate(schemaFolder) {
  // Prisma reads them at load: nothing may go out to the network, nothing may be printed about it.
  process.env.PRISMA_HIDE_UPDATE_MESSAGE = '1';
  process.env.CHECKPOINT_DISABLE = '1';
  const { getGenerators, loadSchemaContext } = require('@prisma/internals');
  const { PrismaClientTsGenerator } = require('@prisma/client-generator-ts');
  const { version } = require('@prisma/client/package.json');
  const pothos = path.resolve(path.dirname(require.resolve('@pothos/plugin-prisma')), '../bin/generator.js');

  const generators = await getGenerators({
    schemaContext: await loadSchemaContext({
      schemaPath: { cliProvidedPath: schemaFolder },
      printLoadMessage: false,
      cwd: path.dirname(schemaFolder),
    }),
    registry: {
      'prisma-client': { type: 'in-process', generator: new PrismaClientTsGenerator() },
      'prisma-pothos-types': { type: 'rpc', isNode: true, generatorPath: pothos },
    },
    version,
    skipDownload: true,
    printDownloadProgress: false,
    cliCommand: 'node tools/generate.mjs',
  });
  try {
    for (const generator of generators) await generator.generate();
  } finally {
    for (const generator of generators) generator.stop();
  }
}
