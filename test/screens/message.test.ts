import { expect, test } from 'vitest';
import { fill, piecesOf } from '#client/design/message.ts';

test('[TXT-4] a placeholder is filled with what stands for it, in any order and as often as it comes', () => {
  expect(fill('{gap} lagi dari {target}, {gap}', { target: '50.025', gap: 12 })).toBe(
    '12 lagi dari 50.025, 12',
  );
  expect(fill('tanpa apa pun', {})).toBe('tanpa apa pun');
});

test('[TXT-4] one without a value stays visible, and what looks like one inside a value is left alone', () => {
  expect(fill('{name} dan {other}', { name: '{other}' })).toBe('{other} dan {other}');
});

test('[TXT-4] a sentence keeps its pieces and its values in their order, whatever they are', () => {
  const element = { bold: true };
  expect(piecesOf<object>('capaian {rate}.', { rate: element })).toEqual(['capaian ', element, '.']);
});
