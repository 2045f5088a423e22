import { type CSSProperties, memo, type ReactNode } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount } from '#client/design/numbers.ts';
import styles from './neighborhood-tiles.module.css';
import { Settling } from './settling.tsx';

export interface TiledVillage {
  readonly code: string;
  readonly name: string;
  readonly neighborhoods: readonly {
    readonly code: string;
    readonly name: string;
    readonly enrolled: number;
    readonly target: number;
  }[];
}

interface Props {
  readonly villages: readonly TiledVillage[];
  /** The village's name as it stands before its tiles: a link, where there is a page of it. */
  readonly head: (village: TiledVillage) => ReactNode;
}

/**
 * Every neighborhood with its number, village by village and always in the same place. Gold has reached its target,
 * the rest is the darker the more is reached; the number says it too.
 */
export function NeighborhoodTiles({ villages, head }: Props) {
  return (
    <div className={styles.villages}>
      {villages.map((village) => (
        <section className={styles.village} key={village.code}>
          <h3 className={styles.name}>{head(village)}</h3>
          <ul className={styles.tiles}>
            {village.neighborhoods.map((each) => (
              <Tile key={each.code} {...each} village={village.name} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

interface TileProps {
  readonly code: string;
  readonly name: string;
  readonly enrolled: number;
  readonly target: number;
  readonly village: string;
}

const Tile = memo(function Tile({ code, name, enrolled, target, village }: TileProps) {
  const text = useText();
  const language = useLanguage();
  const share = target > 0 ? Math.min(1, enrolled / target) : 0;
  const count = formatCount(enrolled, language);
  const label = text('area.tile', { name, village, enrolled: count, target: formatCount(target, language) });
  return (
    <li
      className={styles.tile}
      data-area={code}
      data-enrolled={enrolled}
      data-is-complete={target > 0 && enrolled >= target}
      style={{ '--shade': `${Math.round(Math.max(0, share - 0.4) * 90)}%` } as CSSProperties}
      title={label}
    >
      <span className="visually-hidden">{label}</span>
      <span aria-hidden="true" className={styles.roman}>
        {name.slice(name.lastIndexOf(' ') + 1)}
      </span>
      <span aria-hidden="true" className={styles.count}>
        <Settling value={enrolled}>{count}</Settling>
      </span>
    </li>
  );
});
