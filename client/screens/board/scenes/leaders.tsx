import { memo, useRef } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount, formatDay, formatWallRate, ratePlaces } from '#client/design/numbers.ts';
import { Latest } from '#client/parts/latest.tsx';
import { Odometer } from '#client/parts/odometer.tsx';
import { useGlide } from '#client/parts/use-glide.ts';
import type { LeadersFragment, PictureFragment } from '#client/wire/generated/graphql.ts';
import styles from './leaders.module.css';

const leaderCount = 7;
const mostGoldRows = 3;

interface Props {
  readonly picture: LeadersFragment;
  readonly city: PictureFragment | null;
}

/** Who leads at one level, by the rule that is printed below them. */
export function Leaders({ picture, city }: Props) {
  const text = useText();
  const language = useLanguage();
  const list = useRef<HTMLOListElement>(null);
  const { contenders, level, sourceCutOff } = picture;
  const leaders = picture.leaders.slice(0, leaderCount);
  useGlide(
    list,
    leaders.map(({ area }) => area.code),
    'below',
  );
  const firsts = leaders.filter(({ rank }) => rank === 1).length;
  if (level === 'CITY') return null;
  return (
    <section className={styles.leaders} data-level={level}>
      <h2 className={styles.title}>
        {text(`board.leaders.title.${level}`)}
        <span className={styles.contenders}>
          {text('board.leaders.contenders', { count: formatCount(contenders, language) })}
        </span>
      </h2>
      {leaders.length === 0 && <p className={styles.none}>{text('board.leaders.none')}</p>}
      <ol className={styles.list} ref={list}>
        {leaders.map(({ area, totals, rank }) => (
          <Row
            key={area.code}
            code={area.code}
            name={area.shortName}
            parent={level === 'DISTRICT' ? null : (area.parent?.name ?? null)}
            rank={rank}
            place={rank !== 1 ? 'later' : firsts > mostGoldRows ? 'shared' : 'first'}
            {...totals}
          />
        ))}
      </ol>
      <footer className={styles.foot}>
        <p className={styles.rule}>{text('board.leaders.rule')}</p>
        <p className={styles.equals}>{text('board.leaders.equals')}</p>
        {sourceCutOff !== null && (
          <p className={styles.cutOff}>
            {text('live.source-cut-off', { date: formatDay(sourceCutOff, language) })}
          </p>
        )}
        {city !== null && (
          <div className={styles.fall}>
            <Latest source={knownToBoth(city, picture)} hasRises={false} />
          </div>
        )}
      </footer>
    </section>
  );
}

/** The city's movements as far as these figures have taken them in: a fall is told with the number that fell. */
function knownToBoth(city: PictureFragment, { epoch, revision }: LeadersFragment) {
  const isSame = city.epoch === epoch;
  const upTo = isSame ? Math.min(city.revision, revision) : revision;
  return {
    epoch,
    revision: upTo,
    isLoading: city.isLoading,
    recent: isSame ? city.recent.filter((movement) => movement.revision <= upTo) : [],
  };
}

interface RowProps {
  readonly code: string;
  readonly name: string;
  readonly parent: string | null;
  readonly rank: number | null;
  readonly place: 'first' | 'shared' | 'later';
  readonly enrolled: number;
  readonly target: number;
}

const Row = memo(function Row({ code, name, parent, rank, place, enrolled, target }: RowProps) {
  const text = useText();
  const language = useLanguage();
  const share = Math.min((ratePlaces(enrolled, target, 2) ?? 0) / 10_000, 1);
  return (
    <li className={styles.row} data-area={code} data-enrolled={enrolled} data-place={place}>
      <div className={styles.track}>
        <i className={styles.fill} style={{ transform: `translateX(${(share - 1) * 100}%)` }} />
      </div>
      <span className={styles.rank}>{rank}</span>
      <span className={styles.name}>
        {name}
        {parent !== null && <span className={styles.parent}>{parent}</span>}
      </span>
      <span className={styles.count}>
        <b className={styles.enrolled}>{formatCount(enrolled, language)}</b>{' '}
        {text('board.target', { target: formatCount(target, language) })}
      </span>
      <span className={styles.rate}>
        <Odometer text={formatWallRate(enrolled, target, 1, language)} />
      </span>
    </li>
  );
});
