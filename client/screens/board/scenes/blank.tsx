import { useText } from '#client/design/language.tsx';

/** Nothing to see, on purpose; whoever listens is told so. */
export function Blank() {
  const text = useText();
  return <h1 className="visually-hidden">{text('board.blank')}</h1>;
}
