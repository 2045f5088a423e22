/**
 * What a server asks its database, statement by statement, read off the line between them: PostgreSQL's own counts
 * come late and know a transaction only. It stands where the database's socket would, hands every byte on unchanged,
 * and reads those of the server's side.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

export interface Asked {
  /** By `performance.now()`. */
  readonly at: number;
  readonly statement: string;
}

export interface AskedOfPostgres {
  /** To reach the database through it. */
  readonly url: string;
  since(at: number): readonly Asked[];
  close(): Promise<void>;
}

const SOCKET = '.s.PGSQL.5432';

/** `to`: the URL of a database behind a socket folder. The caller closes it. */
export async function readAskedOfPostgres(to: string): Promise<AskedOfPostgres> {
  const url = new URL(to);
  const far = path.join(url.searchParams.get('host') as string, SOCKET);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kepling-asked-'));
  url.searchParams.set('host', folder);
  const asked: Asked[] = [];
  const ends = new Set<net.Socket>();

  const server = net.createServer((near) => {
    const behind = net.connect(far);
    const read = readStatements((statement) => asked.push({ at: performance.now(), statement }));
    near.on('data', read);
    near.pipe(behind).pipe(near);
    for (const [end, other] of [
      [near, behind],
      [behind, near],
    ] as const) {
      ends.add(end);
      end.on('error', () => undefined);
      end.on('close', () => {
        ends.delete(end);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(path.join(folder, SOCKET), resolve));
  return {
    url: url.href,
    since: (at) => asked.filter((each) => each.at >= at),
    async close() {
      for (const end of ends) end.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL's protocol 3, the client's half: a first message without a type, then type, length, body. */
function readStatements(tell: (statement: string) => void): (bytes: Buffer) => void {
  let left: Buffer = Buffer.alloc(0);
  let hasBegun = false;
  const prepared = new Map<string, string>();
  return (bytes) => {
    left = Buffer.concat([left, bytes]);
    for (;;) {
      const head = hasBegun ? 1 : 0;
      if (left.length < head + 4) return;
      const end = head + left.readInt32BE(head);
      if (left.length < end) return;
      const type = hasBegun ? String.fromCharCode(left[0] as number) : '';
      const [first = '', second = ''] = left.toString('utf8', head + 4, end).split('\0', 2);
      if (type === 'Q') tell(first);
      if (type === 'P') prepared.set(first, second);
      if (type === 'B') tell(prepared.get(second) ?? second);
      hasBegun = true;
      left = left.subarray(end);
    }
  };
}
