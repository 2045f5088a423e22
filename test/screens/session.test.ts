import { afterEach, expect, test, vi } from 'vitest';
import { createSessions } from '#client/wire/session.ts';

const camat = {
  username: 'district',
  role: 'DISTRICT',
  area: { code: '12.71.14', name: 'Medan Tembung', level: 'DISTRICT' },
};

/** What the page's requests are answered with: each when its turn comes. */
function answering(...answers: (() => Response | Promise<Response>)[]): void {
  vi.stubGlobal('fetch', () => (answers.shift() ?? unreachable)());
}
const unreachable = () => Promise.reject(new TypeError('the network is away'));
const person = () => Response.json(camat);
const status = (code: number) => () => new Response('{}', { status: code });

afterEach(() => vi.unstubAllGlobals());

test('[PAG-7] whoever signs in or out is somebody else from then on, and it is told once', async () => {
  const onChange = vi.fn();
  const sessions = createSessions(onChange);
  answering(person, person, status(204));
  expect(await sessions.signIn('district', 'right')).toBe('signed-in');
  expect(sessions.session.get()).toEqual({ kind: 'person', person: camat });
  await sessions.read();
  expect(onChange).toHaveBeenCalledTimes(1);
  expect(await sessions.signOut()).toBe(true);
  expect(sessions.session.get()).toEqual({ kind: 'nobody' });
  expect(onChange).toHaveBeenCalledTimes(2);
});

test('[PAG-7] each way of not being let in has a word of its own', async () => {
  const sessions = createSessions(() => undefined);
  answering(status(401), status(400), status(429), status(500), unreachable);
  const outcomes: string[] = [];
  for (let tried = 0; tried < 5; tried++) outcomes.push(await sessions.signIn('district', 'wrong'));
  expect(outcomes).toEqual(['wrong', 'incomplete', 'too-often', 'unreachable', 'unreachable']);
});

test('[PAG-7] a server that is away signs nobody out, and nobody is signed out before it said so', async () => {
  const sessions = createSessions(() => undefined);
  answering(unreachable, person, unreachable, unreachable);
  await sessions.read();
  expect(sessions.session.get().kind).toBe('unreachable');
  await sessions.read();
  await sessions.read();
  expect(sessions.session.get().kind).toBe('person');
  expect(await sessions.signOut()).toBe(false);
  expect(sessions.session.get().kind).toBe('person');
});

test('[PAG-7] a question asked before somebody signed in does not undo it', async () => {
  const sessions = createSessions(() => undefined);
  let answerLate: (response: Response) => void = () => undefined;
  answering(
    () =>
      new Promise<Response>((resolve) => {
        answerLate = resolve;
      }),
    person,
  );
  const reading = sessions.read();
  await sessions.signIn('district', 'right');
  answerLate(new Response('{}', { status: 401 }));
  await reading;
  expect(sessions.session.get().kind).toBe('person');
});
