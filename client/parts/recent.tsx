import { useEffect, useState } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount, formatDelta } from '#client/design/numbers.ts';
import type { PictureFragment } from '#client/wire/generated/graphql.ts';
import styles from './recent.module.css';
import { createTicker, type Notice, nextDueMs, show, take } from './ticker.ts';

const places = [0, 1, 2] as const;

/** What just came in, by place and number, never by person; a fall stands first, and says why. */
export function Recent({ picture }: { picture: PictureFragment }) {
  const text = useText();
  const [ticker, setTicker] = useState(() =>
    show(take(createTicker(places.length), picture), performance.now()),
  );
  const isUnread = ticker.epoch !== picture.epoch || ticker.revision < picture.revision;
  if (isUnread) setTicker(take(ticker, picture));

  const dueMs = nextDueMs(ticker);
  useEffect(() => {
    if (dueMs === null) return;
    // A timer may fire a trifle early; what was due is due.
    const showDue = () => setTicker((now) => show(now, Math.max(dueMs, performance.now())));
    const timer = setTimeout(showDue, Math.max(0, dueMs - performance.now()));
    return () => clearTimeout(timer);
  }, [dueMs]);

  const { fall } = ticker;
  const isEmpty = fall === null && ticker.places.every((notice) => notice === null);
  return (
    <section className={styles.recent} data-has-fall={fall !== null}>
      <h2 className={styles.title}>{text('board.recent')}</h2>
      <div className={styles.notices}>
        {fall !== null && <Line key={`fall ${fall.key}`} notice={fall} />}
        {places.map((place) => {
          const notice = ticker.places[place] ?? null;
          return (
            <div className={styles.place} key={place}>
              {notice !== null && <Line key={notice.key} notice={notice} />}
            </div>
          );
        })}
        {isEmpty && <p className={styles.empty}>{text('board.recent.none')}</p>}
      </div>
    </section>
  );
}

function Line({ notice }: { notice: Notice }) {
  const text = useText();
  const language = useLanguage();
  const isFall = notice.delta < 0;
  const name = notice.name ?? text('board.fall.many', { count: formatCount(notice.districts, language) });
  return (
    <p className={isFall ? `${styles.line} ${styles.fall}` : styles.line}>
      <b className={styles.delta}>{formatDelta(notice.delta, language)}</b> {name}
      {isFall && (
        <span className={styles.reason}>
          <span className={styles.dot}> · </span>
          {text(`board.fall.${notice.reason ?? 'unstated'}`)}
        </span>
      )}
    </p>
  );
}
