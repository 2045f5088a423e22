import { readFileSync } from 'node:fs';

/** Documents our own client was built with, by their SHA-256. Written by codegen, committed beside the client. */
const MANIFEST = new URL('../../client/wire/generated/persisted-documents.json', import.meta.url);

export type TrustedDocuments = ReadonlyMap<string, string>;

export function readTrustedDocuments(): TrustedDocuments {
  return new Map(Object.entries(JSON.parse(readFileSync(MANIFEST, 'utf8')) as Record<string, string>));
}
