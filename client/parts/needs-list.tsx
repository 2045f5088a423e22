import { memo, type ReactNode, useId, useState } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatCount } from '#client/design/numbers.ts';
import type { Needs, Neighborhood } from './needs.ts';
import styles from './needs-list.module.css';

interface Props {
  readonly needs: Needs;
  /** The village of a neighborhood, where more than one is on the page. */
  readonly placeOf: (code: string) => string | null;
  /** The area below this one where most have stopped paying; null while unknown, or where nobody has. */
  readonly stopped: { readonly name: string; readonly count: number; readonly enrolled: number } | null;
}

/** What to do about the figures: three lists, short until more is wanted, each line with the figure it rests on and the step to take. */
export const NeedsList = memo(function NeedsList({ needs, placeOf, stopped }: Props) {
  const text = useText();
  const language = useLanguage();
  const { almost, still } = needs;
  const isQuiet = almost.length === 0 && still.length === 0 && stopped === null;
  const line = (each: Neighborhood, step: 'needs.almost.do' | 'needs.still.do') => {
    const place = placeOf(each.code);
    return (
      <Line
        figure={`${formatCount(each.enrolled, language)} ${text('figure.of', { whole: formatCount(each.target, language) })}`}
        key={each.code}
        name={place === null ? each.name : `${each.name}, ${place}`}
        step={text(step, { missing: formatCount(each.target - each.enrolled, language) })}
      />
    );
  };
  return (
    <section className={styles.needs}>
      <h2 className={styles.title}>{text('needs.title')}</h2>
      {isQuiet && <p className={styles.quiet}>{text('needs.none')}</p>}
      {almost.length > 0 && (
        <LongGroup lines={almost.map((each) => line(each, 'needs.almost.do'))} title={text('needs.almost')} />
      )}
      {still.length > 0 && (
        <LongGroup lines={still.map((each) => line(each, 'needs.still.do'))} title={text('needs.still')} />
      )}
      {stopped !== null && (
        <Group title={text('needs.payers')}>
          <Line
            figure={`${formatCount(stopped.count, language)} ${text('figure.of', { whole: formatCount(stopped.enrolled, language) })}`}
            name={stopped.name}
            step={text('needs.payers.do')}
          />
        </Group>
      )}
    </section>
  );
});

const shownAtFirst = 4;

/** How many there are in all, the first of them, and the rest as soon as it is wanted. */
function LongGroup({ title, lines }: { title: string; lines: readonly ReactNode[] }) {
  const text = useText();
  const language = useLanguage();
  const [isWhole, setWhole] = useState(false);
  const id = useId();
  const isLong = lines.length > shownAtFirst;
  const count = formatCount(lines.length, language);
  return (
    <>
      <Group id={id} title={`${title}: ${count}`}>
        {isWhole ? lines : lines.slice(0, shownAtFirst)}
      </Group>
      {isLong && (
        <button
          aria-controls={id}
          aria-expanded={isWhole}
          className={`${styles.more} not-printed`}
          onClick={() => setWhole(!isWhole)}
          type="button"
        >
          {isWhole ? text('needs.fewer') : text('needs.all', { count })}
        </button>
      )}
    </>
  );
}

function Group({ title, id, children }: { title: string; id?: string; children: ReactNode }) {
  return (
    <>
      <h3 className={styles.group}>{title}</h3>
      <ul className={styles.list} id={id}>
        {children}
      </ul>
    </>
  );
}

function Line({ name, figure, step }: { name: string; figure: string; step: string }) {
  return (
    <li className={styles.line}>
      <span className={styles.name}>{name}</span>
      <span className={styles.figure}>{figure}</span>
      <span className={styles.step}>{step}</span>
    </li>
  );
}
