import { expect, test } from 'vitest';
import { destinationOf, homeOf, sectionsOf } from '#client/parts/home.ts';

const at = (level: 'CITY' | 'DISTRICT' | 'VILLAGE' | 'NEIGHBORHOOD', code: string) => ({
  area: { level, code, name: code },
});
const camat = at('DISTRICT', '12.71.14');

test('[PAG-6] each account has the sections of its own area', () => {
  expect(sectionsOf(at('CITY', '12.71')).map(({ to }) => to)).toEqual(['/leadership', '/districts']);
  expect(homeOf(camat)).toBe('/districts/12.71.14');
  expect(homeOf(at('VILLAGE', '12.71.14.1001'))).toBe('/villages/12.71.14.1001');
  expect(homeOf(at('NEIGHBORHOOD', '12.71.14.1001-001'))).toBe('/kepling');
});

test('[PAG-6] a sign-in leads back to where one came from, with all that its address said', () => {
  expect(destinationOf('/districts/12.71.14?sort=pace&lang=en', camat)).toBe(
    '/districts/12.71.14?sort=pace&lang=en',
  );
});

test('[PAG-6] it leads home from nowhere, from the door itself, and from any other site', () => {
  const strange = [
    undefined,
    7,
    '',
    '/',
    '/sign-in?from=/sign-in',
    'https://example.org',
    '//example.org',
    '/\\example.org',
  ];
  for (const from of strange) expect(destinationOf(from, camat), String(from)).toBe('/districts/12.71.14');
});
