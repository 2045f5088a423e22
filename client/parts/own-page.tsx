import { useText } from '#client/design/language.tsx';
import { useSession } from '#client/live/session-context.ts';
import { homeOf } from './home.ts';
import { PageLink } from './page-link.tsx';

/** The way back to what one's own account is for. */
export function OwnPage() {
  const text = useText();
  const session = useSession();
  if (session.kind !== 'person') return null;
  return <PageLink to={homeOf(session.person)}>{text('shell.own-page')}</PageLink>;
}
