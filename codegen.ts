import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { CodegenConfig } from '@graphql-codegen/cli';

/**
 * Turns `client/wire/operations` into typed documents and manifests of trusted documents, in two sets: what everyone
 * may ask, held against the public schema, and under `staff/` what needs a session, held against the staff's.
 * A manifest (`persisted-documents.json`: sha256 in hex -> text) is what the server accepts by hash alone.
 * The preset also writes a lookup of every document by its text, and a barrel: both would put all operations into
 * every chunk, so they are taken away again.
 */
const folder = 'client/wire/generated/';
const operations = 'client/wire/operations';

const shared = {
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
} as const;

const config: CodegenConfig = {
  silent: true,
  generates: {
    [folder]: {
      ...shared,
      schema: 'server/graphql/schema.public.graphql',
      documents: [`${operations}/*.graphql`],
    },
    [`${folder}staff/`]: {
      ...shared,
      schema: 'server/graphql/schema.staff.graphql',
      documents: [`${operations}/staff/*.graphql`],
      // The text and its hash, without a tree that only Apollo's cache reads.
      config: { ...shared.config, documentMode: 'string' },
    },
  },
  hooks: {
    afterAllFileWrite: async () => {
      const extra = ['gql.ts', 'index.ts', 'staff/gql.ts', 'staff/index.ts'];
      await Promise.all(extra.map((name) => rm(`${folder}${name}`, { force: true })));
    },
  },
};

export default config;
