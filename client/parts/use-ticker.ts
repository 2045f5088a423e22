import { useEffect, useState } from 'react';
import { createTicker, nextDueMs, type Source, show, type Ticker, take } from './ticker.ts';

/** A ticker that takes in each new picture and shows in its own time; `places` does not change. */
export function useTicker(source: Source, places: number): Ticker {
  const [ticker, setTicker] = useState(() => show(take(createTicker(places), source), performance.now()));
  const isUnread = ticker.epoch !== source.epoch || ticker.revision < source.revision;
  if (isUnread) setTicker(take(ticker, source));

  const dueMs = nextDueMs(ticker);
  useEffect(() => {
    if (dueMs === null) return;
    // A timer may fire a trifle early; what was due is due.
    const showDue = () => setTicker((now) => show(now, Math.max(dueMs, performance.now())));
    const timer = setTimeout(showDue, Math.max(0, dueMs - performance.now()));
    return () => clearTimeout(timer);
  }, [dueMs]);

  return ticker;
}
