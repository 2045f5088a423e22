/**
 * Intake by file: the rows of a list that somebody sent, each taken in, found to be there already, or refused with
 * its line and a reason. The same engine behind the command line and the upload.
 *
 * Guarantees
 * - Rows in = accepted + duplicate + rejected: every row that is not blank is in one of the three.
 * - A file is looked through once before anything is taken in: what cannot be a list of people changes nothing.
 * - A batch of at most 500 rows is one commit with one note of audit, by the file's fingerprint and lines, never by
 *   its name, which may be a person's. Broken off anywhere, the same file again takes in exactly the rest; a file
 *   that brings nothing new takes no revision.
 * - It holds one batch of the file at a time, however large the file is.
 *
 * What it never does: guess at a value, keep the file, or write a person anywhere but into the report it was given.
 */
import { invariant } from '#server/base/invariant.ts';
import { type Actor, may } from '../access/policy.ts';
import { areRounded } from './cells.ts';
import { type FileKind, findLayout, type Layout } from './layout.ts';
import { type FileProblem, fileProblem, isFileProblem } from './problems.ts';
import { type FileRow, readRows } from './read-rows.ts';
import { type ReportNote, type ReportSink, reportOn } from './report.ts';
import { type Survey, surveyFile } from './survey.ts';
import { takeContributions } from './take-contributions.ts';
import { type Desk, takeEnrollments } from './take-enrollments.ts';
import type { Verdict } from './verdict.ts';

export interface ImportWork extends Desk {
  /** The file from its beginning; called twice. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** Rows that are let pass; a file with more is refused whole. */
  readonly rowsMax: number;
  readonly report: ReportSink;
  /** Told after each batch. */
  readonly progress?: (count: ImportCount) => void;
  /** Told of each row that was not accepted. */
  readonly note?: (note: ReportNote) => void;
  /** Asked before each batch: true ends the work where it is. */
  readonly isCalledOff?: () => boolean;
}

export interface ImportCount {
  readonly kind: FileKind;
  readonly rows: number;
  readonly accepted: number;
  /** Of those accepted: people who wait for verification, and are in no *enrolled*. */
  readonly pending: number;
  readonly duplicate: number;
  readonly rejected: number;
  /** The newest commit that this file made; null where it made none. */
  readonly revision: number | null;
  /** Share of the file's bytes read, 0 to 1. */
  readonly share: number;
}

/** Called off before its end; what was committed stays. */
export class ImportCalledOff extends Error {
  override readonly name = 'ImportCalledOff';
}

/**
 * Takes a file in. Resolves with the counts after the last commit, or with why nothing was taken in. Rejects where
 * the database or the report failed under way: what was committed stays, and the same file again brings the rest.
 */
export async function importFile(work: ImportWork): Promise<ImportCount | FileProblem> {
  if (!may(work.actor, 'import')) return fileProblem('NOT_PERMITTED');
  if (!work.intake.program().isOpen) return fileProblem('NOT_OPEN');
  const survey = await surveyFile(work.open(), work.rowsMax);
  if (isFileProblem(survey)) return survey;
  const layout = findLayout(survey.head);
  if (isFileProblem(layout)) return layout;
  return await takeRows({ ...work, actor: bringer(work) }, survey, layout);
}

async function takeRows(
  work: ImportWork,
  survey: Survey,
  layout: Layout,
): Promise<ImportCount | FileProblem> {
  const take = layout.kind === 'ENROLLMENTS' ? takeEnrollments : takeContributions;
  const report = reportOn(layout);
  const count = { kind: layout.kind, rows: 0, accepted: 0, pending: 0, duplicate: 0, rejected: 0 };
  const doesWait = layout.kind === 'ENROLLMENTS' && !may(work.actor, 'verify');
  let revision: number | null = null;
  for await (const { rows, bytes } of readRows(work.open(), survey.encoding, layout)) {
    if (work.isCalledOff?.()) throw new ImportCalledOff('The import was called off before its end.');
    if (count.rows === 0) {
      if (areRounded(rows.map((row) => row.value('nik')))) return fileProblem('NIK_ROUNDED');
    }
    const verdicts = await take(work, rows, `file ${survey.sha256} lines ${linesOf(rows)}`);
    invariant(verdicts.length === rows.length, 'every row has a verdict');
    count.rows += rows.length;
    const lines: string[] = [];
    for (const [index, verdict] of verdicts.entries()) {
      count[COUNTED[verdict.outcome]] += 1;
      if (verdict.outcome === 'ACCEPTED') {
        revision = verdict.revision ?? revision;
        if (doesWait) count.pending += 1;
      } else {
        const row = rows[index] as FileRow;
        const note = { line: row.line, verdict };
        lines.push(report.row(row, note));
        work.note?.(note);
      }
    }
    if (lines.length > 0) {
      const isFirst = count.duplicate + count.rejected === lines.length;
      await work.report.write((isFirst ? report.head() : '') + lines.join(''));
    }
    work.progress?.({ ...count, revision, share: bytes / survey.bytes });
  }
  return { ...count, revision, share: 1 };
}

const COUNTED: Readonly<Record<Verdict['outcome'], 'accepted' | 'duplicate' | 'rejected'>> = {
  ACCEPTED: 'accepted',
  DUPLICATE: 'duplicate',
  REJECTED: 'rejected',
};

function linesOf(rows: readonly FileRow[]): string {
  return `${rows[0]?.line}-${rows.at(-1)?.line}`;
}

/** The console may bring people into a live program, but nobody's word makes them verified there. */
function bringer({ actor, intake }: ImportWork): Actor {
  return actor.role === 'SYSTEM' && intake.program().mode === 'LIVE' ? { ...actor, role: 'DISTRICT' } : actor;
}
