import { useParams } from '@tanstack/react-router';
import { AreaPage } from './area-page.tsx';

/** `/districts/12.71.14`: a district, its villages and its neighborhoods. */
export default function District() {
  const { code = '' } = useParams({ strict: false }) as { code?: string };
  return <AreaPage code={code} key={code} level="DISTRICT" />;
}
