import { useSession } from '#client/live/session-context.ts';
import { AreaPage } from './area-page.tsx';

/** `/kepling`: a neighborhood head's own neighborhood. */
export default function Kepling() {
  const session = useSession();
  if (session.kind !== 'person') return null;
  return <AreaPage code={session.person.area.code} level="NEIGHBORHOOD" />;
}
