/**
 * Enrollments from another process on the same database: the ledger is made for several writers, so the server under
 * measurement has only to notice and to tell. Takes orders over its channel.
 */
import { isRefusal } from '#server/base/refusal.ts';
import { openCommand } from '#server/commands/open-command.ts';
import { enroll, enrollBatch } from '#server/domain/enrollments/enroll.ts';
import type { EnrollInput } from '#server/domain/enrollments/rules.ts';
import { madeUpNik } from '#test/support/enroll.ts';
import { randomNumbers } from './figures.ts';
import type { Paced, Rate, WriterOrder } from './writer.ts';

/** Beyond every number that demonstration and tests give out. */
const FIRST_PERSON = 60_000_000;
const ARRIVALS_SEED = 7;

const room = await openCommand();
const { intake, system } = room;
const neighborhoods = intake.areas.all
  .filter((area) => area.level === 'NEIGHBORHOOD')
  .map((area) => area.code);
let next = FIRST_PERSON;

function person(): { key: string; input: EnrollInput } {
  const number = next++;
  return {
    key: `bench ${process.pid} ${number}`,
    input: {
      neighborhood: neighborhoods[number % neighborhoods.length] as string,
      nik: madeUpNik(number),
      name: 'Orang Buatan',
    },
  };
}

const wallMs = () => performance.timeOrigin + performance.now();
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Each at its own moment, whether the one before was answered or not. */
async function pace({ rate, count, isRandom }: Extract<WriterOrder, { kind: 'pace' }>): Promise<Paced> {
  const random = randomNumbers(ARRIVALS_SEED);
  const committed: [number, number][] = [];
  const pending: Promise<void>[] = [];
  let refused = 0;
  let due = wallMs();
  for (let sent = 0; sent < count; sent++) {
    due += isRandom ? (-Math.log(1 - random()) * 1_000) / rate : 1_000 / rate;
    const early = due - wallMs();
    if (early > 0) await wait(early);
    const { key, input } = person();
    pending.push(
      enroll(intake, system, key, input).then((answer) => {
        if (isRefusal(answer)) refused += 1;
        else committed.push([answer.revision, wallMs()]);
      }),
    );
  }
  await Promise.all(pending);
  return { committed, refused };
}

/** One after another, each waiting for its commit. */
async function singles(rows: number): Promise<Rate> {
  const startedAt = performance.now();
  for (let row = 0; row < rows; row++) {
    const { key, input } = person();
    const answer = await enroll(intake, system, key, input);
    if (isRefusal(answer)) throw new Error(`refused: ${answer.refusal}`);
  }
  return { rows, ms: performance.now() - startedAt };
}

async function batches(rows: number, size: number): Promise<Rate> {
  const startedAt = performance.now();
  for (let done = 0; done < rows; done += size) {
    const inputs = Array.from({ length: size }, () => person().input);
    const outcomes = await enrollBatch(intake, system, 'bench', inputs);
    const no = outcomes.find(({ answer }) => isRefusal(answer));
    if (no) throw new Error(`refused: ${(no.answer as { refusal: string }).refusal}`);
  }
  return { rows, ms: performance.now() - startedAt };
}

async function posted(above: number): Promise<readonly (readonly [number, number])[]> {
  const { rows } = await room.store
    .pool('reader')
    .query<{ revision: number; posted_at: Date }>(
      'SELECT revision, posted_at FROM postings WHERE program_id = $1 AND revision > $2 ORDER BY revision',
      [intake.program().id, above],
    );
  const { clockOffsetMs } = intake.program();
  return rows.map((row) => [row.revision, row.posted_at.getTime() + clockOffsetMs] as const);
}

async function obey(order: WriterOrder): Promise<unknown> {
  if (order.kind === 'pace') return await pace(order);
  if (order.kind === 'singles') return await singles(order.rows);
  if (order.kind === 'batches') return await batches(order.rows, order.size);
  if (order.kind === 'posted') return await posted(order.above);
  await room.close();
  process.exit(0);
}

process.on('message', (order: WriterOrder) => {
  obey(order).then(
    (answer) => process.send?.({ answer }),
    (error: Error) => process.send?.({ error: error.stack }),
  );
});
process.on('disconnect', () => process.exit(1));
process.send?.({ answer: { clockOffsetMs: intake.program().clockOffsetMs } });
