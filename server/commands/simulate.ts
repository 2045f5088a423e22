/**
 * Rehearsal traffic: so many enrollments a second for so many seconds, by a writer of its own beside the running
 * server. For made-up people only: it refuses a live program.
 */
import { parseArgs } from 'node:util';
import { jakartaDay } from '#server/base/day.ts';
import { isRefusal } from '#server/base/refusal.ts';
import { enroll } from '#server/domain/enrollments/enroll.ts';
import { trafficPerson } from './demo/traffic.ts';
import { type CommandRoom, openCommand, runCommand, WrongUse } from './open-command.ts';

const USAGE = 'npm run simulate -- --rate N --seconds S   (N: enrollments a second, 1 to 2000; S: 1 to 3600)';
const TICK_MS = 20;
const RATE_MAX = 2_000;
const SECONDS_MAX = 3_600;

interface Count {
  sent: number;
  accepted: number;
  refused: number;
  failed: number;
  delays: number[];
}

async function simulate(): Promise<void> {
  const { rate, seconds } = readArguments();
  const room = await openCommand();
  try {
    const { mode, isOpen } = room.intake.program();
    if (mode === 'LIVE') {
      throw new WrongUse(
        'program sebenarnya · this is a live program: simulated people are never let into it',
      );
    }
    if (!isOpen)
      throw new WrongUse('masih dimuat · the opening figures are still being loaded: try again in a moment');
    const count = await offer(room, rate, seconds);
    const sorted = count.delays.sort((a, b) => a - b);
    const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1);
    process.stdout.write(
      `${count.sent} sent: ${count.accepted} accepted, ${count.refused} refused, ${count.failed} failed; answer p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms\n`,
    );
  } finally {
    await room.close();
  }
}

/** Offers people at an even pace, whether earlier ones were answered or not; waits for all answers at the end. */
async function offer(room: CommandRoom, rate: number, seconds: number): Promise<Count> {
  const { intake, system, store } = room;
  const count: Count = { sent: 0, accepted: 0, refused: 0, failed: 0, delays: [] };
  const gaps = await readGaps(room);
  const first = await readFirstIndex(room);
  const run = `simulate ${Date.now()}`;
  const pending = new Set<Promise<void>>();
  const startedAt = performance.now();

  const send = async (index: number) => {
    const person = trafficPerson({ index, gaps, enrolledOn: jakartaDay(intake.now()), stream: 'rehearsal' });
    if (!person) return;
    gaps.set(person.neighborhood, (gaps.get(person.neighborhood) ?? 0) - 1);
    const sentAt = performance.now();
    count.sent += 1;
    try {
      const answer = await enroll(intake, system, `${run} ${index}`, person);
      if (isRefusal(answer)) count.refused += 1;
      else count.accepted += 1;
    } catch {
      count.failed += 1;
    }
    count.delays.push(performance.now() - sentAt);
  };

  await new Promise<void>((resolve) => {
    let shownAt = 0;
    const timer = setInterval(() => {
      const elapsed = (performance.now() - startedAt) / 1_000;
      const due = Math.min(Math.floor(elapsed * rate), rate * seconds);
      while (count.sent < due) {
        const before = count.sent;
        const done: Promise<void> = send(first + before).finally(() => pending.delete(done));
        pending.add(done);
        if (count.sent === before) break;
      }
      if (Math.floor(elapsed) > shownAt) {
        shownAt = Math.floor(elapsed);
        process.stdout.write(
          `  ${shownAt}/${seconds} s: ${count.accepted} accepted, ${pending.size} waiting\n`,
        );
      }
      if (elapsed < seconds) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
  await Promise.all(pending);
  store.doorbell.ring();
  return count;
}

async function readGaps({ store, intake }: CommandRoom): Promise<Map<string, number>> {
  const { rows } = await store
    .pool('reader')
    .query<{ id: number; gap: number }>(
      'SELECT neighborhood_id AS id, target - enrolled AS gap FROM neighborhood_sums WHERE program_id = $1',
      [intake.program().id],
    );
  return new Map(rows.map((row) => [intake.areas.byId(row.id)?.code ?? '', row.gap]));
}

/** People of this stream are numbered; those sent before are not sent again. */
async function readFirstIndex({ store, intake }: CommandRoom): Promise<number> {
  const { rows } = await store
    .pool('reader')
    .query<{ sent: number }>(
      `SELECT count(*)::int AS sent FROM idempotency_keys WHERE program_id = $1 AND key LIKE 'simulate %'`,
      [intake.program().id],
    );
  return rows[0]?.sent ?? 0;
}

function readArguments(): { rate: number; seconds: number } {
  const options = { rate: { type: 'string' }, seconds: { type: 'string' } } as const;
  let values: { rate?: string; seconds?: string };
  try {
    values = parseArgs({ options }).values;
  } catch (error) {
    throw new WrongUse(`${(error as Error).message}\n${USAGE}`);
  }
  const rate = Number(values.rate);
  const seconds = Number(values.seconds);
  const isRight = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most;
  if (!isRight(rate, RATE_MAX) || !isRight(seconds, SECONDS_MAX)) throw new WrongUse(USAGE);
  return { rate, seconds };
}

runCommand(simulate);
