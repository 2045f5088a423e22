import { Link } from '@tanstack/react-router';
import { useLanguage, useText } from '#client/design/language.tsx';

/** The same page, with all that its address says, in the other language. */
export function LanguageSwitch({ className }: { className?: string | undefined }) {
  const text = useText();
  const other = useLanguage() === 'id' ? 'en' : 'id';
  return (
    <Link
      className={className ?? ''}
      hrefLang={other}
      lang={other}
      replace
      search={((now: object) => ({ ...now, lang: other })) as never}
      to="."
    >
      {text('shell.other-language')}
    </Link>
  );
}
