import { useText } from '#client/design/language.tsx';
import { useSession } from '#client/live/session-context.ts';
import { PageLink } from '#client/parts/page-link.tsx';
import styles from './area-figures.module.css';
import type { Place } from './area-page.tsx';

interface Step {
  readonly code: string;
  readonly name: string;
  readonly level: Place['level'];
}

/** The areas above, widest first; a link where this account has a page of it. */
export function AreaPath({ place }: { place: Place }) {
  const text = useText();
  const session = useSession();
  const own = session.kind === 'person' ? session.person.area.code : '';
  const steps = [place.parent?.parent, place.parent].filter((step): step is Step => Boolean(step));
  if (steps.length === 0) return null;
  return (
    <nav aria-label={text('area.path')} className={styles.path}>
      {steps.map((step) => (
        <span key={step.code}>
          {step.code.startsWith(own) && own !== '' ? (
            <PageLink className="paper-link" to={addressOf(step)}>
              {step.name}
            </PageLink>
          ) : (
            step.name
          )}
          <span aria-hidden="true"> › </span>
        </span>
      ))}
    </nav>
  );
}

function addressOf({ level, code }: Step): string {
  if (level === 'CITY') return '/districts';
  return level === 'DISTRICT' ? `/districts/${code}` : `/villages/${code}`;
}
