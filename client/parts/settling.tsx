import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { prefersCuts } from '#client/design/frame-loop.ts';

const settleMs = 1_600;

/** A figure that changes while one looks is tinted briefly and stays where it is. `value` tells a change. */
export function Settling({ value, children }: { value: string | number; children: ReactNode }) {
  const place = useRef<HTMLSpanElement>(null);
  const before = useRef(value);
  useLayoutEffect(() => {
    if (before.current === value) return;
    before.current = value;
    if (prefersCuts()) return;
    place.current?.animate(
      { backgroundColor: ['#f2c14e88', '#f2c14e00'] },
      { duration: settleMs, easing: 'cubic-bezier(0.4, 0, 0.6, 1)' },
    );
  }, [value]);
  return <span ref={place}>{children}</span>;
}
