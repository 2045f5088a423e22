import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import fc from 'fast-check';
import { useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { LanguageProvider } from '#client/design/language.tsx';
import { DayField } from '#client/parts/day-field.tsx';
import { typedDay, writtenDay } from '#client/parts/typed-day.ts';

afterEach(cleanup);

/** The field on a page that takes each day it is given, and writes it down. */
function Field({ asked }: { asked: string[] }) {
  const [day, setDay] = useState('2025-10-29');
  const choose = (next: string) => {
    asked.push(next);
    setDay(next);
  };
  return (
    <DayField
      id="day"
      max="2025-10-29"
      min="2025-05-14"
      onChoose={choose}
      tooEarly="too early"
      tooLate="too late"
      value={day}
    />
  );
}

function showField(asked: string[]) {
  render(
    <LanguageProvider language="id">
      <Field asked={asked} />
    </LanguageProvider>,
  );
  return screen.getByRole('textbox') as HTMLInputElement;
}

/** Types letter by letter over what stands there. */
function type(field: HTMLInputElement, text: string): void {
  for (let length = 0; length <= text.length; length++) {
    fireEvent.change(field, { target: { value: text.slice(0, length) } });
    expect(field.value).toBe(text.slice(0, length));
  }
}

test('[PAG-14] a typed day stays as it is typed and asks once, at its last digit', () => {
  const asked: string[] = [];
  const field = showField(asked);
  expect(field.value).toBe('29/10/2025');
  type(field, '01/06/2025');
  fireEvent.blur(field);
  expect(asked).toEqual(['2025-06-01']);
  expect(field.value).toBe('01/06/2025');
});

test('[PAG-14] a short day is asked with Enter or on leaving; an emptied field goes back and asks nothing', () => {
  const asked: string[] = [];
  const field = showField(asked);
  type(field, '1/6/2025');
  expect(asked).toEqual([]);
  fireEvent.keyDown(field, { key: 'Enter' });
  expect([asked, field.value]).toEqual([['2025-06-01'], '01/06/2025']);
  type(field, '');
  fireEvent.blur(field);
  expect([asked, field.value]).toEqual([['2025-06-01'], '01/06/2025']);
});

test('[PAG-14] what is no day, or outside its limits, is told in words and not asked', () => {
  const asked: string[] = [];
  const field = showField(asked);
  const told = () => screen.getByRole('alert').textContent;
  for (const [typed, words] of [
    ['31/06/2025', 'Tulis tanggal seperti 29/10/2025.'],
    ['13/05/2025', 'too early'],
    ['30/10/2025', 'too late'],
  ] as const) {
    type(field, typed);
    expect(told()).toBe(words);
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(field.getAttribute('aria-describedby')).toBe(screen.getByRole('alert').id);
  }
  type(field, 'x');
  expect(told()).toBe('');
  fireEvent.blur(field);
  expect(told()).toBe('Tulis tanggal seperti 29/10/2025.');
  fireEvent.keyDown(field, { key: 'Escape' });
  expect([field.value, told(), asked]).toEqual(['29/10/2025', '', []]);
});

test('[PAG-14] the arrow keys move by a day and stop at the limits', () => {
  const asked: string[] = [];
  const field = showField(asked);
  fireEvent.keyDown(field, { key: 'ArrowUp' });
  fireEvent.keyDown(field, { key: 'ArrowDown' });
  expect([asked, field.value]).toEqual([['2025-10-28'], '28/10/2025']);
});

test('[PAG-14] every day is written and read back, and what is none is not read', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }), (date) => {
      const day = date.toISOString().slice(0, 10);
      expect(typedDay(writtenDay(day))).toBe(day);
    }),
  );
  for (const typed of ['', '29/02/2025', '00/01/2025', '1/13/2025', '29/10/25', 'besok'])
    expect(typedDay(typed), typed).toBeNull();
});
