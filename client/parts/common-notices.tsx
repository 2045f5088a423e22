import { useText } from '#client/design/language.tsx';
import { useTitle } from '#client/design/use-title.ts';
import { useSession } from '#client/live/session-context.ts';
import { Notice } from './notice.tsx';
import { OwnPage } from './own-page.tsx';

/** The figures did not come; asking again may help. */
export function Failed({ again }: { again: () => void }) {
  const text = useText();
  return (
    <Notice about={text('failed.about')} title={text('failed.title')}>
      <button onClick={again} type="button">
        {text('shell.again')}
      </button>
    </Notice>
  );
}

/** A page that this account does not see, or that is not there: which of the two is not told. */
export function NotYours({ title }: { title: string }) {
  const text = useText();
  const session = useSession();
  const area = session.kind === 'person' ? session.person.area.name : '';
  useTitle(title);
  return (
    <Notice about={text('not-yours.about', { area })} title={title}>
      <OwnPage />
    </Notice>
  );
}
