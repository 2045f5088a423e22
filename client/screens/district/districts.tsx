import { useSession } from '#client/live/session-context.ts';
import { AreaPage } from './area-page.tsx';

/** `/districts`: the city with its districts, each with a page of its own. For those who answer for all of it. */
export default function Districts() {
  const session = useSession();
  if (session.kind !== 'person') return null;
  return <AreaPage code={session.person.area.code} level="CITY" />;
}
