import { type ReactNode, useCallback, useEffect, useMemo } from 'react';
import { IntlProvider, useIntl } from 'react-intl';
import { type Language, type TextKey, textsIn } from '#texts/catalog.ts';

/** Indonesian unless the address asks for English. */
export function languageOf(asked: unknown): Language {
  return asked === 'en' ? 'en' : 'id';
}

export function LanguageProvider({ language, children }: { language: Language; children: ReactNode }) {
  const messages = useMemo(() => textsIn(language), [language]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <IntlProvider locale={language} messages={messages} timeZone="Asia/Jakarta">
      {children}
    </IntlProvider>
  );
}

type Values = Record<string, string | number>;

/** The catalog's texts in the page's language. Figures go in already formatted (see `numbers.ts`). */
export function useText(): (key: TextKey, values?: Values) => string {
  const intl = useIntl();
  return useCallback((key, values) => intl.formatMessage({ id: key }, values), [intl]);
}

export function useLanguage(): Language {
  return languageOf(useIntl().locale);
}
