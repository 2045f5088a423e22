import { fork } from 'node:child_process';
import { ROOT } from './servers.ts';

export type WriterOrder =
  | { readonly kind: 'pace'; readonly rate: number; readonly count: number; readonly isRandom?: boolean }
  | { readonly kind: 'singles'; readonly rows: number }
  | { readonly kind: 'batches'; readonly rows: number; readonly size: number }
  | { readonly kind: 'posted'; readonly above: number }
  | { readonly kind: 'end' };

export interface Paced {
  /** Revision, and the wall clock in milliseconds at which its commit was acknowledged. */
  readonly committed: readonly (readonly [number, number])[];
  readonly refused: number;
}

export interface Rate {
  readonly rows: number;
  readonly ms: number;
}

export interface Writer {
  /** Program time = wall clock minus this, in milliseconds. */
  readonly clockOffsetMs: number;
  /** Enrolls `count` people at `rate` a second, evenly, or at random moments. */
  pace(rate: number, count: number, isRandom?: boolean): Promise<Paced>;
  singles(rows: number): Promise<Rate>;
  batches(rows: number, size: number): Promise<Rate>;
  /**
   * Whoever posted it: revisions above one, each with the wall clock in milliseconds under the lock. That is before the
   * rows were written and flushed, so a delay counted from it is never too short.
   */
  posted(above: number): Promise<readonly (readonly [number, number])[]>;
  stop(): Promise<void>;
}

/** Starts the writer on a folder that holds the demonstration, and with it, where none runs yet, PostgreSQL. */
export async function startWriter(dataDir: string): Promise<Writer> {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = fork('test/bench/writer-program.ts', {
    cwd: ROOT,
    execArgv: ['--import', 'tsx/esm'],
    env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), DATA_DIR: dataDir, PROGRAM_MODE: 'demo' },
  });
  const answer = <T>() =>
    new Promise<T>((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`the writer ended with ${code}`));
      child.once('exit', ended);
      child.once('message', (told: { answer?: T; error?: string }) => {
        child.off('exit', ended);
        if (told.error) reject(new Error(told.error));
        else resolve(told.answer as T);
      });
    });
  const order = <T>(what: WriterOrder): Promise<T> => {
    const told = answer<T>();
    child.send(what);
    return told;
  };
  const { clockOffsetMs } = await answer<{ clockOffsetMs: number }>();
  return {
    clockOffsetMs,
    pace: (rate, count, isRandom = false) => order({ kind: 'pace', rate, count, isRandom }),
    singles: (rows) => order({ kind: 'singles', rows }),
    batches: (rows, size) => order({ kind: 'batches', rows, size }),
    posted: (above) => order({ kind: 'posted', above }),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode !== null) return;
      child.send({ kind: 'end' });
      await ended;
    },
  };
}
