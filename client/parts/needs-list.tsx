import { memo, type ReactNode } from 'react';
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

/** What to do about the figures: three short lists, each line with the figure it rests on and the step to take. */
export const NeedsList = memo(function NeedsList({ needs, placeOf, stopped }: Props) {
  const text = useText();
  const language = useLanguage();
  const { almost, still, stillCount } = needs;
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
        <Group title={text('needs.almost')}>{almost.map((each) => line(each, 'needs.almost.do'))}</Group>
      )}
      {still.length > 0 && (
        <Group title={text('needs.still')}>
          {still.map((each) => line(each, 'needs.still.do'))}
          {stillCount > still.length && (
            <li className={styles.more}>
              {text('needs.still.more', { count: formatCount(stillCount - still.length, language) })}
            </li>
          )}
        </Group>
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

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <h3 className={styles.group}>{title}</h3>
      <ul className={styles.list}>{children}</ul>
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
