import { useId } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount, formatDelta, formatRate } from '#client/design/numbers.ts';
import type { TextKey } from '#texts/catalog.ts';
import styles from './area-list.module.css';
import { type Column, columns, turned } from './area-rows.ts';
import { gapOf } from './area-sums.ts';
import type { AreaTableProps } from './area-table.tsx';
import { OfFigure } from './of-figure.tsx';
import { ShareBar } from './share-bar.tsx';

/** The table's lines on a narrow page: a few short lines for each area, and one choice of what they are sorted by. */
export function AreaList({ level, rows, order, onOrder, nameOf, caption }: AreaTableProps) {
  const text = useText();
  const language = useLanguage();
  const id = useId();
  const names: Record<Column, TextKey> = {
    name: `area.column.name.${level}`,
    enrolled: 'area.column.enrolled',
    rate: 'area.column.rate',
    complete: level === 'VILLAGE' ? 'area.column.missing' : 'area.column.complete',
    paying: 'area.column.paying',
    pace: 'area.column.pace',
  };
  return (
    <>
      <p className={`${styles.sort} not-printed`}>
        <label htmlFor={id}>{text('area.sort')}</label>{' '}
        <select
          className={styles.choice}
          id={id}
          onChange={({ target }) =>
            onOrder({ by: target.value as Column, isRising: target.value === 'name' })
          }
          value={order.by}
        >
          {columns.map((column) => (
            <option key={column} value={column}>
              {text(names[column])}
            </option>
          ))}
        </select>{' '}
        <button
          aria-label={text('area.sort.turn')}
          className={styles.turn}
          onClick={() => onOrder(turned(order, order.by))}
          type="button"
        >
          {order.isRising ? '↑' : '↓'}
        </button>
      </p>
      <ul aria-label={caption} className={styles.list}>
        {rows.map((row) => {
          const { enrolled, target, complete, neighborhoods, bands } = row.sums;
          const gap = gapOf(row.sums);
          return (
            <li className={styles.item} data-area={row.code} data-enrolled={enrolled} key={row.code}>
              <span className={styles.name}>{nameOf(row)}</span>
              <b className={styles.rate}>{formatRate(enrolled, target, 2, language)}</b>
              <span className={styles.bar}>
                <ShareBar part={enrolled} whole={target} />
              </span>
              <span>
                <OfFigure part={enrolled} whole={target} />
              </span>
              <span className={styles.pace}>
                {row.pace !== null &&
                  text('area.seven-days', { delta: formatDelta(row.pace.sevenDays, language) })}
              </span>
              <span className={styles.more}>
                {level !== 'VILLAGE' && (
                  <span>
                    {text('area.complete-count', {
                      complete: formatCount(complete, language),
                      neighborhoods: formatCount(neighborhoods, language),
                    })}
                  </span>
                )}
                {level === 'VILLAGE' && gap === 0 && <b className={styles.full}>{text('area.complete')}</b>}
                {bands !== null && bands.paying !== null && (
                  <span>{text('area.paying-count', { count: formatCount(bands.paying, language) })}</span>
                )}
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}
