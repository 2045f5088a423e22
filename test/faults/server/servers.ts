import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort, type Product, startProduct } from '#test/support/product.ts';
import type { OwnPostgres } from './own-postgres.ts';

/** Servers of one program, each a process with a folder and a port of its own. */
export interface Servers {
  readonly all: readonly Product[];
  /** Starts the one at `index` again, on its folder and port, once it was killed. */
  again(index: number): Promise<Product>;
  end(): Promise<void>;
}

/**
 * Starts `count` servers on one PostgreSQL, one after another; all have the first one's keys and accounts. `more`: of
 * their environment.
 */
export async function startServers(
  postgres: Pick<OwnPostgres, 'url'>,
  count = 1,
  more: Readonly<Record<string, string>> = {},
): Promise<Servers> {
  const folders: string[] = [];
  const ports: number[] = [];
  const all: Product[] = [];
  const start = (index: number) => {
    const settings = {
      ...more,
      DATABASE_URL: postgres.url,
      SECRETS_FILE: path.join(folders[0] as string, 'secrets.json'),
    };
    return startProduct(folders[index] as string, { port: ports[index] as number, settings });
  };
  const end = async () => {
    await Promise.all(all.map((server) => server.kill()));
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    for (let index = 0; index < count; index++) {
      folders.push(mkdtempSync(path.join(os.tmpdir(), 'kepling-server-')));
      ports.push(await freePort());
      const accounts = 'demo-accounts.json';
      if (index > 0)
        copyFileSync(
          path.join(folders[0] as string, accounts),
          path.join(folders[index] as string, accounts),
        );
      all.push(await start(index));
    }
  } catch (error) {
    await end();
    throw error;
  }
  return {
    all,
    async again(index) {
      all[index] = await start(index);
      return all[index];
    },
    end,
  };
}
