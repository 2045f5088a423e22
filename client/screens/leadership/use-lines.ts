import { useLayoutEffect, useState } from 'react';

/** Where the lines of a table stand: from the top of the table to its first line, and how high they are together. */
export interface Lines {
  readonly top: number;
  readonly height: number;
}

/** Follows the body of a table, so that something beside it can keep its lines; null while there is none. */
export function useLines(body: HTMLTableSectionElement | null): Lines | null {
  const [lines, setLines] = useState<Lines | null>(null);
  useLayoutEffect(() => {
    if (body === null) return setLines(null);
    const measure = () => {
      const { offsetTop: top, offsetHeight: height } = body;
      setLines((before) => (before?.top === top && before.height === height ? before : { top, height }));
    };
    const watched = new ResizeObserver(measure);
    watched.observe(body);
    measure();
    return () => watched.disconnect();
  }, [body]);
  return lines;
}
