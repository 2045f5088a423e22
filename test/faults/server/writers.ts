import { enrollInput, type Outcome, sendEnroll } from '#test/support/enroll.ts';
import type { Product } from '#test/support/product.ts';
import { until } from '#test/support/wait.ts';

const ANSWER_LIMIT_MS = 60_000;
const ASKED_AT_ONCE = 32;
/** How late the last answer at a rate may be. */
const LATE_MS = 5_000;
/** Requests under way at once; each takes a connection. */
const CONNECTIONS = 64;
/** In several districts, so that parts move as well as the whole. */
const PLACES = ['12.71.14.1001-001', '12.71.14.1002-002', '12.71.01.1001-001', '12.71.05.1001-003'];

/** Several desks that enroll without pause, each saying a thing again with the same key until it is answered. */
export interface Writers {
  /** By number of the person: what was answered first. */
  readonly acknowledged: ReadonlyMap<number, Outcome>;
  /** How often a try was not answered. */
  readonly failures: number;
  /** Ends when what is under way was answered. */
  stop(): Promise<void>;
}

const inputOf = (number: number) => enrollInput(number, PLACES[number % PLACES.length] as string);

/** `through`: the server to send the n-th try to. `first`: where the made-up people of these writers begin. */
export function startWriters(through: (attempt: number) => Product, count: number, first = 0): Writers {
  const acknowledged = new Map<number, Outcome>();
  let isOver = false;
  let failures = 0;
  let next = first;
  let attempts = 0;
  const write = async () => {
    while (!isOver) {
      const number = next++;
      const outcome = await until(
        'an answer to an enrollment',
        async () => {
          const product = through(attempts++);
          try {
            return await sendEnroll(product.ask, inputOf(number), product.key('bpjs'));
          } catch (error) {
            failures++;
            throw error;
          }
        },
        ANSWER_LIMIT_MS,
      );
      acknowledged.set(number, outcome);
    }
  };
  const writing = Promise.all(Array.from({ length: count }, write));
  // Told by `stop`; without a listener meanwhile it would end the whole run.
  writing.catch(() => undefined);
  return {
    acknowledged,
    get failures() {
      return failures;
    },
    async stop() {
      isOver = true;
      await writing;
    },
  };
}

/**
 * Enrolls so many people a second, from the `first` on; who is late makes up for it. Each is said once; gives what was
 * answered to those that were not acknowledged. Throws where the server does not keep up.
 */
export async function enrollAtRate(
  product: Product,
  { perSecond, lastsMs, first }: { perSecond: number; lastsMs: number; first: number },
): Promise<readonly string[]> {
  const startedAt = performance.now();
  const all = (lastsMs * perSecond) / 1_000;
  const refusals: string[] = [];
  let sent = 0;
  let underWay = 0;
  const sendOne = async (number: number) => {
    underWay += 1;
    try {
      const { __typename, message } = await sendEnroll(product.ask, inputOf(number), product.key('bpjs'));
      if (__typename !== 'EnrollPayload') refusals.push(`${number}: ${message}`);
    } catch (error) {
      refusals.push(`${number}: ${error}`);
    }
    underWay -= 1;
  };
  const sendDue = () => {
    const due = Math.min(all, ((performance.now() - startedAt) * perSecond) / 1_000);
    while (sent < due && underWay < CONNECTIONS) void sendOne(first + sent++);
    return sent >= all && underWay === 0;
  };
  await until('all to be answered', sendDue, lastsMs + LATE_MS);
  return refusals;
}

/** What was acknowledged and is no more, or is answered otherwise than at first, in words. */
export async function lostOf(product: Product, { acknowledged }: Writers): Promise<readonly string[]> {
  const lost: string[] = [];
  const key = product.key('bpjs');
  const left = acknowledged.entries();
  const askAgain = async () => {
    for (const [number, outcome] of left) {
      if (outcome.__typename !== 'EnrollPayload') lost.push(`${number} was answered ${outcome.__typename}`);
      const again = await sendEnroll(product.ask, inputOf(number), key);
      if (JSON.stringify(again) !== JSON.stringify(outcome))
        lost.push(`${number}: at first ${JSON.stringify(outcome)}, then ${JSON.stringify(again)}`);
    }
  };
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, askAgain));
  return lost;
}
