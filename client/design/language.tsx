import { Children, createContext, type ReactNode, use, useCallback, useEffect } from 'react';
import { catalog, type Language, type TextKey } from '#texts/catalog.ts';
import { fill, piecesOf } from './message.ts';

/** Indonesian unless the address asks for English. */
export function languageOf(asked: unknown): Language {
  return asked === 'en' ? 'en' : 'id';
}

const LanguageContext = createContext<Language>('id');

export function LanguageProvider({ language, children }: { language: Language; children: ReactNode }) {
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return <LanguageContext value={language}>{children}</LanguageContext>;
}

export function useLanguage(): Language {
  return use(LanguageContext);
}

type Values = Record<string, string | number>;

/** The catalog's texts in the page's language. Figures go in already formatted (see `numbers.ts`). */
export function useText(): (key: TextKey, values?: Values) => string {
  const language = useLanguage();
  return useCallback((key, values = {}) => fill(catalog[key][language], values), [language]);
}

/** A text whose placeholders are filled with elements: for a sentence in which a figure stands out. */
export function useSentence(): (key: TextKey, values: Record<string, ReactNode>) => ReactNode {
  const language = useLanguage();
  return useCallback(
    (key, values) => Children.toArray(piecesOf<ReactNode>(catalog[key][language], values) as ReactNode),
    [language],
  );
}
