import type { CSSProperties } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount, formatWallRate } from '#client/design/numbers.ts';
import { Latest } from '#client/parts/latest.tsx';
import { MapLegend } from '#client/parts/map-legend.tsx';
import { emOf, Odometer } from '#client/parts/odometer.tsx';
import { TileMap } from '#client/parts/tile-map.tsx';
import type { PictureFragment } from '#client/wire/generated/graphql.ts';
import styles from './map.module.css';
import { Sea } from './sea.tsx';

/** The city below its coast: where it stands district by district, and the one number that they make together. */
export function CityMap({ picture }: { picture: PictureFragment }) {
  const text = useText();
  const language = useLanguage();
  const { enrolled, target, gap } = picture.whole.totals;
  const hero = formatCount(enrolled, language);
  return (
    <div className={styles.map}>
      <Sea />
      <p className={styles.sea}>{text('board.map.sea')}</p>
      <section className={styles.main}>
        <p className={styles.label}>{text('board.enrolled')}</p>
        <p className={styles.hero} data-total={enrolled} style={{ '--em': emOf(hero) } as CSSProperties}>
          <Odometer text={hero} />
        </p>
      </section>
      <section className={styles.way}>
        <p className={styles.rate}>
          <Odometer text={formatWallRate(enrolled, target, 2, language)} />
        </p>
        <p className={styles.target}>{text('board.target', { target: formatCount(target, language) })}</p>
        <p className={styles.gap}>{text('board.gap', { gap: formatCount(gap, language) })}</p>
      </section>
      <div className={styles.tiles}>
        <TileMap picture={picture} />
      </div>
      <div className={styles.legend}>
        <MapLegend />
      </div>
      <div className={styles.latest}>
        <Latest source={picture} hasRises />
      </div>
    </div>
  );
}
