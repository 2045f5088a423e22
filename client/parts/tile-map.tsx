/**
 * The city as tiles, laid out like the city: a name, a rate and a color each. A tile that has just grown is lit from
 * behind and settles; light and lift are transforms and opacity on the tile's own layers, so they cost neither layout
 * nor paint of what stands on it.
 */
import { type CSSProperties, memo, useEffect, useLayoutEffect, useRef } from 'react';
import { prefersCuts } from '#client/design/frame-loop.ts';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatWallRate } from '#client/design/numbers.ts';
import type { PictureFragment } from '#client/wire/generated/graphql.ts';
import { createGlowTurns, type GlowTurns, glowMs } from './glow-turns.ts';
import { medanTiles, type TilePlace } from './medan-tiles.ts';
import { emOf } from './odometer.tsx';
import styles from './tile-map.module.css';
import { tileColor } from './tile-scale.ts';

type Picture = Pick<PictureFragment, 'epoch' | 'isLoading' | 'parts'>;

export function TileMap({ picture }: { picture: Picture }) {
  const text = useText();
  const list = useRef<HTMLUListElement>(null);
  useGlow(list, picture);
  const byCode = new Map(picture.parts.map((part) => [part.area.code, part]));
  return (
    <ul className={styles.tiles} aria-label={text('board.map')} ref={list}>
      {medanTiles.map((place) => {
        const part = byCode.get(place.code);
        if (part === undefined) return null;
        const { area, totals, rank } = part;
        return <Tile key={place.code} {...place} name={area.shortName} {...totals} rank={rank} />;
      })}
    </ul>
  );
}

interface TileProps extends TilePlace {
  readonly name: string;
  readonly enrolled: number;
  readonly target: number;
  readonly rank: number | null;
}

const Tile = memo(function Tile({ code, abbreviation, row, column, name, ...figures }: TileProps) {
  const language = useLanguage();
  const { enrolled, target, rank } = figures;
  const { ground, ink } = tileColor(enrolled, target, rank);
  const rate = formatWallRate(enrolled, target, 1, language);
  const [number = '', sign = ''] = rate.endsWith('%') ? [rate.slice(0, -1), '%'] : [rate];
  return (
    <li
      className={styles.tile}
      style={{ gridArea: `${row + 1} / ${column + 1}`, '--ground': ground, '--ink': ink } as CSSProperties}
      data-area={code}
      data-enrolled={enrolled}
      data-is-leader={rank === 1}
    >
      <i className={styles.light} />
      <span className={styles.face}>
        <span className={styles.name}>{name}</span>
        <span className={styles.letters} aria-hidden="true">
          {abbreviation}
        </span>
        <span className={styles.rate} style={{ '--em': emOf(number) } as CSSProperties}>
          {number}
          <span className={styles.sign}>{sign}</span>
        </span>
      </span>
    </li>
  );
});

/** Lights the tiles that grew since the last picture; never those of another epoch or of opening figures. */
function useGlow(list: { readonly current: HTMLElement | null }, { epoch, isLoading, parts }: Picture): void {
  const turns = useRef<GlowTurns | null>(null);
  const before = useRef<{ epoch: string; enrolled: Map<string, number> } | null>(null);

  useEffect(() => {
    const made = createGlowTurns((code) => {
      const tile = list.current?.querySelector(`[data-area="${code}"]`);
      if (tile) glow(tile);
    });
    turns.current = made;
    return () => made.stop();
  }, [list]);

  useLayoutEffect(() => {
    const old = before.current;
    before.current = {
      epoch,
      enrolled: new Map(parts.map((part) => [part.area.code, part.totals.enrolled])),
    };
    if (old?.epoch !== epoch || isLoading) return;
    for (const { area, totals } of parts) {
      if (totals.enrolled > (old.enrolled.get(area.code) ?? totals.enrolled)) turns.current?.grown(area.code);
    }
  }, [epoch, isLoading, parts]);
}

function glow(tile: Element): void {
  const timing = { duration: glowMs, easing: 'cubic-bezier(0.16, 1, 0.3, 1)' };
  const [light, face] = tile.children;
  light?.animate({ opacity: [0, 1, 0.75, 0], offset: [0, 0.08, 0.3, 1] }, glowMs);
  if (prefersCuts()) return;
  face?.animate({ transform: ['scale(1.045)', 'scale(1)'] }, timing);
  light?.animate({ transform: ['scale(1.09, 1.14)', 'scale(1)'] }, timing);
}
