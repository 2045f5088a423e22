import { isDay, jakartaDay } from '#server/base/day.ts';
import {
  type ContributionInput,
  type ContributionOutcome,
  recordContributions,
} from '../contributions/record-contributions.ts';
import { checkNik } from '../enrollments/nik.ts';
import { isSpreadsheetNumber, readDay } from './cells.ts';
import type { FileRow } from './read-rows.ts';
import type { Desk } from './take-enrollments.ts';
import { duplicate, refused, rejected, type Verdict } from './verdict.ts';

const MONTH = /^(\d{4})-(\d{1,2})$/;
const MONTH_FIRST = /^(\d{1,2})[/-](\d{4})$/;
const RUPIAH = /^(?:rp\s*)?(\d{1,3}(?:\.\d{3})+|\d+)(?:,00)?$/i;
const RUPIAH_MAX = 2_000_000_000;

/** Takes rows of a contribution file in as one commit. One verdict a row, in their order. */
export async function takeContributions(
  desk: Desk,
  rows: readonly FileRow[],
  subject: string,
): Promise<readonly Verdict[]> {
  const read = rows.map((row) => readContribution(desk, row));
  const inputs = read.filter((each): each is ContributionInput => 'nik' in each);
  const { outcomes, revision } = await record(desk, inputs, subject);
  let next = 0;
  return read.map((each) => ('nik' in each ? toVerdict(outcomes[next++], revision) : each));
}

function readContribution({ intake }: Desk, row: FileRow): ContributionInput | Verdict {
  if (row.flaw) return rejected(row.flaw);
  const written = row.value('nik');
  if (isSpreadsheetNumber(written)) return rejected('import.row.NIK_SPREADSHEET', 'nik');
  const checked = checkNik(written, { allowSimulated: intake.program().mode !== 'LIVE' });
  if ('problem' in checked) return refused({ refusal: 'InvalidNik', field: 'nik', problem: checked.problem });
  const period = readMonth(row.value('periode'));
  if (period === null) return rejected('import.row.MONTH', 'periode');
  const paidOn = readDay(row.value('tanggal_bayar')) ?? '';
  if (!isDay(paidOn)) return rejected('refusal.InvalidInput.DATE', 'tanggal_bayar');
  if (paidOn > jakartaDay(intake.now())) return rejected('refusal.InvalidInput.FUTURE', 'tanggal_bayar');
  const amount = readRupiah(row.value('jumlah'));
  if (amount === null) return rejected('import.row.AMOUNT', 'jumlah');
  return { nik: checked.nik, period, paidOn, amount };
}

/** `yyyy-mm`, or null where it is no month of this age. */
function readMonth(cell: string): string | null {
  const [, monthFirst, lastYear] = MONTH_FIRST.exec(cell) ?? [];
  const [, year = lastYear, month = monthFirst] = MONTH.exec(cell) ?? [];
  const text = `${year}-${month?.padStart(2, '0')}`;
  return isDay(`${text}-01`) && text >= '1900' ? text : null;
}

function readRupiah(cell: string): number | null {
  const amount = Number(RUPIAH.exec(cell)?.[1]?.replaceAll('.', '') ?? Number.NaN);
  return amount > 0 && amount <= RUPIAH_MAX ? amount : null;
}

async function record(
  { intake, actor, trial }: Desk,
  inputs: readonly ContributionInput[],
  subject: string,
): Promise<{ outcomes: readonly ContributionOutcome[]; revision: number | null }> {
  if (inputs.length === 0) return { outcomes: [], revision: null };
  if (!trial) return await recordContributions(intake, actor, subject, inputs);
  const months = inputs.map(({ nik, period }) => ({
    nikHash: intake.vault.hashNik(nik).toString('hex'),
    period,
  }));
  const covered = await trial.covered(months);
  return {
    outcomes: covered.map((isCovered) =>
      isCovered === null ? 'UNKNOWN' : isCovered ? 'DUPLICATE' : 'ACCEPTED',
    ),
    revision: null,
  };
}

function toVerdict(outcome: ContributionOutcome | undefined, revision: number | null): Verdict {
  switch (outcome) {
    case 'ACCEPTED':
      return { outcome, revision };
    case 'DUPLICATE':
      return duplicate('import.row.MONTH_COVERED');
    case 'UNKNOWN':
      return rejected('import.row.NOT_ENROLLED', 'nik');
    case undefined:
      throw new Error('A row of a contribution file got no answer.');
  }
}
