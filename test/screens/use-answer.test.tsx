import { cleanup, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { SessionContext } from '#client/live/session-context.ts';
import { useAnswer } from '#client/live/use-answer.ts';
import { useCalm } from '#client/live/use-calm.ts';
import { PlaceDocument } from '#client/wire/generated/staff/graphql.ts';
import { createSessions } from '#client/wire/session.ts';

const area = (name: string) => ({ data: { area: { code: '12.71.14', name } } });
const refusal = (code: string) => ({ data: null, errors: [{ message: 'No.', extensions: { code } }] });

/** Answers each question to `/graphql` with the next of these; `null` is a server that is away. */
function answering(...answers: (object | null)[]): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (address: string, { body }: { body?: string } = {}) => {
    asked.push(`${address} ${body ?? ''}`);
    if (address === '/session') return Promise.resolve(new Response('{}', { status: 401 }));
    const answer = answers.shift() ?? null;
    return answer === null ? Promise.reject(new TypeError('away')) : Promise.resolve(Response.json(answer));
  });
  return asked;
}

const sessions = createSessions(() => undefined);
const wrapper = ({ children }: { children: ReactNode }) => (
  <SessionContext value={sessions}>{children}</SessionContext>
);

function asking() {
  return renderHook(({ code, version }) => useAnswer(PlaceDocument, { code }, version), {
    wrapper,
    initialProps: { code: '12.71.14', version: 1 },
  });
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('[PAG-11] an answer stands until the next one is there, and a failure does not take it away', async () => {
  answering(area('first'), null, area('second'));
  const { result, rerender } = asking();
  await waitFor(() => expect(result.current.answer?.kind).toBe('answered'));
  rerender({ code: '12.71.14', version: 2 });
  expect(result.current.last?.area?.name).toBe('first');
  await waitFor(() => expect(result.current.isAsking).toBe(false));
  expect(result.current.answer?.kind).toBe('answered');
  rerender({ code: '12.71.14', version: 3 });
  await waitFor(() => expect(result.current.last?.area?.name).toBe('second'));
});

test('[PAG-11] another question has no answer of its own before its own comes', async () => {
  answering(area('first'), null);
  const { result, rerender } = asking();
  await waitFor(() => expect(result.current.answer?.kind).toBe('answered'));
  rerender({ code: '12.71.01', version: 1 });
  expect(result.current.answer).toBeNull();
  await waitFor(() => expect(result.current.answer).toEqual({ kind: 'failed' }));
});

test('[PAG-11] a refusal and a fault are told apart, and asking again is possible', async () => {
  answering(refusal('BAD_USER_INPUT'), refusal('INTERNAL_SERVER_ERROR'), area('at last'));
  const { result } = asking();
  await waitFor(() => expect(result.current.answer).toEqual({ kind: 'refused', message: 'No.' }));
  result.current.again();
  await waitFor(() => expect(result.current.answer).toEqual({ kind: 'failed' }));
  result.current.again();
  await waitFor(() => expect(result.current.answer?.kind).toBe('answered'));
});

test('[PAG-7] an answer that says the session is over makes the page ask who this is', async () => {
  const asked = answering(refusal('UNAUTHENTICATED'));
  asking();
  await waitFor(() => expect(sessions.session.get()).toEqual({ kind: 'nobody' }));
  expect(asked.at(-1)).toMatch(/^\/session/);
});

test('[PAG-12] what moves quickly is followed at once and then in steps, and the newest is never lost', () => {
  vi.useFakeTimers();
  try {
    const { result, rerender } = renderHook(({ value }) => useCalm(value, 4_000), {
      initialProps: { value: 1 },
    });
    const step = (value: number, passedMs: number) => {
      rerender({ value });
      vi.advanceTimersByTime(passedMs);
      rerender({ value });
      return result.current;
    };
    expect(step(2, 1)).toBe(2);
    expect(step(3, 1_000)).toBe(2);
    expect(step(4, 1_000)).toBe(2);
    expect(step(5, 2_001)).toBe(5);
    expect(step(5, 9_000)).toBe(5);
  } finally {
    vi.useRealTimers();
  }
});
