import { readFileSync } from 'node:fs';

/** Documents our own client was built with, by their SHA-256. Written by codegen, committed beside the client. */
const MANIFESTS = ['persisted-documents.json', 'staff/persisted-documents.json'].map(
  (name) => new URL(`../../client/wire/generated/${name}`, import.meta.url),
);

export type TrustedDocuments = ReadonlyMap<string, string>;

/** Whoever names one still asks within the schema of its own audience: a hash opens nothing. */
export function readTrustedDocuments(): TrustedDocuments {
  return new Map(
    MANIFESTS.flatMap((file) =>
      Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>),
    ),
  );
}
