import { memo } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatDelta } from '#client/design/numbers.ts';

const width = 120;
const height = 28;
const inset = 3;

/**
 * A small line without axes; the dot is now. `most` is the top of the scale, shared by the lines that stand under one
 * another, so that they can be compared.
 */
export const TrendLine = memo(function TrendLine({ line, most }: { line: readonly number[]; most: number }) {
  const text = useText();
  const language = useLanguage();
  const lowest = Math.min(0, ...line);
  const x = (place: number) => inset + (place / Math.max(1, line.length - 1)) * (width - 2 * inset);
  const y = (value: number) =>
    height - inset - ((value - lowest) / Math.max(1, most - lowest)) * (height - 2 * inset);
  const now = line.at(-1) ?? 0;
  const points = line.map((value, place) => `${x(place).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const label = text('area.trend', {
    before: formatDelta(line[0] ?? 0, language),
    now: formatDelta(now, language),
  });
  return (
    <svg aria-label={label} height={height} role="img" viewBox={`0 0 ${width} ${height}`} width={width}>
      <polyline
        fill="none"
        points={points}
        stroke="var(--leaf-mark)"
        strokeLinecap="round"
        strokeLinejoin="round"
        strokeWidth="1.75"
      />
      <circle cx={x(line.length - 1)} cy={y(now)} fill="var(--ink)" r="2.5" />
    </svg>
  );
});
