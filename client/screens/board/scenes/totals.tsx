import { type CSSProperties, useMemo } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount, formatWallRate } from '#client/design/numbers.ts';
import { emOf, Odometer } from '#client/parts/odometer.tsx';
import { OneMonth, Payers } from '#client/parts/payers.tsx';
import { type Bands, bandsOf } from '#client/parts/persistency.ts';
import { ProgressBand } from '#client/parts/progress-band.tsx';
import { leadersOf } from '#client/parts/ranking.ts';
import { RankingList } from '#client/parts/ranking-list.tsx';
import { Recent } from '#client/parts/recent.tsx';
import type { PictureFragment } from '#client/wire/generated/graphql.ts';
import styles from './totals.module.css';

const leaderCount = 7;

/** The main scene: how many are enrolled, how far that is, who leads, who still pays, and what just came in. */
export function Totals({ picture }: { picture: PictureFragment }) {
  const text = useText();
  const language = useLanguage();
  const { enrolled, target, gap, monthsPaid, persistency } = picture.whole.totals;
  const bands = useBands(persistency);
  const oneMonth = monthsPaid?.one ?? null;
  const hero = formatCount(enrolled, language);
  return (
    <div className={styles.totals}>
      <section className={styles.main}>
        <p className={styles.label}>{text('board.enrolled')}</p>
        <p className={styles.hero} data-total={enrolled} style={{ '--em': emOf(hero) } as CSSProperties}>
          <Odometer text={hero} />
        </p>
        <div className={styles.rateRow}>
          <p className={styles.rate}>
            <Odometer text={formatWallRate(enrolled, target, 2, language)} />
          </p>
          <p className={styles.target}>{text('board.target', { target: formatCount(target, language) })}</p>
          <p className={styles.gap}>{text('board.gap', { gap: formatCount(gap, language) })}</p>
        </div>
      </section>
      <div className={styles.leaders}>
        <RankingList rows={leadersOf(picture.parts, leaderCount)} title={text('board.leaders')} />
      </div>
      <div className={styles.road}>
        <ProgressBand enrolled={enrolled} target={target} bands={bands} />
      </div>
      <div className={styles.payers}>
        <Payers bands={bands} whole={Math.max(enrolled, target)} />
      </div>
      {oneMonth !== null && (
        <div className={styles.oneMonth}>
          <OneMonth count={oneMonth} />
        </div>
      )}
      <div className={styles.recent}>
        <Recent picture={picture} />
      </div>
    </div>
  );
}

/** The bands as one object that stays the same while its numbers do, so that what shows them need not render. */
function useBands(persistency: PictureFragment['whole']['totals']['persistency']): Bands | null {
  const bands = bandsOf(persistency);
  const { paying, tooNew, notPaying } = bands ?? { paying: null, tooNew: null, notPaying: null };
  const isKnown = bands !== null;
  return useMemo(
    () => (isKnown ? { paying, tooNew, notPaying } : null),
    [isKnown, paying, tooNew, notPaying],
  );
}
