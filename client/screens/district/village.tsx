import { useParams } from '@tanstack/react-router';
import { AreaPage } from './area-page.tsx';

/** `/villages/12.71.14.1001`: a village and its neighborhoods. */
export default function Village() {
  const { code = '' } = useParams({ strict: false }) as { code?: string };
  return <AreaPage code={code} key={code} level="VILLAGE" />;
}
