import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount } from '#client/design/numbers.ts';
import { Settling } from './settling.tsx';

/** `376 dari 400`: never one without the other. */
export function OfFigure({ part, whole }: { part: number; whole: number }) {
  const text = useText();
  const language = useLanguage();
  return (
    <Settling value={part}>
      {formatCount(part, language)}{' '}
      <span className="figure-of">{text('figure.of', { whole: formatCount(whole, language) })}</span>
    </Settling>
  );
}
