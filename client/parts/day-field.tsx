import { type KeyboardEvent, useState } from 'react';
import { useText } from '#client/design/language.tsx';
import styles from './day-field.module.css';
import { shiftDay } from './pace.ts';
import { typedDay, writtenDay } from './typed-day.ts';

interface Props {
  readonly id: string;
  /** `yyyy-mm-dd`, as all days here. */
  readonly value: string;
  readonly min: string;
  readonly max: string;
  /** What is said of a day before `min` and of one after `max`. */
  readonly tooEarly: string;
  readonly tooLate: string;
  readonly className?: string | undefined;
  readonly onChoose: (day: string) => void;
}

/**
 * A day that is typed as dd/mm/yyyy, or moved with the arrow keys. What is typed stays as it is until it is a day: then
 * it is chosen, at its last digit, with Enter, or on leaving. An empty field goes back to the day that holds.
 */
export function DayField({ id, value, min, max, tooEarly, tooLate, className, onChoose }: Props) {
  const text = useText();
  const [draft, setDraft] = useState<string | null>(null);
  const [isDone, setDone] = useState(false);
  const problem = draft === null || draft.trim() === '' ? null : problemOf(draft);
  const isTold = problem !== null && (isDone || draft?.length === writtenDay(value).length);

  function problemOf(typed: string): string | null {
    const day = typedDay(typed);
    if (day === null) return text('day.unreadable');
    return day < min ? tooEarly : day > max ? tooLate : null;
  }

  function choose(typed: string): void {
    const day = typedDay(typed);
    if (day !== null && day !== value && problemOf(typed) === null) onChoose(day);
  }

  function type(typed: string): void {
    setDraft(typed);
    setDone(false);
    if (typed.length === writtenDay(value).length) choose(typed);
  }

  function end(): void {
    if (draft === null) return;
    setDone(true);
    choose(draft);
    if (problem === null) setDraft(null);
  }

  function press(event: KeyboardEvent): void {
    if (event.key === 'Enter') end();
    if (event.key === 'Escape') setDraft(null);
    const step = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    const next = shiftDay(typedDay(draft ?? '') ?? value, step);
    if (step === 0 || next < min || next > max) return;
    event.preventDefault();
    setDraft(null);
    onChoose(next);
  }

  return (
    <span className={styles.field}>
      <input
        aria-describedby={isTold ? `${id}problem` : undefined}
        aria-invalid={isTold}
        autoComplete="off"
        className={className}
        id={id}
        inputMode="numeric"
        maxLength={10}
        onBlur={end}
        onChange={({ target }) => type(target.value)}
        onKeyDown={press}
        placeholder={text('day.form')}
        size={10}
        type="text"
        value={draft ?? writtenDay(value)}
      />
      <span className={styles.problem} id={`${id}problem`} role="alert">
        {isTold && problem}
      </span>
    </span>
  );
}
