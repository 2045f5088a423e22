/**
 * Makes `prisma/generated/` from `prisma/schema/`: the database client and the types of the GraphQL builder.
 *
 * Prisma's own command line asks its maker's server for a binary even to generate; its generators themselves need
 * none, so they are called here directly. The output is what `prisma generate` writes, byte for byte.
 *
 *   node tools/generate.mjs [SCHEMA_FOLDER]
 */
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
// The ES module builds of these packages are broken.
const require = createRequire(import.meta.url);

/** Generates into the folders that the schema names (`../generated`). Throws with Prisma's text on a bad schema. */
export async function generate(schemaFolder = path.join(root, 'prisma/schema')) {
  // Prisma reads them at load: nothing may go out to the network, nothing may be printed about it.
  process.env.PRISMA_HIDE_UPDATE_MESSAGE = '1';
  process.env.CHECKPOINT_DISABLE = '1';
  const { getGenerators, loadSchemaContext } = require('@prisma/internals');
  const { PrismaClientTsGenerator } = require('@prisma/client-generator-ts');
  const { version } = require('@prisma/client/package.json');

  const schemaContext = await loadSchemaContext({
    schemaPath: { cliProvidedPath: schemaFolder },
    printLoadMessage: false,
    cwd: path.dirname(schemaFolder),
  });
  const generators = await getGenerators({
    schemaContext,
    registry: {
      'prisma-client': { type: 'in-process', generator: new PrismaClientTsGenerator() },
      'prisma-pothos-types': {
        type: 'rpc',
        isNode: true,
        generatorPath: path.resolve(
          path.dirname(require.resolve('@pothos/plugin-prisma')),
          '../bin/generator.js',
        ),
      },
    },
    version,
    skipDownload: true,
    printDownloadProgress: false,
    cliCommand: 'node tools/generate.mjs',
  });
  try {
    rmSync(path.join(path.dirname(schemaFolder), 'generated'), { recursive: true, force: true });
    for (const generator of generators) await generator.generate();
  } finally {
    for (const generator of generators) generator.stop();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = process.argv[2];
  await generate(folder === undefined ? undefined : path.resolve(folder));
}
