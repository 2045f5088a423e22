/**
 * PostgreSQL's COPY over a connection of `pg`: the quickest way for whole tables, in either direction, in its text
 * form of one line a row. Uses what `pg` offers to queries of one's own (an object with `submit`), as pg-copy-streams
 * does. While a copy runs the connection can do nothing else.
 */
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type pg from 'pg';

interface WireConnection {
  readonly stream: Writable & { pause(): void; resume(): void };
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** Bytes handed on at once, about. */
const BATCH_BYTES = 256 * 1024;

/** Hands on what `COPY ... TO STDOUT` sends, in batches of whole rows, each awaited. Returns how many rows there were. */
export function copyOut(
  client: pg.ClientBase,
  statement: string,
  take: (batch: Buffer, rows: number) => Promise<void>,
): Promise<number> {
  let rows: Buffer[] = [];
  let size = 0;
  let waiting = 0;
  let taken: Promise<void> = Promise.resolve();
  let failure: unknown;

  let paused: WireConnection['stream'] | undefined;
  const handOn = () => {
    const batch = Buffer.concat(rows);
    const count = rows.length;
    rows = [];
    size = 0;
    waiting += 1;
    paused?.pause();
    taken = taken
      .then(() => (failure === undefined ? take(batch, count) : undefined))
      .catch((error: unknown) => {
        failure = error;
      })
      .then(() => {
        waiting -= 1;
        if (waiting === 0) paused?.resume();
      });
  };
  const handlers: Handlers = {
    handleCopyData({ chunk }, { stream }) {
      // One message is one row, in the driver's own buffer, which it fills again.
      rows.push(Buffer.from(chunk));
      size += chunk.length;
      paused = stream;
      if (size >= BATCH_BYTES) handOn();
    },
  };
  return run(client, statement, handlers, async () => {
    if (rows.length > 0) handOn();
    await taken;
    if (failure !== undefined) throw failure;
  });
}

/** Sends `chunks` to `COPY ... FROM STDIN`. Returns how many rows came in; what `chunks` throws ends the copy and is thrown on. */
export function copyIn(
  client: pg.ClientBase,
  statement: string,
  chunks: AsyncIterable<Buffer>,
): Promise<number> {
  let failure: unknown;
  return run(
    client,
    statement,
    {
      async handleCopyInResponse(connection) {
        try {
          for await (const chunk of chunks) {
            connection.sendCopyFromChunk(chunk);
            if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain');
          }
          connection.endCopyFrom();
        } catch (error) {
          failure = error;
          connection.sendCopyFail('the source failed');
        }
      },
    },
    async () => {
      if (failure !== undefined) throw failure;
    },
  );
}

interface Handlers {
  handleCopyData?(message: { chunk: Buffer }, connection: WireConnection): void;
  handleCopyInResponse?(connection: WireConnection): void;
}

function run(
  client: pg.ClientBase,
  statement: string,
  handlers: Handlers,
  settle: () => Promise<void>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let rows = 0;
    const query = {
      submit: (connection: WireConnection) => connection.query(statement),
      handleCopyData() {},
      handleCopyInResponse: (connection: WireConnection) => connection.sendCopyFail('no rows are given'),
      handleCommandComplete: ({ text }: { text: string }) => {
        rows = Number(/^COPY (\d+)$/.exec(text)?.[1] ?? 0);
      },
      handleReadyForQuery: () => void settle().then(() => resolve(rows), reject),
      handleError: (error: Error) => void settle().then(() => reject(error), reject),
      ...handlers,
    };
    client.query(query as unknown as pg.Submittable);
  });
}
