import { type PointerEvent, useEffect, useRef, useState } from 'react';
import styles from './answer.module.css';
import type { AnswerRow } from './answer-rows.ts';
import type { Chart, ChartKind, Mark } from './draw.ts';
import type { Lines } from './use-lines.ts';

interface Props {
  readonly kind: ChartKind;
  readonly rows: readonly AnswerRow[];
  readonly label: string;
  /** The lines that the bars stand beside; null where the chart names them itself. */
  readonly beside: Lines | null;
}

const barHeightPx = 34;
const otherHeightPx = 320;

/**
 * The drawing of an answer, which comes when its chunk has come: its place is kept, so nothing jumps. What one points
 * at is read out above it. For everyone who does not see it the table below holds the same figures.
 */
export function AnswerChart({ kind, rows, label, beside }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<Chart | null>(null);
  const [reading, setReading] = useState<Mark | null>(null);

  useEffect(() => {
    let made: Chart | null = null;
    let isGone = false;
    void import('./draw.ts').then(({ drawIn }) => {
      if (isGone || place.current === null) return;
      made = drawIn(place.current);
      setChart(made);
    });
    return () => {
      isGone = true;
      made?.end();
    };
  }, []);

  useEffect(() => {
    if (chart === null || place.current === null) return;
    const watched = new ResizeObserver(() => chart.fit());
    watched.observe(place.current);
    return () => watched.disconnect();
  }, [chart]);

  useEffect(() => {
    chart?.show(
      kind,
      rows.map(({ name, drawn, whole, drawnText, shareText, countText }) => ({
        name,
        value: drawn,
        whole:
          shareText === '' ? null : drawnText === shareText ? 100 : drawnText === countText ? whole : null,
        text: drawnText,
      })),
    );
  }, [chart, kind, rows]);

  const first = kind === 'line' ? rows.at(-1) : rows[0];
  const shown = reading ?? (first === undefined ? null : { name: first.name, text: first.drawnText });

  function point(event: PointerEvent<HTMLDivElement>): void {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    setReading(chart?.markAt(event.clientX - left, event.clientY - top) ?? null);
  }

  return (
    <figure className={styles.chart} style={{ paddingTop: beside?.top ?? 0 }}>
      {(kind === 'skyline' || kind === 'line') && (
        <figcaption aria-hidden="true" className={styles.reading}>
          {shown !== null && (
            <>
              {shown.name} <b>{shown.text}</b>
            </>
          )}
        </figcaption>
      )}
      <div
        aria-label={label}
        onPointerLeave={() => setReading(null)}
        onPointerMove={point}
        ref={place}
        role="img"
        style={{ height: beside?.height ?? (kind === 'bars' ? rows.length * barHeightPx : otherHeightPx) }}
      />
    </figure>
  );
}
