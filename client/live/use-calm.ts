import { useEffect, useRef, useState } from 'react';

/** `value`, but changing at most once in `pauseMs`: the first change at once, then the newest when the pause is over. */
export function useCalm<T>(value: T, pauseMs: number): T {
  const [calm, setCalm] = useState(value);
  const changedAtMs = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (Object.is(value, calm)) return;
    const waitMs = Math.max(0, changedAtMs.current + pauseMs - performance.now());
    const timer = setTimeout(() => {
      changedAtMs.current = performance.now();
      setCalm(value);
    }, waitMs);
    return () => clearTimeout(timer);
  }, [value, calm, pauseMs]);
  return calm;
}
