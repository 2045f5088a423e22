/**
 * The areas below a page's own, one line each: read as a sentence from name to what the last week brought. Sorted by
 * what the address says; on a narrow page a list. While somebody points at it nothing changes its place.
 */
import { memo, type ReactNode } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount, formatDelta, formatRate } from '#client/design/numbers.ts';
import { useNarrow } from '#client/design/use-narrow.ts';
import type { TextKey } from '#texts/catalog.ts';
import { AreaList } from './area-list.tsx';
import { type AreaRow, type Column, type Order, orderText, sorted, turned } from './area-rows.ts';
import { gapOf } from './area-sums.ts';
import styles from './area-table.module.css';
import { OfFigure } from './of-figure.tsx';
import { PayersBar } from './payers-bar.tsx';
import { Settling } from './settling.tsx';
import { ShareBar } from './share-bar.tsx';
import { TrendLine } from './trend-line.tsx';
import { useAttended } from './use-attended.ts';
import { useHeldOrder } from './use-held-order.ts';

export interface AreaTableProps {
  /** The level that these areas are parts of. */
  readonly level: 'CITY' | 'DISTRICT' | 'VILLAGE';
  readonly rows: readonly AreaRow[];
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
  /** An area's name: a link, where there is a page of it. */
  readonly nameOf: (row: AreaRow) => ReactNode;
  readonly caption: string;
}

export function AreaTable(props: AreaTableProps) {
  const { rows, order } = props;
  const { isAttended, handlers } = useAttended();
  const shown = useHeldOrder(sorted(rows, order), orderText(order) ?? '', isAttended);
  const isNarrow = useNarrow();
  const most = Math.max(1, ...rows.flatMap(({ pace }) => pace?.line ?? []));
  return (
    <div {...handlers}>
      {isNarrow ? <AreaList {...props} rows={shown} /> : <Table {...props} most={most} rows={shown} />}
    </div>
  );
}

function Table({ level, rows, order, onOrder, nameOf, caption, most }: AreaTableProps & { most: number }) {
  const text = useText();
  const head = (column: Column, key: TextKey, className?: string) => (
    <th
      aria-sort={order.by === column ? (order.isRising ? 'ascending' : 'descending') : 'none'}
      className={className}
      scope="col"
    >
      <button className={styles.sort} onClick={() => onOrder(turned(order, column))} type="button">
        {text(key)}
      </button>
    </th>
  );
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          {head('name', `area.column.name.${level}`, styles.name)}
          {head('enrolled', 'area.column.enrolled', styles.figure)}
          {head('rate', 'area.column.rate', styles.rate)}
          {head(
            'complete',
            level === 'VILLAGE' ? 'area.column.missing' : 'area.column.complete',
            styles.figure,
          )}
          {head('paying', 'area.column.paying', styles.paying)}
          <th className={styles.trend} scope="col">
            {text('area.column.trend')}
          </th>
          {head('pace', 'area.column.pace', styles.figure)}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row code={row.code} key={row.code} level={level} most={most} name={nameOf(row)} row={row} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly code: string;
  readonly level: AreaTableProps['level'];
  readonly row: AreaRow;
  readonly name: ReactNode;
  readonly most: number;
}

const Row = memo(function Row({ code, level, row: { sums, pace }, name, most }: RowProps) {
  const language = useLanguage();
  const { enrolled, target, bands } = sums;
  return (
    <tr data-area={code} data-enrolled={enrolled}>
      <th className={styles.name} scope="row">
        {name}
      </th>
      <td className={styles.figure}>
        <OfFigure part={enrolled} whole={target} />
      </td>
      <td className={styles.rate}>
        <span className={styles.rateCell}>
          <ShareBar part={enrolled} whole={target} />
          <b>{formatRate(enrolled, target, 2, language)}</b>
        </span>
      </td>
      <td className={styles.figure}>
        {level === 'VILLAGE' ? (
          <Missing sums={sums} />
        ) : (
          <OfFigure part={sums.complete} whole={sums.neighborhoods} />
        )}
      </td>
      <td className={styles.paying}>
        {bands === null || bands.paying === null ? (
          '–'
        ) : (
          <span className={styles.payingCell}>
            <PayersBar {...bands} />
            <Settling value={bands.paying}>{formatCount(bands.paying, language)}</Settling>
          </span>
        )}
      </td>
      <td className={styles.trend}>{pace !== null && <TrendLine line={pace.line} most={most} />}</td>
      <td className={styles.figure}>{pace === null ? '' : formatDelta(pace.sevenDays, language)}</td>
    </tr>
  );
});

function Missing({ sums }: { sums: AreaRow['sums'] }) {
  const text = useText();
  const language = useLanguage();
  const gap = gapOf(sums);
  return gap === 0 && sums.target > 0 ? (
    <b className={styles.full}>{text('area.complete')}</b>
  ) : (
    formatCount(gap, language)
  );
}
