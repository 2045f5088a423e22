import { memo, useState } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatDay, formatDelta, formatTime } from '#client/design/numbers.ts';
import type { AreaPictureFragment } from '#client/wire/generated/staff/graphql.ts';
import styles from './just-in.module.css';
import { dayOf } from './pace.ts';

type Movements = AreaPictureFragment['recent'];

const shown = 6;

/** What just came in or was taken out, by place and number, never by person; newest first. A fall says why. */
export const JustIn = memo(function JustIn({ recent, today }: { recent: Movements; today: string }) {
  const text = useText();
  const language = useLanguage();
  const [opened] = useState(() => recent[0]?.revision ?? 0);
  return (
    <section>
      <h2 className={styles.title}>{text('just-in.title')}</h2>
      {recent.length === 0 ? (
        <p className={styles.none}>{text('just-in.none')}</p>
      ) : (
        <ol className={styles.list}>
          {recent.slice(0, shown).map(({ revision, at, delta, reason, area }) => (
            <li
              className={styles.line}
              data-is-new={revision > opened}
              key={`${revision} ${area.code} ${reason ?? ''}`}
            >
              <b className={delta < 0 ? styles.fall : styles.rise}>{formatDelta(delta, language)}</b>
              <span>
                {area.name}
                {delta < 0 && `, ${text(`board.fall.${reason ?? 'unstated'}`)}`}
              </span>
              <time className={styles.time} dateTime={at}>
                {dayOf(at) === today
                  ? formatTime(Date.parse(at), language).slice(0, 5)
                  : formatDay(dayOf(at), language)}
              </time>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
});
