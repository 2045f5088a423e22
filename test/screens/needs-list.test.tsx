import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { LanguageProvider } from '#client/design/language.tsx';
import { needsOf } from '#client/parts/needs.ts';
import { NeedsList } from '#client/parts/needs-list.tsx';

afterEach(cleanup);

const neighborhood = (number: number, enrolled: number) => ({
  code: `12.71.14.1001-${String(number).padStart(3, '0')}`,
  name: `Lingkungan ${number}`,
  enrolled,
  target: 25,
  sevenDays: 0,
});
const lines = () => screen.getAllByRole('listitem').map((line) => line.firstChild?.textContent);

test('[PAG-3] each list says how many there are, begins with the first four, and opens to all of them', () => {
  const almost = Array.from({ length: 7 }, (_, at) => neighborhood(at, 24));
  const still = Array.from({ length: 3 }, (_, at) => neighborhood(20 + at, 9));
  render(
    <LanguageProvider language="id">
      <NeedsList needs={needsOf([...almost, ...still])} placeOf={() => null} stopped={null} />
    </LanguageProvider>,
  );
  expect(screen.getAllByRole('heading', { level: 3 }).map(({ textContent }) => textContent)).toEqual([
    'Hampir tuntas: 7',
    'Tujuh hari tanpa pendaftaran: 3',
  ]);
  expect(lines()).toHaveLength(4 + 3);
  const [open, ...others] = screen.getAllByRole('button');
  expect(others).toEqual([]);
  expect(open?.getAttribute('aria-expanded')).toBe('false');
  fireEvent.click(screen.getByText('Tampilkan semua 7 lingkungan'));
  expect(lines().slice(0, 7)).toEqual(almost.map(({ name }) => name));
  expect(open?.getAttribute('aria-expanded')).toBe('true');
  fireEvent.click(screen.getByText('Tampilkan yang teratas saja'));
  expect(lines()).toHaveLength(4 + 3);
});
