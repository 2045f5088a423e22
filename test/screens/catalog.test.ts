import { expect, test } from 'vitest';
import { catalog, languages, type TextKey, textsIn } from '#texts/catalog.ts';

const keys = Object.keys(catalog) as TextKey[];

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\s*(\w+)/g)].map(([, name]) => name ?? '').sort();
}

test('[TXT-1] every text is there in Indonesian and in English', () => {
  expect(keys.length).toBeGreaterThan(30);
  for (const key of keys)
    for (const language of languages) expect(catalog[key][language].trim(), key).not.toBe('');
});

test('[TXT-2] both languages of a text take the same placeholders', () => {
  for (const key of keys) expect(placeholders(catalog[key].en), key).toEqual(placeholders(catalog[key].id));
});

test('[TXT-3] a language is a flat record with every key', () => {
  for (const language of languages) expect(Object.keys(textsIn(language))).toEqual(keys);
});
