import { useEffect, useRef, useState } from 'react';
import { type Answer, ask } from '#client/wire/ask.ts';
import type { TypedDocument } from '#client/wire/document.ts';
import { useSessions } from './session-context.ts';

export interface Asked<Data> {
  /** The answer to the question that is asked now; null while there is none yet. */
  readonly answer: Answer<Data> | null;
  /** The last data there was, also to the question before: what stands on the page until the next comes. */
  readonly last: Data | null;
  readonly isAsking: boolean;
  again(): void;
}

/**
 * Asks when the question changes, and anew when `version` does: then the old answer stands until the new one is there,
 * and a failure does not take it away. A session that is over is told to whoever keeps it. `variables` null: not yet.
 */
export function useAnswer<Data, Variables>(
  document: TypedDocument<Data, Variables> & { toString(): string },
  variables: Variables | null,
  version: string | number = 0,
): Asked<Data> {
  const sessions = useSessions();
  const question = variables === null ? null : JSON.stringify(variables);
  const [tries, setTries] = useState(0);
  const [known, setKnown] = useState<{ question: string; answer: Answer<Data> } | null>(null);
  const [last, setLast] = useState<Data | null>(null);
  const [isAsking, setAsking] = useState(false);
  const asked = useRef(variables);
  asked.current = variables;

  // biome-ignore lint/correctness/useExhaustiveDependencies: version and tries ask the same question anew.
  useEffect(() => {
    if (question === null || asked.current === null) return;
    const leaving = new AbortController();
    setAsking(true);
    void ask(document, asked.current, leaving.signal).then((answer) => {
      if (leaving.signal.aborted) return;
      setAsking(false);
      if (answer.kind === 'unauthenticated') void sessions.read();
      if (answer.kind === 'answered') setLast(answer.data);
      setKnown((before) => {
        const isStanding = before?.question === question && before.answer.kind === 'answered';
        return answer.kind === 'failed' && isStanding ? before : { question, answer };
      });
    });
    return () => leaving.abort();
  }, [document, question, version, tries, sessions]);

  const answer = known !== null && known.question === question ? known.answer : null;
  return { answer, last, isAsking, again: () => setTries((count) => count + 1) };
}
