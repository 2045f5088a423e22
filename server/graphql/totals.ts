import { gap, rate } from '#server/domain/metrics/rates.ts';
import { suppress } from '#server/domain/metrics/suppression.ts';
import type { Figures } from '#server/ledger/figures.ts';
import { builder, PUBLIC } from './builder.ts';
import { type Context, scopeOf } from './context.ts';

/** Figures of one area at one revision, wherever they came from. `asOf` is program time in milliseconds. */
export interface TotalsSource {
  readonly areaId: number;
  readonly revision: number;
  readonly asOf: number;
  readonly figures: Figures;
  readonly even: number;
  readonly neighborhoods: number;
  readonly complete: number;
}

type Cells<K extends string> = Readonly<Record<K, number | null>>;
type MonthsCells = Cells<'none' | 'one' | 'more'>;
type PersistencyCells = Cells<'tooNew' | 'stopped' | 'paying' | 'inArrears' | 'lapsed' | 'resumed'>;

/**
 * Whoever answers for the area sees every cell. For all others a cell that could point at a person is null, and below
 * the districts, where the whole is small, all of them are.
 */
function shown<K extends string>(
  { areaId }: TotalsSource,
  cells: Readonly<Record<K, number>>,
  { services, audience }: Context,
): Cells<K> | null {
  const scope = scopeOf(audience);
  const area = services.areas.byId(areaId);
  if (!area) return null;
  if (scope !== null && services.areas.isInside(area, scope)) return cells;
  return area.level === 'CITY' || area.level === 'DISTRICT' ? suppress(cells) : null;
}

const MonthsPaid = builder.objectRef<MonthsCells>('MonthsPaid').implement({
  subGraphs: PUBLIC,
  description:
    'Enrolled people by months covered. The three sum to `enrolled`. Outside one’s own area a cell under 5 is null, and one more, so that it cannot be subtracted.',
  fields: (t) => ({
    none: t.exposeInt('none', { nullable: true, description: 'No month covered yet.' }),
    one: t.exposeInt('one', { nullable: true, description: 'Exactly one month covered.' }),
    more: t.exposeInt('more', { nullable: true, description: 'Two months or more.' }),
  }),
});

const Persistency = builder.objectRef<PersistencyCells>('Persistency').implement({
  subGraphs: PUBLIC,
  description:
    'Enrolled people by whether they still pay, at the last closed day. The six sum to `enrolled`. Outside one’s own area a cell under 5 is null, and one more, so that it cannot be subtracted.',
  fields: (t) => ({
    tooNew: t.exposeInt('tooNew', {
      nullable: true,
      description: 'No month after the first is due yet: too early to tell.',
    }),
    stopped: t.exposeInt('stopped', {
      nullable: true,
      description: 'Paid one month at most, and one or more are open.',
    }),
    paying: t.exposeInt('paying', { nullable: true, description: 'Every month that is due is covered.' }),
    inArrears: t.exposeInt('inArrears', {
      nullable: true,
      description: 'One to three months in a row are open.',
    }),
    lapsed: t.exposeInt('lapsed', {
      nullable: true,
      description: 'More than three months in a row are open. Still enrolled.',
    }),
    resumed: t.exposeInt('resumed', {
      nullable: true,
      description: 'Nothing is open, after a month stood open in the last six.',
    }),
  }),
});

export const Totals = builder.objectRef<TotalsSource>('Totals').implement({
  subGraphs: PUBLIC,
  description:
    'Where an area stands. Everything here is a function of (epoch, revision) alone; nothing hangs on a clock.',
  fields: (t) => ({
    revision: t.exposeInt('revision', { description: 'The commit these figures are of; gapless from 1.' }),
    asOf: t.expose('asOf', { type: 'DateTime', description: 'When that commit was made.' }),
    enrolled: t.int({
      description: 'People verified and not withdrawn.',
      resolve: (totals) => totals.figures.enrolled,
    }),
    pending: t.int({
      description: 'People accepted and not yet verified; never inside `enrolled`.',
      resolve: (totals) => totals.figures.pending,
    }),
    target: t.int({
      description: "Sum of the neighborhoods' own targets.",
      resolve: (totals) => totals.figures.target,
    }),
    gap: t.int({
      description: 'What is missing to the target; 0 beyond it.',
      resolve: ({ figures }) => gap(figures.enrolled, figures.target),
    }),
    achievement: t.float({
      nullable: true,
      description: 'enrolled / target, unrounded; null without a target.',
      resolve: ({ figures }) => rate(figures.enrolled, figures.target),
    }),
    evenAchievement: t.float({
      nullable: true,
      description:
        "Sum of min(enrolled, own target) over neighborhoods, of target: one's surplus does not hide another's gap.",
      resolve: ({ figures, even }) => rate(even, figures.target),
    }),
    neighborhoods: t.exposeInt('neighborhoods', { description: 'How many neighborhoods the area has.' }),
    completeNeighborhoods: t.exposeInt('complete', { description: 'Those that reached their own target.' }),
    monthsPaid: t.field({
      type: MonthsPaid,
      nullable: true,
      description:
        'How many months are paid; null below a district for whoever does not answer for the area.',
      resolve: (totals, _args, context) => {
        const { monthsNone, monthsOne, monthsMore } = totals.figures;
        return shown(totals, { none: monthsNone, one: monthsOne, more: monthsMore }, context);
      },
    }),
    persistency: t.field({
      type: Persistency,
      nullable: true,
      description:
        'Whether those enrolled still pay; null below a district for whoever does not answer for the area.',
      resolve: (totals, _args, context) => {
        const { tooNew, stopped, paying, inArrears, lapsed, resumed } = totals.figures;
        return shown(totals, { tooNew, stopped, paying, inArrears, lapsed, resumed }, context);
      },
    }),
  }),
});
