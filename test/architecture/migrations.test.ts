import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SUPERUSER } from '#server/store/data-folder.ts';
import { migrationList } from '#server/store/migrate.ts';
import { withSchemaEngine } from '#server/store/schema-engine.ts';
import { createEmptyDatabase, type EmptyDatabase } from '#test/support/database.ts';

const schemaFolder = path.resolve(import.meta.dirname, '../../prisma/schema');

describe('migrations and schema', () => {
  let database: EmptyDatabase;
  beforeAll(async () => {
    database = await createEmptyDatabase();
  });
  afterAll(() => database.drop());

  const differenceFrom = (files: { path: string; content: string }[]) =>
    withSchemaEngine({ ...database.connections.settings('owner'), user: SUPERUSER }, (engine) =>
      engine.diff({
        from: { tag: 'migrations', ...migrationList() },
        to: { tag: 'schemaDatamodel', files },
        script: true,
        exitCode: null,
        shadowDatabaseUrl: null,
        filters: { externalTables: [], externalEnums: [] },
      } as Parameters<typeof engine.diff>[0]),
    );

  const schema = () =>
    readdirSync(schemaFolder).map((name) => ({
      path: path.join(schemaFolder, name),
      content: readFileSync(path.join(schemaFolder, name), 'utf8'),
    }));

  test('[HOU-1] the migrations make exactly the tables that the schema describes', async () => {
    expect((await differenceFrom(schema())).stdout?.trim()).toBe('-- This is an empty migration.');
  });

  test('[HOU-1] a column that only the schema has is noticed', async () => {
    const files = schema().map(({ path: file, content }) => ({
      path: file,
      content: content.replace('model Version {', 'model Version {\n  drift Int @default(0)'),
    }));
    expect((await differenceFrom(files)).stdout).toContain('ADD COLUMN     "drift"');
  });
});
