/** Gives a piece of work its turn; null, and the work is not begun, where too many wait already. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T> | null;

/** At most `runningMax` pieces of work run at once and at most `waitingMax` wait, in the order in which they came. */
export function createTurns(runningMax: number, waitingMax: number): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;

  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    // Whoever ends hands its turn on: nobody who comes in between takes it.
    if (running >= runningMax) await new Promise<void>((begin) => waiting.push(begin));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
  return (work) => (running >= runningMax && waiting.length >= waitingMax ? null : run(work));
}
