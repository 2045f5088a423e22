import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { CodegenConfig } from '@graphql-codegen/cli';

/**
 * Turns `client/wire/operations/*.graphql` into typed documents and the manifest of trusted documents.
 * The manifest (`persisted-documents.json`: sha256 in hex -> text) is what the server accepts from an anonymous socket.
 * The preset also writes a lookup of every document by its text, and a barrel: both would put all operations into
 * every chunk, so they are taken away again.
 */
const folder = 'client/wire/generated/';

const config: CodegenConfig = {
  schema: 'server/graphql/schema.public.graphql',
  documents: ['client/wire/operations/*.graphql'],
  silent: true,
  generates: {
    [folder]: {
      preset: 'client',
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: {
          hashAlgorithm: (text: string) => createHash('sha256').update(text).digest('hex'),
        },
      },
      config: {
        importExtension: '.ts',
        useTypeImports: true,
        enumType: 'string-literal',
        scalars: { ID: 'string', Date: 'string', DateTime: 'string' },
        strictScalars: true,
      },
    },
  },
  hooks: {
    afterAllFileWrite: async () => {
      await Promise.all(['gql.ts', 'index.ts'].map((name) => rm(`${folder}${name}`, { force: true })));
    },
  },
};

export default config;
