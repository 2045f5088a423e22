import { useEffect, useState } from 'react';

/** `performance.now()`, read anew twice a second. */
export function useSecond(): number {
  const [nowMs, setNowMs] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(performance.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return Math.max(nowMs, 0);
}
