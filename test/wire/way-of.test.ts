import { expect, test } from 'vitest';
import { wayOf } from '#client/worker/way-of.ts';

const origin = 'https://papan.test';

function ask(path: string, mode: string, method = 'GET') {
  return wayOf({ method, mode, url: new URL(path, origin).href }, origin);
}

test('[LNK-21] built files come from what is kept, the board at once, other pages when nobody answers', () => {
  expect(ask('/assets/board-DY2ClnMb.css', 'cors')).toBe('asset');
  expect(ask('/board?scene=map&lang=en', 'navigate')).toBe('shell');
  for (const page of ['/', '/leadership', '/districts/12.71.14', '/kepling'])
    expect(ask(page, 'navigate')).toBe('page');
});

test('[LNK-21] all the rest goes its way as if there were no worker', () => {
  for (const path of [
    '/graphql',
    '/session',
    '/totals.json',
    '/imports/1/report',
    '/build.txt',
    '/worker.js',
  ])
    expect(ask(path, 'cors')).toBe('untouched');
  for (const path of ['/graphql', '/readyz', '/totals.json', '/schema.graphql'])
    expect(ask(path, 'navigate')).toBe('untouched');
  expect(ask('/assets/a.js', 'cors', 'POST')).toBe('untouched');
  expect(wayOf({ method: 'GET', mode: 'cors', url: 'https://elsewhere.test/assets/a.js' }, origin)).toBe(
    'untouched',
  );
});
