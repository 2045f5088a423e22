import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

interface Props {
  readonly to: string;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A link to a page by its address; the language goes along, the rest of the present address stays behind. */
export function PageLink({ to, className, children }: Props) {
  return (
    <Link
      className={className ?? ''}
      search={((now: { lang?: unknown }) => (now.lang === undefined ? {} : { lang: now.lang })) as never}
      to={to}
    >
      {children}
    </Link>
  );
}
