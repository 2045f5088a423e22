import { isRefusal } from '#server/base/refusal.ts';
import type { Actor } from '../access/policy.ts';
import { enrollBatch } from '../enrollments/enroll.ts';
import type { Intake } from '../enrollments/intake.ts';
import { type EnrollInput, judge } from '../enrollments/rules.ts';
import { isSpreadsheetNumber, readDay } from './cells.ts';
import type { FileRow } from './read-rows.ts';
import type { Trial } from './trial.ts';
import { duplicate, refused, rejected, type Verdict } from './verdict.ts';

/** Who brings a file, and where to. */
export interface Desk {
  readonly intake: Intake;
  readonly actor: Actor;
  /** Where nothing is to be changed, only told. */
  readonly trial: Trial | null;
}

/** Takes rows of an enrollment file in as one commit. `subject` goes to the audit log. One verdict a row, in their order. */
export async function takeEnrollments(
  desk: Desk,
  rows: readonly FileRow[],
  subject: string,
): Promise<readonly Verdict[]> {
  const read = rows.map(readEnrollment);
  const inputs = read.filter((each): each is EnrollInput => 'nik' in each);
  const verdicts = desk.trial ? await tryOut(desk, desk.trial, inputs) : await enroll(desk, inputs, subject);
  let next = 0;
  return read.map((each) => ('nik' in each ? (verdicts[next++] as Verdict) : each));
}

function readEnrollment(row: FileRow): EnrollInput | Verdict {
  if (row.flaw) return rejected(row.flaw);
  const nik = row.value('nik');
  if (isSpreadsheetNumber(nik)) return rejected('import.row.NIK_SPREADSHEET', 'nik');
  return {
    nik,
    neighborhood: row.value('kode_lingkungan'),
    name: row.value('nama'),
    birthDate: readDay(row.value('tanggal_lahir')),
    occupation: row.value('pekerjaan'),
    phone: row.value('no_hp'),
    enrolledOn: readDay(row.value('tanggal_daftar')),
  };
}

async function enroll(
  { intake, actor }: Desk,
  inputs: readonly EnrollInput[],
  subject: string,
): Promise<readonly Verdict[]> {
  if (inputs.length === 0) return [];
  const outcomes = await enrollBatch(intake, actor, subject, inputs);
  return outcomes.map(({ answer }) =>
    isRefusal(answer) ? refused(answer) : { outcome: 'ACCEPTED', revision: answer.revision },
  );
}

async function tryOut(
  { intake, actor }: Desk,
  trial: Trial,
  inputs: readonly EnrollInput[],
): Promise<readonly Verdict[]> {
  const judged = inputs.map((input) => judge(intake, actor, input));
  const hashes = judged.map((each) =>
    isRefusal(each) ? null : intake.vault.hashNik(each.details.nik).toString('hex'),
  );
  const isEnrolled = await trial.enrolled(hashes.filter((hash) => hash !== null));
  let next = 0;
  return judged.map((each) => {
    if (isRefusal(each)) return refused(each);
    return isEnrolled[next++]
      ? duplicate('refusal.DuplicateEnrollment')
      : { outcome: 'ACCEPTED', revision: null };
  });
}
