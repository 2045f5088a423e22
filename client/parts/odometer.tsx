/**
 * A number whose digits roll from what was shown to what is true.
 *
 * What is rolled is decoration, hidden from assistive technology and made without text of its own; the true number
 * stands beside it as plain text and changes at once. Wheels move by transform alone, all in the page's one animation
 * loop, so a roll costs neither layout nor paint. A reader who wants less motion gets a cut.
 */
import { type CSSProperties, memo, useLayoutEffect, useRef } from 'react';
import { prefersCuts, setMoving, stopMoving } from '#client/design/frame-loop.ts';
import styles from './odometer.module.css';
import { aim, createWheel, face, turn, type Wheel } from './wheels.ts';

interface Props {
  /** The number as written, `37.058` or `74,08%`: its digits become wheels, the rest stands still. */
  readonly text: string;
}

const faces = Array.from({ length: 11 }, (_, step) => ({ step, digit: step % 10 }));
const digitEm = 0.6;
const markEm = 0.28;
const percentEm = 0.94;

export const Odometer = memo(function Odometer({ text }: Props) {
  const row = useRef<HTMLSpanElement>(null);
  const wheels = useRef<Wheel[]>([]);

  useLayoutEffect(() => {
    const strips = row.current === null ? [] : [...row.current.querySelectorAll<HTMLElement>('[data-strip]')];
    const goals = stepsOf(text);
    const isFirst = wheels.current.length === 0;
    // From the right, so that a place keeps its wheel when the number grows by a digit.
    wheels.current = goals.map((goal, place) => wheels.current[place] ?? createWheel(isFirst ? goal : 0));
    for (const [place, wheel] of wheels.current.entries()) aim(wheel, goals[place] ?? 0);
    const drawn: number[] = [];
    const draw = () => {
      for (const [place, wheel] of wheels.current.entries()) {
        const strip = strips[strips.length - 1 - place];
        const at = face(wheel);
        if (strip === undefined || drawn[place] === at) continue;
        drawn[place] = at;
        strip.style.transform = `translateY(${(-at * 100) / faces.length}%)`;
      }
    };
    const move = (seconds: number) => {
      let isMoving = false;
      for (const wheel of wheels.current) isMoving = turn(wheel, seconds) || isMoving;
      draw();
      return isMoving;
    };
    if (prefersCuts()) for (const wheel of wheels.current) Object.assign(wheel, createWheel(wheel.goal));
    draw();
    setMoving(move);
    return () => stopMoving(move);
  }, [text]);

  return (
    <span className={styles.odometer} style={{ '--em': emOf(text) } as CSSProperties}>
      <span className="visually-hidden">{text}</span>
      <span className={styles.row} aria-hidden="true" ref={row}>
        {cellsOf(text).map(({ place, character }) =>
          isDigit(character) ? (
            <span className={styles.window} key={place}>
              <span className={styles.strip} data-strip="">
                {faces.map(({ step, digit }) => (
                  <span className={styles.face} data-face={digit} key={step} />
                ))}
              </span>
            </span>
          ) : (
            <span className={styles.mark} data-mark={character} key={place} />
          ),
        )}
      </span>
    </span>
  );
});

/** The characters of a number with their places counted from the right, so that a place keeps its wheel. */
function cellsOf(text: string): { place: number; character: string }[] {
  return [...text].map((character, index) => ({ place: text.length - index, character }));
}

/** How wide a number is in its own type size, in em; the hero's size is chosen by it. */
export function emOf(text: string): number {
  let em = 0;
  for (const character of text) em += isDigit(character) ? digitEm : character === '%' ? percentEm : markEm;
  return Math.round(em * 100) / 100;
}

/** Goal of each wheel from the right: the number without its last `place` digits, so that carries turn by themselves. */
function stepsOf(text: string): number[] {
  const digits = [...text].filter(isDigit);
  return digits.map((_, place) => Number(digits.slice(0, digits.length - place).join('')));
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}
