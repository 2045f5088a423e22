import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount, formatDelta } from '#client/design/numbers.ts';
import type { PictureFragment } from '#client/wire/generated/graphql.ts';
import styles from './recent.module.css';
import type { Notice } from './ticker.ts';
import { useTicker } from './use-ticker.ts';

const places = [0, 1, 2] as const;

/** What just came in, by place and number, never by person; a fall stands first, and says why. */
export function Recent({ picture }: { picture: PictureFragment }) {
  const text = useText();
  const ticker = useTicker(picture, places.length);
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
