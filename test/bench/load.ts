import { fork } from 'node:child_process';
import { readAreaTree } from '#server/domain/areas/read-area-tree.ts';
import { ROOT } from './servers.ts';

export interface LoadOrder {
  readonly port: number;
  readonly key: string;
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second that are offered, whether the server keeps up or not; null: as fast as answers come. */
  readonly rate: number | null;
  /** At random moments instead of evenly. */
  readonly isRandom?: boolean;
  readonly neighborhoods: readonly string[];
  readonly firstPerson: number;
}

export interface LoadTold {
  readonly sent: number;
  readonly accepted: number;
  /** Beginnings of answers that were not an acceptance. */
  readonly other: readonly string[];
  /** Milliseconds from when a request was due to its answer. */
  readonly delays: readonly number[];
  readonly ms: number;
}

export interface Load {
  send(
    order: Pick<LoadOrder, 'port' | 'key' | 'connections' | 'seconds' | 'rate' | 'isRandom'>,
  ): Promise<LoadTold>;
  stop(): void;
}

/** Beyond every number that demonstration, tests and the writer give out. */
const FIRST_PERSON = 70_000_000;
const NEIGHBORHOODS = readAreaTree()
  .filter((area) => area.level === 'NEIGHBORHOOD')
  .map((area) => area.code);

/** Starts the process that sends; whoever asks gets its measurements, and an error where an answer was no acceptance. */
export async function startLoad(): Promise<Load> {
  const child = fork('test/bench/load-program.ts', { cwd: ROOT, execArgv: ['--import', 'tsx/esm'] });
  const told = <T>() =>
    new Promise<T>((resolve, reject) => {
      child.once('message', (message: { answer?: T; error?: string }) =>
        message.error ? reject(new Error(message.error)) : resolve(message.answer as T),
      );
    });
  await told();
  let firstPerson = FIRST_PERSON;
  return {
    async send(order) {
      const answer = told<LoadTold>();
      child.send({ ...order, neighborhoods: NEIGHBORHOODS, firstPerson });
      const done = await answer;
      firstPerson += done.sent;
      if (done.other.length > 0)
        throw new Error(`${done.other.length} answers were no acceptance: ${done.other[0]}`);
      if (done.accepted !== done.sent) throw new Error(`${done.sent} sent, ${done.accepted} accepted`);
      return done;
    },
    stop: () => void child.disconnect(),
  };
}
