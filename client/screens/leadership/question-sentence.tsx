import { type ReactNode, useId } from 'react';
import { useLanguage, useText } from '#client/design/language.tsx';
import { formatDate } from '#client/design/numbers.ts';
import { DayField } from '#client/parts/day-field.tsx';
import { dayOf, shiftDay } from '#client/parts/pace.ts';
import type { Dimension, Measure } from '#client/wire/generated/staff/graphql.ts';
import type { City } from './city.ts';
import { breakdownsOf, hasPeriod, measures, type Question, withArea } from './question.ts';
import styles from './question-sentence.module.css';

interface Props {
  readonly question: Question;
  readonly city: City;
  /** The program's present moment. */
  readonly now: string;
  readonly onAsk: (question: Question) => void;
}

/** The question as one sentence whose words can be chosen. Nothing has to be sent: each choice asks. */
export function QuestionSentence({ question, city, now, onAsk }: Props) {
  const text = useText();
  const language = useLanguage();
  const today = dayOf(now);
  const { measure, by, area } = question;
  const from = question.from ?? city.startsOn;
  const to = question.to ?? today;
  const isPeriod = hasPeriod(question);
  const periods = isPeriod
    ? [
        { name: text('question.period.all'), from: null },
        { name: text('question.period.month'), from: `${today.slice(0, 8)}01` },
        { name: text('question.period.week'), from: shiftDay(today, -6) },
      ]
    : [{ name: text('question.period.today'), from: null }];
  return (
    <form className={`${styles.question} not-printed`} onSubmit={(event) => event.preventDefault()}>
      <p className={styles.sentence}>
        <Word label={text('question.measure')} lead={text('question.show')}>
          {(id) => (
            <select
              className={styles.choice}
              id={id}
              onChange={({ target }) => onAsk({ ...question, measure: target.value as Measure })}
              value={measure}
            >
              {measures.map((each) => (
                <option key={each} value={each}>
                  {text(`measure.${each}`)}
                </option>
              ))}
            </select>
          )}
        </Word>
        <Word label={text('question.breakdown')} lead={text('question.by')}>
          {(id) => (
            <select
              className={styles.choice}
              id={id}
              onChange={({ target }) => onAsk({ ...question, by: target.value as Dimension })}
              value={by}
            >
              {breakdownsOf(area).map((each) => (
                <option key={each} value={each}>
                  {text(`by.${each}` as 'by.DAY')}
                </option>
              ))}
            </select>
          )}
        </Word>
        <Word label={text('question.area')} lead={text('question.in')}>
          {(id) => (
            <select
              className={styles.choice}
              id={id}
              onChange={({ target }) => onAsk(withArea(question, target.value || null))}
              value={area ?? ''}
            >
              <option value="">{city.name}</option>
              {city.districts.map((district) => (
                <optgroup key={district.code} label={district.name}>
                  <option value={district.code}>{district.name}</option>
                  {district.villages.map((village) => (
                    <option key={village.code} value={village.code}>
                      {village.name}, {district.name}
                    </option>
                  ))}
                </optgroup>
              ))}
            </select>
          )}
        </Word>
        {isPeriod && (
          <Word label={text('question.first-day')} lead={text('question.from')}>
            {(id) => (
              <DayField
                className={styles.choice}
                id={id}
                max={to}
                min={city.startsOn}
                onChoose={(day) => onAsk({ ...question, from: day })}
                tooEarly={text('day.EARLY', { date: formatDate(city.startsOn, language) })}
                tooLate={text('day.ORDER', { date: formatDate(to, language) })}
                value={from}
              />
            )}
          </Word>
        )}
        <Word
          label={text(isPeriod ? 'question.last-day' : 'question.day')}
          lead={text(isPeriod ? 'question.to' : 'question.at')}
        >
          {(id) => (
            <DayField
              className={styles.choice}
              id={id}
              max={today}
              min={isPeriod ? from : city.startsOn}
              onChoose={(day) => onAsk({ ...question, to: day === today ? null : day })}
              tooEarly={
                isPeriod
                  ? text('day.ORDER.last', { date: formatDate(from, language) })
                  : text('day.EARLY', { date: formatDate(city.startsOn, language) })
              }
              tooLate={text('day.FUTURE', { date: formatDate(today, language) })}
              value={to}
            />
          )}
        </Word>
      </p>
      <fieldset className={styles.periods}>
        <legend className="visually-hidden">{text('question.periods')}</legend>
        {periods.map((period) => (
          <button
            aria-pressed={question.from === period.from && question.to === null}
            className={styles.period}
            key={period.name}
            onClick={() => onAsk({ ...question, from: period.from, to: null })}
            type="button"
          >
            {period.name}
          </button>
        ))}
      </fieldset>
    </form>
  );
}

function Word({
  lead,
  label,
  children,
}: {
  lead: string;
  label: string;
  children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <span className={styles.word}>
      <label htmlFor={id}>
        {lead}
        <span className="visually-hidden"> ({label})</span>
      </label>{' '}
      {children(id)}{' '}
    </span>
  );
}
