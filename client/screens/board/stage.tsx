/**
 * The stage: ground, masthead, truth corner, and the scene that is on.
 *
 * It alone reads the picture and hands it down, so that everything a frame changes changes in one commit; the scenes'
 * parts are memoized by value, so that only what changed renders. The root's data attributes say which (epoch,
 * revision) the numbers under it belong to, and stand on the same commit.
 */
import type { ComponentType, CSSProperties } from 'react';
import { useText } from '#client/design/language.tsx';
import { border } from '#client/design/songket.ts';
import { useStanding } from '#client/live/live-context.ts';
import { usePicture } from '#client/live/use-picture.ts';
import { TruthCorner } from '#client/parts/truth-corner.tsx';
import type { Subject } from '#client/wire/cache.ts';
import type { PictureFragment } from '#client/wire/generated/graphql.ts';
import { type SceneName, useSceneChange } from './scene-change.ts';
import { Standby } from './scenes/standby.tsx';
import { Totals } from './scenes/totals.tsx';
import styles from './stage.module.css';
import { useDrift } from './use-drift.ts';
import { useWakeLock } from './use-wake-lock.ts';

export const boardSubject: Subject = { area: null, parts: 'DISTRICT' };

const scenes: Record<SceneName, ComponentType<{ picture: PictureFragment }>> = {
  totals: Totals,
  standby: Standby,
};

interface Props {
  readonly scene: SceneName;
  /** Margin on each side, in per cent. */
  readonly safe: number;
}

export function Stage({ scene, safe }: Props) {
  const text = useText();
  const picture = usePicture(boardSubject);
  const { state } = useStanding();
  const shown = useSceneChange(picture === null ? 'standby' : scene);
  const drift = useDrift();
  useWakeLock();
  const Scene = scenes[shown.name];
  return (
    <main
      className={styles.stage}
      style={{ '--safe': safe } as CSSProperties}
      data-epoch={picture?.epoch}
      data-revision={picture?.revision}
      data-as-of={picture?.asOf}
      data-state={state}
      data-mode={picture?.mode.toLowerCase()}
    >
      <div className={styles.border} style={{ backgroundImage: border }} />
      <div className={styles.frame} style={{ translate: drift }}>
        <header className={styles.head}>
          <h1 className={styles.title}>
            {text('board.program')}
            <span className={styles.place}>{picture?.whole.area.name}</span>
          </h1>
          <TruthCorner picture={picture} />
        </header>
        <div className={styles.scene} data-phase={shown.phase} key={shown.name}>
          {picture === null ? <Standby picture={null} /> : <Scene picture={picture} />}
        </div>
      </div>
    </main>
  );
}
