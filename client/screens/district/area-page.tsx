/**
 * One area, for those who answer for it: where it stands, its parts, its neighborhoods, what to do next and what just
 * came in. The same page for the city, a district, a village and a neighborhood; what there is no more of is not there.
 *
 * The figures come over one subscription, whole and parts of one revision; villages are the sums of their
 * neighborhoods. Where the tree ends for this reader is asked of the server first: an area that is foreign and one
 * that does not exist are told alike.
 */
import { useState } from 'react';
import { useText } from '#client/design/language.tsx';
import { createLive, LiveContext } from '#client/live/live-context.ts';
import { useAnswer } from '#client/live/use-answer.ts';
import { Failed, NotYours } from '#client/parts/common-notices.tsx';
import { Waiting } from '#client/parts/notice.tsx';
import type { AreaLevel, PlaceQuery } from '#client/wire/generated/staff/graphql.ts';
import { PlaceDocument } from '#client/wire/generated/staff/graphql.ts';
import { AreaFigures } from './area-figures.tsx';

export type Place = NonNullable<PlaceQuery['area']>;

export function AreaPage({ code, level }: { code: string; level: AreaLevel }) {
  const text = useText();
  const { answer, again } = useAnswer(PlaceDocument, { code });
  const [live] = useState(createLive);
  if (answer === null || answer.kind === 'unauthenticated') return <Waiting>{text('area.loading')}</Waiting>;
  if (answer.kind === 'failed') return <Failed again={again} />;
  const place = answer.kind === 'answered' ? answer.data.area : null;
  if (place === null || !isOpen(place, level)) return <NotYours title={text('not-yours.title')} />;
  return (
    <LiveContext value={live}>
      <AreaFigures key={place.code} place={place} />
    </LiveContext>
  );
}

/** A district's name is for everyone; what is below it is shown to those who may see all of it. */
function isOpen(place: Place, level: AreaLevel): boolean {
  return place.level === level && (level === 'NEIGHBORHOOD' || place.children.length > 0);
}
