/**
 * The stage: ground, masthead, truth corner, and the scene that is on.
 *
 * It alone reads the picture and hands it down, so that everything a frame changes changes in one commit; the scenes'
 * parts are memoized by value, so that only what changed renders. The root's data attributes say which (epoch,
 * revision) the numbers under it belong to, and stand on the same commit.
 */
import { type CSSProperties, useState } from 'react';
import { useText } from '#client/design/language.tsx';
import { border } from '#client/design/songket.ts';
import { FollowLeaders } from '#client/live/follow-leaders.tsx';
import { FollowTotals } from '#client/live/follow-totals.tsx';
import { createLive, LiveContext, useStanding } from '#client/live/live-context.ts';
import { TruthCorner } from '#client/parts/truth-corner.tsx';
import type { LeadersLevel } from '#client/wire/cache.ts';
import type { PictureFragment } from '#client/wire/generated/graphql.ts';
import type { Cue } from './play.ts';
import { Blank } from './scenes/blank.tsx';
import { Leaders } from './scenes/leaders.tsx';
import { CityMap } from './scenes/map.tsx';
import { Standby } from './scenes/standby.tsx';
import { Totals } from './scenes/totals.tsx';
import styles from './stage.module.css';
import { useDrift } from './use-drift.ts';
import { boardSubject, levelsOf, type OnAir, type Shown, useOnAir } from './use-on-air.ts';
import { useWakeLock } from './use-wake-lock.ts';

interface Props {
  readonly cue: Cue;
  /** Margin on each side, in per cent. */
  readonly safe: number;
}

export function Stage({ cue, safe }: Props) {
  const onAir = useOnAir(cue);
  const [lives] = useState(createLives);
  const { picture } = onAir;
  useWakeLock();
  return (
    <>
      <LiveContext value={lives.city}>
        <FollowTotals subject={boardSubject} />
      </LiveContext>
      {levelsOf(onAir.cue, cue).map((level) => (
        <LiveContext value={lives[level]} key={level}>
          <FollowLeaders level={level} />
        </LiveContext>
      ))}
      <LiveContext value={lives[followerOf(picture)]}>
        <Wall onAir={onAir} isDark={cue.scene === 'blank'} safe={safe} />
      </LiveContext>
    </>
  );
}

/** Each follower keeps its own word of how it stands; the wall speaks of the one whose figures it shows. */
function createLives() {
  return {
    city: createLive(),
    DISTRICT: createLive(),
    VILLAGE: createLive(),
    NEIGHBORHOOD: createLive(),
  };
}

function followerOf(picture: Shown | null): LeadersLevel | 'city' {
  if (picture?.__typename !== 'LeadersFrame' || picture.level === 'CITY') return 'city';
  return picture.level;
}

interface WallProps {
  readonly onAir: OnAir;
  readonly isDark: boolean;
  readonly safe: number;
}

function Wall({ onAir: { cue, phase, picture, city }, isDark, safe }: WallProps) {
  const text = useText();
  const { state } = useStanding();
  const drift = useDrift();
  const isBlank = cue?.scene === 'blank';
  return (
    <main
      className={styles.stage}
      style={{ '--safe': safe } as CSSProperties}
      data-scene={cue?.scene ?? 'waiting'}
      data-epoch={picture?.epoch}
      data-revision={picture?.revision}
      data-as-of={picture?.asOf}
      data-state={state}
      data-mode={picture?.mode.toLowerCase()}
    >
      <div className={styles.border} style={{ backgroundImage: border }} />
      <div className={styles.frame} style={{ translate: drift }}>
        {!isBlank && (
          <header className={styles.head}>
            <h1 className={styles.title}>
              {text('board.program')}
              <span className={styles.place}>{city?.whole.area.name}</span>
            </h1>
            <TruthCorner picture={picture} />
          </header>
        )}
        <div
          className={styles.scene}
          data-phase={phase}
          key={cue === null ? 'waiting' : `${cue.scene} ${cue.level}`}
        >
          <Scene cue={cue} picture={picture} city={city} />
        </div>
      </div>
      <div className={styles.curtain} data-is-drawn={isDark} />
    </main>
  );
}

interface SceneProps {
  readonly cue: Cue | null;
  readonly picture: Shown | null;
  readonly city: PictureFragment | null;
}

function Scene({ cue, picture, city }: SceneProps) {
  if (cue === null) return <Standby isWaiting place={null} asOf={null} />;
  if (cue.scene === 'blank') return <Blank />;
  if (cue.scene === 'standby') {
    return <Standby isWaiting={false} place={city?.whole.area.name ?? null} asOf={picture?.asOf ?? null} />;
  }
  if (picture?.__typename === 'LeadersFrame') return <Leaders picture={picture} city={city} />;
  if (picture?.__typename !== 'TotalsFrame') return null;
  return cue.scene === 'map' ? <CityMap picture={picture} /> : <Totals picture={picture} />;
}
