/**
 * Every sentence that a person reads, in Indonesian and in English, under one key.
 *
 * Indonesian comes first: it is written, not translated. Both languages of an entry take the same placeholders,
 * `{name}`. The catalog is plain data and imports nothing but its own parts, so that server and client
 * share it; it never holds a figure, a name of a person, or markup.
 */
import { boardTexts } from './board.ts';
import { importTexts } from './imports.ts';
import { pageTexts } from './pages.ts';
import { questionTexts } from './questions.ts';
import { refusalTexts } from './refusals.ts';
import { sessionTexts } from './session.ts';
import { staffTexts } from './staff.ts';

export type Language = 'id' | 'en';

export interface Text {
  readonly id: string;
  readonly en: string;
}

export const languages: readonly Language[] = ['id', 'en'];

export const catalog = {
  ...boardTexts,
  ...importTexts,
  ...pageTexts,
  ...questionTexts,
  ...refusalTexts,
  ...sessionTexts,
  ...staffTexts,
} as const satisfies Record<string, Text>;

export type TextKey = keyof typeof catalog;

/** All texts of one language, as a flat record. */
export function textsIn(language: Language): Record<TextKey, string> {
  const texts = {} as Record<TextKey, string>;
  for (const key of Object.keys(catalog) as TextKey[]) texts[key] = catalog[key][language];
  return texts;
}
