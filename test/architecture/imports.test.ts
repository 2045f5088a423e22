import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cruiseImports } from './cruise-imports.ts';
import { root } from './project-files.ts';

/** For each rule an import that it forbids: the file, and what it imports. */
const FAULTS: Readonly<Record<string, readonly [file: string, imported: string]>> = {
  'server-base': ['server/base/a.ts', '#server/store/a.ts'],
  'server-store': ['server/store/b.ts', '#server/ledger/a.ts'],
  'server-ledger': ['server/ledger/b.ts', '#server/domain/areas/a.ts'],
  'server-domain': ['server/domain/areas/b.ts', '#server/live/a.ts'],
  'server-live': ['server/live/b.ts', '#server/domain/areas/a.ts'],
  'server-graphql': ['server/graphql/b.ts', '#server/http/a.ts'],
  'server-http': ['server/http/b.ts', '#server/commands/a.ts'],
  'server-commands': ['server/commands/b.ts', '#server/graphql/a.ts'],
  'client-design': ['client/design/b.ts', '#client/wire/a.ts'],
  'client-wire': ['client/wire/b.ts', '#client/live/a.ts'],
  'client-live': ['client/live/b.ts', '#client/parts/a.ts'],
  'client-parts': ['client/parts/b.ts', '#client/screens/board/a.ts'],
  'client-screens': ['client/screens/board/b.ts', '#client/app.tsx'],
  'client-worker': ['client/worker/b.ts', '#client/wire/a.ts'],
  'domain-areas': ['server/domain/areas/c.ts', '#server/domain/program/a.ts'],
  'domain-program': ['server/domain/program/c.ts', '#server/domain/access/a.ts'],
  'domain-access': ['server/domain/access/c.ts', '#server/domain/enrollments/a.ts'],
  'domain-enrollments': ['server/domain/enrollments/c.ts', '#server/domain/contributions/a.ts'],
  'domain-contributions': ['server/domain/contributions/c.ts', '#server/domain/imports/a.ts'],
  'domain-imports': ['server/domain/imports/c.ts', '#server/domain/awards/a.ts'],
  'domain-awards': ['server/domain/awards/c.ts', '#server/domain/metrics/a.ts'],
  'domain-metrics': ['server/domain/metrics/c.ts', '#server/domain/ceremony/a.ts'],
  'domain-ceremony': ['server/domain/ceremony/c.ts', '#server/domain/screens/a.ts'],
  'domain-screens': ['server/domain/screens/c.ts', '#server/domain/payroll/a.ts'],
  'domain-unknown-capability': ['server/compose.ts', './domain/payroll/a.ts'],
  'server-never-client': ['server/http/d.ts', '#client/wire/a.ts'],
  'client-never-server': ['client/wire/d.ts', '#server/base/d.ts'],
  'texts-import-nothing': ['texts/a.ts', 'node:fs'],
  'graphql-opens-no-transaction': ['server/graphql/d.ts', '#server/store/transact.ts'],
  'live-never-writes': ['server/live/d.ts', '#server/ledger/write.ts'],
  'graphql-ws-in-socket-only': ['server/http/e.ts', 'graphql-ws'],
  'graphql-in-graphql-and-http-only': ['server/domain/metrics/d.ts', 'graphql'],
  'pothos-in-graphql-only': ['server/http/f.ts', '@pothos/core'],
  'postgres-through-the-store': ['server/domain/metrics/e.ts', 'pg'],
  'screen-never-screen': ['client/screens/start/a.ts', '#client/screens/board/a.ts'],
  'top-files-are-the-top': ['server/commands/c.ts', '#server/compose.ts'],
  'program-never-tests': ['server/base/b.ts', '#test/support/a.ts'],
  'no-development-packages': ['server/base/c.ts', 'fast-check'],
  'no-cycles': ['server/ledger/c.ts', './c.ts'],
  'all-resolves': ['server/base/e.ts', './nowhere.ts'],
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'kepling-imports-'));
  for (const file of ['package.json', 'tsconfig.json', 'tsconfig.client.json'])
    cpSync(path.join(root, file), path.join(folder, file));
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), text);
}

describe('the import rules', () => {
  it('[HOU-16] each catch the import that they forbid, with a sentence of advice', () => {
    for (const [, imported] of Object.values(FAULTS)) {
      const own = /^#(.+)$/.exec(imported)?.[1];
      if (own) write(own, 'export const a = 1;\n');
    }
    write('server/domain/payroll/a.ts', 'export const a = 1;\n');
    for (const [file, imported] of Object.values(FAULTS)) write(file, `import '${imported}';\n`);
    const { violations } = cruiseImports(folder);
    const caught = Object.entries(FAULTS).filter(([rule, [file]]) =>
      violations.some((found) => found.rule === rule && found.from === file && found.comment.endsWith('.')),
    );
    expect(caught.map(([rule]) => rule)).toEqual(Object.keys(FAULTS));
  });

  it('[HOU-16] are the ones proven here, and the project keeps them', () => {
    const { violations, ruleNames, modules } = cruiseImports(root);
    expect([...ruleNames].sort()).toEqual(Object.keys(FAULTS).sort());
    expect(modules.size).toBeGreaterThan(150);
    expect(violations).toEqual([]);
  });
});
