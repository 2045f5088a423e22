import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import {
  __wbg_set_wasm,
  type ConstructorOptions,
  SchemaEngine,
} from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

const BPCHAR = 1042;
const INTERNAL_CHAR = 18;
const ENGINE = '@prisma/schema-engine-wasm/schema_engine_bg';

let loaded: Promise<void> | undefined;

/**
 * Prisma's own migration engine, as WebAssembly, on a database of ours: no command line, no download.
 * `settings`: a connection that owns the tables. The engine's connections are ended after `fn`. What
 * it throws has the database's words as message and the engine's as cause.
 */
export async function withSchemaEngine<T>(
  settings: pg.PoolConfig,
  fn: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  loaded ??= load();
  await loaded;
  const adapters = new ScriptKeepingAdapters(settings);
  // It insists on a schema even where none is needed; what a diff compares comes with the diff.
  const options: ConstructorOptions = {
    datamodels: [['base.prisma', 'datasource db {\n  provider = "postgresql"\n}\n']],
  };
  const engine = await SchemaEngine.new(options, () => {}, bindMigrationAwareSqlAdapterFactory(adapters));
  try {
    return await fn(engine);
  } catch (error) {
    // The engine's own error says where it was, and of the database's only that there was one.
    throw adapters.failure === undefined ? error : new Error(adapters.failure.message, { cause: error });
  } finally {
    engine.free();
    await adapters.close();
  }
}

/** What is used of it; its full types belong to the browser's library. */
interface WebAssemblyApi {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>;
}

async function load(): Promise<void> {
  // Where the engine leaves its last words; unset, they are lost in a TypeError.
  const surroundings = globalThis as { PRISMA_WASM_PANIC_REGISTRY?: { set_message(message: string): void } };
  surroundings.PRISMA_WASM_PANIC_REGISTRY ??= {
    set_message(message) {
      throw new Error(`Prisma's migration engine gave up: ${message}`);
    },
  };
  const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  const bytes = await readFile(
    path.join(path.dirname(createRequire(import.meta.url).resolve(ENGINE)), 'schema_engine_bg.wasm'),
  );
  const glue: Record<string, unknown> = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const imports = Object.fromEntries(
    Object.entries(glue).map(([name, made]) => [name, inBackground(name, made)]),
  );
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': imports });
  __wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
}

/** The engine leaves a ten-second timer behind, for which a command would wait before it ends. */
function inBackground(name: string, made: unknown): unknown {
  if (!name.startsWith('__wbg_setTimeout') || typeof made !== 'function') return made;
  return (...args: unknown[]) => {
    const timer: unknown = made(...args);
    if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as NodeJS.Timeout).unref();
    return timer;
  };
}

/**
 * Prisma's adapter cuts a script at every `;` and runs the pieces in no transaction: functions break, and a failure
 * leaves half a migration. Sent as one query, a script applies wholly or not at all.
 */
class ScriptKeepingAdapters extends PrismaPg {
  readonly #settings: pg.PoolConfig;
  readonly #pools: pg.Pool[] = [];
  /** Why the last script did not apply. */
  failure: Error | undefined;

  constructor(settings: pg.PoolConfig) {
    super(settings);
    this.#settings = settings;
  }

  override connect(): ReturnType<PrismaPg['connect']> {
    return this.#adapter(this.#pool({}));
  }

  /** A scratch database for comparing; dropped when the engine lets it go. */
  override async connectToShadowDb(): ReturnType<PrismaPg['connectToShadowDb']> {
    const name = `kepling_shadow_${process.pid}_${this.#pools.length}`;
    const admin = this.#pool({});
    await admin.query(`CREATE DATABASE ${name}`);
    const pool = this.#pool({ database: name });
    const adapter = await this.#adapter(pool);
    adapter.dispose = async () => {
      await pool.end();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    };
    return adapter;
  }

  async close(): Promise<void> {
    for (const pool of this.#pools.splice(0)) if (!pool.ended) await pool.end();
  }

  #pool(overrides: pg.PoolConfig): pg.Pool {
    const pool = new pg.Pool({ ...this.#settings, ...overrides, max: 2 });
    pool.on('error', () => {});
    this.#pools.push(pool);
    return pool;
  }

  async #adapter(pool: pg.Pool): ReturnType<PrismaPg['connect']> {
    const internalChars = new WeakMap<unknown[], number[]>();
    const adapter = await new PrismaPg(notingInternalChars(pool, internalChars)).connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query);
      for (const column of internalChars.get(result.rows) ?? [])
        result.columnTypes[column] = ColumnTypeEnum.Character;
      return result;
    };
    adapter.executeScript = async (script: string) => {
      try {
        await pool.query(script);
      } catch (error) {
        this.failure = error as Error;
        throw error;
      }
    };
    return adapter;
  }
}

/**
 * The catalogs hold PostgreSQL's one-byte "char", a type that Prisma's adapter refuses: it is shown another one, and
 * `noted` says by the rows of a result which of its columns they were.
 */
function notingInternalChars(pool: pg.Pool, noted: WeakMap<unknown[], number[]>): pg.Pool {
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<pg.QueryResult>;
  pool.query = (async (...args: unknown[]) => {
    const result = await query(...args);
    const columns =
      result.fields?.flatMap((field, i) => (field.dataTypeID === INTERNAL_CHAR ? [i] : [])) ?? [];
    if (columns.length > 0) noted.set(result.rows, columns);
    for (const field of result.fields ?? [])
      if (field.dataTypeID === INTERNAL_CHAR) field.dataTypeID = BPCHAR;
    return result;
  }) as typeof pool.query;
  return pool;
}
