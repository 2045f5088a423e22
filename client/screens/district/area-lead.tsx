import { useLanguage, useSentence } from '#client/design/language.tsx';
import { formatCount, formatDelta, formatRate } from '#client/design/numbers.ts';
import { gapOf, type Sums } from '#client/parts/area-sums.ts';
import type { Place } from './area-page.tsx';

interface Props {
  readonly place: Place;
  readonly sums: Sums;
  readonly rank: number | null;
  readonly pace: { readonly sevenDays: number } | null;
}

/** What the number means, in a few sentences; what is not known is not said. */
export function AreaLead({ place, sums, rank, pace }: Props) {
  const sentence = useSentence();
  const language = useLanguage();
  const { enrolled, target, even, neighborhoods, complete, oneMonth } = sums;
  const { level, parent } = place;
  const bold = (figure: string) => <b>{figure}</b>;
  const gap = gapOf(sums);
  // Who may see only itself is told its place, and not among how many.
  const seesSiblings = (parent?.children.length ?? 0) > 1;
  return (
    <>
      {gap === 0 && target > 0
        ? sentence('area.lead.full', {})
        : sentence('area.lead.reached', {
            rate: bold(formatRate(enrolled, target, 2, language)),
            gap: bold(formatCount(gap, language)),
          })}{' '}
      {rank !== null && parent && level !== 'CITY' && (
        <>
          {seesSiblings
            ? sentence(`area.lead.rank.${level}`, {
                rank: bold(formatCount(rank, language)),
                of: formatCount(parent.children.length, language),
              })
            : sentence('area.lead.rank', {
                rank: bold(formatCount(rank, language)),
                parent: parent.name,
              })}{' '}
        </>
      )}
      {level !== 'NEIGHBORHOOD' && (
        <>
          {sentence('area.lead.complete', {
            complete: bold(formatCount(complete, language)),
            neighborhoods: formatCount(neighborhoods, language),
            even: formatRate(even, target, 2, language),
          })}{' '}
        </>
      )}
      {oneMonth !== null && (
        <>{sentence('area.lead.one-month', { count: bold(formatCount(oneMonth, language)) })} </>
      )}
      {pace !== null &&
        sentence('area.lead.seven-days', { delta: bold(formatDelta(pace.sevenDays, language)) })}
    </>
  );
}
