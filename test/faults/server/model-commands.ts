/**
 * What may happen to the program, as one would explain it, beside what the real one does. The model is a list of people
 * and the answers given by key; each command does the same to both and compares what it was told.
 */
import fc from 'fast-check';
import { isRefusal, type Refusal } from '#server/base/refusal.ts';
import { type Counted, enroll } from '#server/domain/enrollments/enroll.ts';
import { withdraw } from '#server/domain/enrollments/withdraw.ts';
import { csvOf, importRow, takeIn } from '#test/support/import-files.ts';
import { BPJS, NEIGHBORHOODS, person } from '#test/support/small-program.ts';
import type { RealProgram } from './real-program.ts';

export interface Model {
  /** By number of the person: where he or she counts. */
  readonly counted: Map<number, string>;
  /** Every enrollment that was told, and whether it still counts. */
  readonly told: { readonly who: number; readonly enrollmentId: string; isActive: boolean }[];
  /** Every keyed command so far, and its first answer. */
  readonly said: {
    readonly key: string;
    readonly who: number;
    readonly place: string;
    readonly answer: string;
  }[];
}

export const emptyModel = (): Model => ({ counted: new Map(), told: [], said: [] });

type Command = fc.AsyncCommand<Model, RealProgram>;

const inWords = (answer: Counted | Refusal): string =>
  isRefusal(answer) ? answer.refusal : `${answer.enrollmentId} ${answer.revision}`;

function same(found: unknown, expected: unknown, what: string): void {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what}: ${left}, expected ${right}`);
}

/** Whoever is not counted comes to be, under a new key; whoever is, is told so. */
async function enrollOne(model: Model, real: RealProgram, who: number, place: string): Promise<void> {
  const key = `key ${model.said.length}`;
  const answer = await real.untilAnswered(() =>
    enroll(real.intake, BPJS, key, person(who, { neighborhood: place })),
  );
  const isNew = !model.counted.has(who);
  same(
    isRefusal(answer) ? answer.refusal : 'counted',
    isNew ? 'counted' : 'DuplicateEnrollment',
    `enroll ${who}`,
  );
  model.said.push({ key, who, place, answer: inWords(answer) });
  if (isRefusal(answer)) return;
  model.counted.set(who, place);
  model.told.push({ who, enrollmentId: answer.enrollmentId, isActive: true });
}

function command(name: string, check: (model: Model) => boolean, run: Command['run']): Command {
  return { check, run, toString: () => name };
}
const always = () => true;

const who = fc.nat(9);
const place = fc.constantFrom(...NEIGHBORHOODS);

export const commands: fc.Arbitrary<Command>[] = [
  fc.tuple(who, place).map(([who, place]) =>
    command(`enroll ${who}`, always, async (model, real) => {
      await enrollOne(model, real, who, place);
      await real.compare(model);
    }),
  ),
  fc.tuple(who, place, fc.constantFrom('before', 'after')).map(([who, place, when]) =>
    command(`enroll ${who}, the line cut ${when} the commit`, always, async (model, real) => {
      real.breakAtCommit(when === 'before' ? 'before' : 'after');
      await enrollOne(model, real, who, place);
      await real.compare(model);
    }),
  ),
  fc.nat().map((which) =>
    command(
      `repeat ${which}`,
      (model) => model.said.length > 0,
      async (model, real) => {
        const said = model.said[which % model.said.length] as Model['said'][number];
        const input = person(said.who, { neighborhood: said.place });
        same(inWords(await enroll(real.intake, BPJS, said.key, input)), said.answer, `repeat ${said.key}`);
        const other = await enroll(real.intake, BPJS, said.key, { ...input, name: 'Orang Lain' });
        same(inWords(other), 'IdempotencyConflict', `another input under ${said.key}`);
        await real.compare(model);
      },
    ),
  ),
  fc.nat().map((which) =>
    command(
      `withdraw ${which}`,
      (model) => model.told.length > 0,
      async (model, real) => {
        const told = model.told[which % model.told.length] as Model['told'][number];
        const input = { enrollmentId: told.enrollmentId, reason: 'MOVED_AWAY' } as const;
        const answer = await withdraw(real.intake, BPJS, `out ${real.nextKey()}`, input);
        same(
          isRefusal(answer) ? answer.refusal : 'out',
          told.isActive ? 'out' : 'AlreadyWithdrawn',
          `withdraw ${which}`,
        );
        if (told.isActive) model.counted.delete(told.who);
        told.isActive = false;
        await real.compare(model);
      },
    ),
  ),
  fc.array(fc.nat(14), { minLength: 1, maxLength: 12 }).map((people) =>
    command(`import ${people}`, always, async (model, real) => {
      const rows = people.map((who) => importRow(who));
      const { count } = await takeIn(real, csvOf(rows));
      const fresh = [...new Set(people)].filter((who) => !model.counted.has(who));
      same(
        [count.accepted, count.duplicate],
        [fresh.length, people.length - fresh.length],
        `import ${people}`,
      );
      for (const who of fresh) model.counted.set(who, importRow(who).kode_lingkungan);
      await real.compare(model);
    }),
  ),
  fc.constant(
    command('restart', always, async (model, real) => {
      await real.restart();
      await real.compare(model);
    }),
  ),
];
