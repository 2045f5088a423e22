import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, jakartaDay, jakartaTime } from '#server/base/day.ts';
import { closeDays } from '#server/domain/contributions/close-day.ts';
import { recordContributions } from '#server/domain/contributions/record-contributions.ts';
import type { LedgerCommand } from '#server/ledger/command.ts';
import { checkSums } from '#server/live/check-sums.ts';
import { classesBySql, wronglyClassed } from '#test/support/classes-by-sql.ts';
import { heldClock } from '#test/support/held-clock.ts';
import { recountEveryRevision } from '#test/support/recount.ts';
import { BPJS, KEPLING, NEIGHBORHOODS, nik, openSmallProgram, SYSTEM } from '#test/support/small-program.ts';
import { enrollCommand, keyed, withdrawCommand } from './commands.ts';
import { NaiveLedger } from './naive-ledger.ts';

/** A slow machine takes long over it; a quick one some seconds. */
const LONG_MS = 90_000;

const STARTS_ON = '2025-05-14';
const DAY_MS = 86_400_000;

const who = fc.nat(7);
const command = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('enroll' as const),
      who,
      place: fc.nat(11),
      days: fc.nat(90),
      isVerified: fc.boolean(),
      key: fc.option(fc.nat(4)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('withdraw' as const),
      which: fc.nat(20),
      key: fc.option(fc.nat(4)),
    }),
  },
);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('commands' as const),
      commands: fc.array(command, { minLength: 1, maxLength: 6 }),
      isBatch: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('contributions' as const),
      months: fc.array(
        fc.record({ who, month: fc.integer({ min: 4, max: 12 }), delay: fc.integer({ min: -20, max: 70 }) }),
        { minLength: 1, maxLength: 8 },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('days' as const), days: fc.integer({ min: 1, max: 45 }) }),
  },
);

describe('any history', () => {
  it('[LED-22] keeps every figure of every area true at every revision, by every way of counting', {
    timeout: LONG_MS,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (history) => {
        const program = await openSmallProgram({ clock: heldClock(jakartaTime(STARTS_ON, 9)) });
        try {
          const { intake, ledger, clock, admin } = program;
          const naive = new NaiveLedger();
          const toCommand = (
            one: typeof command extends fc.Arbitrary<infer C> ? C : never,
            told: readonly string[],
          ) => {
            // Of the day: an answer is kept for a month, and these histories are longer.
            const today = jakartaDay(clock.now());
            if (one.kind === 'withdraw') {
              const id = told[one.which % Math.max(1, told.length)] ?? '00000000-0000-0000-0000-000000000000';
              return withdrawCommand(id, { key: one.key === null ? null : keyed(`${today} ${one.key}`, id) });
            }
            const earlier = addDays(today, -one.days);
            const place = NEIGHBORHOODS[one.place] as string;
            return enrollCommand(nik(one.who), program.area(place).id, {
              nikHash: intake.vault.hashNik(nik(one.who)),
              principalId: one.isVerified ? BPJS.principalId : KEPLING.principalId,
              isVerified: one.isVerified,
              enrolledOn: earlier < STARTS_ON ? STARTS_ON : earlier,
              key: one.key === null ? null : keyed(`${today} ${one.key}`, `${one.who} ${one.place}`),
            });
          };
          for (const one of history) {
            if (one.kind === 'days') {
              clock.advance(one.days * DAY_MS);
              await closeDays(intake, SYSTEM);
            } else if (one.kind === 'contributions') {
              const inputs = one.months.map(({ who, month, delay }) => {
                const period = `2025-${String(month).padStart(2, '0')}`;
                return { nik: nik(who), period, paidOn: addDays(`${period}-15`, delay), amount: 16_800 };
              });
              await recordContributions(intake, SYSTEM, 'test', inputs);
            } else {
              const told = naive.people.map(({ enrollmentId }) => enrollmentId);
              const commands: LedgerCommand[] = one.commands.map((each) => toCommand(each, told));
              const sent = one.isBatch ? commands.map((each) => ({ ...each, key: null })) : commands;
              const answers = one.isBatch
                ? await ledger.submitBatch(sent, { principalId: 1, action: 'test', subject: 'test' })
                : await Promise.all(sent.map((each) => ledger.submit(each)));
              expect(answers.map(({ revision: _, ...answer }) => answer)).toEqual(
                sent.map((each) => naive.execute(each)),
              );
            }
          }
          expect(await recountEveryRevision(program)).toEqual([]);
          expect(await checkSums(program.store.pool('reader'), 1, null)).toEqual([]);
          const { rows } = await admin.query<{ day: string | null }>(
            'SELECT closed_day::text AS day FROM ledger_heads',
          );
          const closedDay = rows[0]?.day ?? addDays(STARTS_ON, -1);
          expect(wronglyClassed(await classesBySql(admin, closedDay))).toEqual([]);
        } finally {
          await program.close();
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
});
