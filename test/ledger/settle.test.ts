import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify } from '#server/domain/contributions/persistency.ts';
import type { LedgerAnswer, LedgerCommand } from '#server/ledger/command.ts';
import { addFigures, FIGURES, type Figures, zeroFigures } from '#server/ledger/figures.ts';
import { type Known, keyName, type Settlement, settle } from '#server/ledger/settle.ts';
import { enrollCommand, keyed, withdrawCommand } from './commands.ts';
import { type NaiveAnswer, NaiveLedger } from './naive-ledger.ts';

const CLOSED_DAY = '2025-10-28';
const nothing: Known = { keys: new Map(), people: new Map(), enrollments: new Map() };
const hashOf = (command: { nikHash: Buffer }) => command.nikHash.toString('hex');

function settled(commands: readonly LedgerCommand[], known: Known = nothing, headRevision = 10): Settlement {
  return settle(commands, known, headRevision, CLOSED_DAY, classify);
}

/** What the next group would find in the database, had this one been written. */
function knownAfter(known: Known, settlement: Settlement): Known {
  const keys = new Map(known.keys);
  const people = new Map(known.people);
  const enrollments = new Map(known.enrollments);
  for (const { command, answer } of settlement.keys) {
    if (!command.key) continue;
    const inputHash = command.key.inputHash.toString('hex');
    keys.set(keyName(command.principalId, command.key.text), { inputHash, answer });
  }
  const hold = (nikHash: string, participantId: string, isActive: boolean) =>
    people.set(nikHash, { participantId, isActive, covered: people.get(nikHash)?.covered ?? [] });
  for (const { enrollmentId } of settlement.withdrawals) {
    const found = enrollments.get(enrollmentId);
    const person = found && people.get(found.nikHash);
    if (!found || !person) throw new Error('a withdrawal of nobody');
    enrollments.set(enrollmentId, { ...found, status: 'WITHDRAWN' });
    hold(found.nikHash, person.participantId, false);
  }
  for (const { command, participantId, monthsCovered, persistency } of settlement.enrollments) {
    hold(hashOf(command), participantId, true);
    enrollments.set(command.enrollmentId, {
      neighborhoodId: command.neighborhoodId,
      nikHash: hashOf(command),
      status: command.isVerified ? 'ENROLLED' : 'PENDING',
      monthsCovered,
      persistency,
    });
  }
  return { keys, people, enrollments };
}

function sumsOf(settlements: readonly Settlement[]): ReadonlyMap<number, Figures> {
  const sums = new Map<number, ReturnType<typeof zeroFigures>>();
  for (const { entries } of settlements) {
    for (const { neighborhoodId, change } of entries) {
      const sum = sums.get(neighborhoodId) ?? zeroFigures();
      addFigures(sum, change);
      sums.set(neighborhoodId, sum);
    }
  }
  return sums;
}

describe('settling a group', () => {
  it('[LED-1] gives the same for the same, and changes nothing it was given', () => {
    const person = enrollCommand('a', 1, { key: keyed('k', 'a') });
    const known = knownAfter(nothing, settled([person]));
    const group = [withdrawCommand(person.enrollmentId), enrollCommand('a', 2), enrollCommand('b', 1)];
    const before = structuredClone(known);
    expect(settled(group, known)).toEqual(settled(group, known));
    expect(known).toEqual(before);
  });

  it('[LED-2] answers the same key and input with the first answer, in a group and over groups', () => {
    const first = enrollCommand('a', 1, { key: keyed('k', 'a') });
    const again = enrollCommand('a', 1, { key: keyed('k', 'a') });
    const together = settled([first, again]);
    expect(together.answers[1]).toEqual(together.answers[0]);
    expect(together.answers[0]).toEqual({
      outcome: 'ACCEPTED',
      enrollmentId: first.enrollmentId,
      revision: 11,
    });
    const later = settled([again], knownAfter(nothing, together), 40);
    expect(later.answers).toEqual([together.answers[0]]);
    expect([later.entries, later.keys, later.audit]).toEqual([[], [], []]);
  });

  it('[LED-2] keeps a no as the first answer too, even where it would be a yes by now', () => {
    const holder = enrollCommand('a', 1);
    const asked = enrollCommand('a', 2, { key: keyed('k', 'a') });
    const refused = settled([holder, asked]);
    expect(refused.answers[1]).toEqual({ outcome: 'DUPLICATE', revision: 10 });
    const freed = knownAfter(nothing, refused);
    const gone = knownAfter(freed, settled([withdrawCommand(holder.enrollmentId)], freed));
    expect(settled([asked], gone, 50).answers).toEqual([{ outcome: 'DUPLICATE', revision: 10 }]);
  });

  it('[LED-2] refuses the same key with another input, and nothing else of it', () => {
    const group = settled([
      enrollCommand('a', 1, { key: keyed('k', 'a') }),
      enrollCommand('b', 1, { key: keyed('k', 'b') }),
      withdrawCommand('nobody', { key: keyed('k', 'w') }),
      enrollCommand('c', 1, { key: keyed('k', 'c'), principalId: 8 }),
    ]);
    const outcomes = group.answers.map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['ACCEPTED', 'KEY_CONFLICT', 'KEY_CONFLICT', 'ACCEPTED']);
    expect(group.keys).toHaveLength(2);
    expect(group.entries).toHaveLength(2);
  });

  it('[LED-3] counts a NIK that comes twice in a group once, for the first', () => {
    const group = [
      enrollCommand('a', 1),
      enrollCommand('a', 2),
      enrollCommand('a', 1, { isVerified: false }),
    ];
    const { answers, participants, enrollments, entries } = settled(group);
    expect(answers.map(({ outcome }) => outcome)).toEqual(['ACCEPTED', 'DUPLICATE', 'DUPLICATE']);
    expect(participants).toEqual([group[0]]);
    expect(enrollments).toHaveLength(1);
    expect(entries.map(({ neighborhoodId }) => neighborhoodId)).toEqual([1]);
  });

  it('[LED-4] withdraws and enrolls the same NIK again in one group, under the participant it has', () => {
    const before = enrollCommand('a', 1);
    const known = knownAfter(nothing, settled([before]));
    const back = enrollCommand('a', 2);
    const { answers, participants, enrollments, withdrawals, entries } = settled(
      [
        enrollCommand('a', 3),
        withdrawCommand(before.enrollmentId),
        back,
        withdrawCommand(before.enrollmentId),
      ],
      known,
    );
    expect(answers.map(({ outcome }) => outcome)).toEqual([
      'DUPLICATE',
      'ACCEPTED',
      'ACCEPTED',
      'ALREADY_WITHDRAWN',
    ]);
    expect(participants).toEqual([]);
    expect(enrollments.map(({ participantId }) => participantId)).toEqual([before.participantId]);
    expect(withdrawals).toHaveLength(1);
    expect(entries.map(({ neighborhoodId, change }) => [neighborhoodId, change.enrolled])).toEqual([
      [1, -1],
      [2, 1],
    ]);
  });

  it('[LED-5] puts who is entered late, or comes back, into the class that is true by now', () => {
    const back = enrollCommand('back', 1, { enrolledOn: '2025-06-10' });
    const covered = ['2025-06', '2025-07', '2025-08', '2025-09'].map((period) => ({
      period,
      paidOn: `${period}-20`,
    }));
    const known: Known = {
      ...nothing,
      people: new Map([[hashOf(back), { participantId: 'p', isActive: false, covered }]]),
    };
    const { enrollments, entries } = settled(
      [
        back,
        enrollCommand('new', 1, { enrolledOn: '2025-10-01' }),
        enrollCommand('late', 1, { enrolledOn: '2025-08-31' }),
        enrollCommand('later', 1, { enrolledOn: '2025-05-14' }),
      ],
      known,
    );
    expect(enrollments.map(({ persistency, monthsCovered }) => [persistency, monthsCovered])).toEqual([
      ['PAYING', 4],
      ['TOO_NEW', 0],
      ['STOPPED', 0],
      ['LAPSED', 0],
    ]);
    expect(entries[0]?.change).toEqual({ enrolled: 1, monthsMore: 1, paying: 1 });
    expect(entries[3]?.change).toEqual({ enrolled: 1, monthsNone: 1, lapsed: 1 });
  });

  it('[LED-5] counts who waits for verification as pending and in no class', () => {
    const waiting = enrollCommand('a', 1, { isVerified: false });
    const first = settled([waiting]);
    expect(first.entries[0]?.change).toEqual({ pending: 1 });
    const gone = settled([withdrawCommand(waiting.enrollmentId)], knownAfter(nothing, first));
    expect(gone.entries[0]?.change).toEqual({ pending: -1 });
  });

  it('[LED-6] of any commands in any groups answers and counts as if each had been alone', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('enroll' as const),
        nik: fc.integer({ min: 0, max: 4 }),
        place: fc.integer({ min: 1, max: 3 }),
        isVerified: fc.boolean(),
        key: fc.option(fc.integer({ min: 0, max: 3 })),
        principalId: fc.integer({ min: 7, max: 8 }),
      }),
      fc.record({
        kind: fc.constant('withdraw' as const),
        which: fc.nat(30),
        key: fc.option(fc.integer({ min: 0, max: 3 })),
        principalId: fc.integer({ min: 7, max: 8 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(step, { minLength: 1, maxLength: 8 }), { maxLength: 8 }), (groups) => {
        const naive = new NaiveLedger();
        const done: Settlement[] = [];
        const answers: NaiveAnswer[] = [];
        const expected: NaiveAnswer[] = [];
        let known = nothing;
        for (const [index, steps] of groups.entries()) {
          // An id is known to nobody before the commit that made it was answered.
          const told = naive.people.map((one) => one.enrollmentId);
          const commands = steps.map((one): LedgerCommand => {
            const { principalId } = one;
            const target = one.kind === 'withdraw' ? (told[one.which % (told.length + 1)] ?? 'nobody') : '';
            const input = one.kind === 'enroll' ? `${one.nik} ${one.place} ${one.isVerified}` : target;
            const key = one.key === null ? null : keyed(`k${one.key}`, input);
            return one.kind === 'withdraw'
              ? withdrawCommand(target, { key, principalId })
              : enrollCommand(`n${one.nik}`, one.place, { key, principalId, isVerified: one.isVerified });
          });
          const settlement = settled(commands, known, index);
          expect(settlement.answers).toHaveLength(commands.length);
          for (const answer of settlement.answers) {
            expect(answer.revision).toBeLessThanOrEqual(index + 1);
            answers.push(withoutRevision(answer));
          }
          expected.push(...commands.map((command) => naive.execute(command)));
          known = knownAfter(known, settlement);
          done.push(settlement);
        }
        expect(answers).toEqual(expected);
        const sums = sumsOf(done);
        for (const place of [1, 2, 3]) {
          const { enrolled, pending, ...rest } = sums.get(place) ?? zeroFigures();
          expect({ enrolled, pending }).toEqual(naive.count(place));
          expect(rest.monthsNone).toBe(enrolled);
          expect(FIGURES.filter((figure) => (sums.get(place)?.[figure] ?? 0) < 0)).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function withoutRevision({ revision: _, ...answer }: LedgerAnswer): NaiveAnswer {
  return answer;
}
