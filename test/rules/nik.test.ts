import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkNik, isSimulatedNik, maskNik, nikWarnings } from '#server/domain/enrollments/nik.ts';

const live = { allowSimulated: false };
const demonstration = { allowSimulated: true };
const twoDigits = (number: number) => String(number).padStart(2, '0');

const anyNik = fc
  .record({
    area: fc.integer({ min: 0, max: 989_999 }),
    day: fc.integer({ min: 1, max: 31 }),
    isFemale: fc.boolean(),
    month: fc.integer({ min: 1, max: 12 }),
    year: fc.integer({ min: 0, max: 99 }),
    serial: fc.integer({ min: 1, max: 9999 }),
  })
  .map(({ area, day, isFemale, month, year, serial }) =>
    [
      String(area).padStart(6, '0'),
      twoDigits(day + (isFemale ? 40 : 0)) + twoDigits(month) + twoDigits(year),
      String(serial).padStart(4, '0'),
    ].join(''),
  );

function problemOf(text: string, options = live) {
  const check = checkNik(text, options);
  return 'problem' in check ? check.problem : null;
}

describe('a NIK', () => {
  it('[ENR-1] is 16 digits, whatever area they name', () => {
    fc.assert(
      fc.property(anyNik, (nik) => {
        expect(checkNik(nik, live)).toEqual({ nik });
      }),
    );
  });

  it('[ENR-1] is read through spaces, dots and full-width digits', () => {
    for (const text of [
      '1271141505900001',
      ' 127114 150590 0001\t',
      '12.71.14.150590.0001',
      '１２７１１４１５０５９０\u00a0０００１',
    ]) {
      expect(checkNik(text, live)).toEqual({ nik: '1271141505900001' });
    }
  });

  it('[ENR-1] is refused with any other number of digits, and says how many it has', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }).filter((length) => length !== 16),
        (length) => {
          expect(checkNik('1'.repeat(length), live)).toEqual({ problem: 'LENGTH', digits: length });
        },
      ),
    );
  });

  it('[ENR-1] is refused with anything but digits in it', () => {
    for (const text of [
      '12711415059O0001',
      '1.27114E+15',
      '-271141505900001',
      '127114150590000١',
      '1271141505900001;',
    ]) {
      expect([text, problemOf(text)]).toEqual([text, 'NOT_DIGITS']);
    }
  });

  it('[ENR-2] is refused for a day, month or serial that nobody has', () => {
    for (let day = 0; day <= 99; day++) {
      const isDay = (day >= 1 && day <= 31) || (day >= 41 && day <= 71);
      expect([day, problemOf(`127114${twoDigits(day)}01900001`)]).toEqual([day, isDay ? null : 'DAY']);
    }
    for (let month = 0; month <= 99; month++) {
      const isMonth = month >= 1 && month <= 12;
      expect([month, problemOf(`12711415${twoDigits(month)}900001`)]).toEqual([
        month,
        isMonth ? null : 'MONTH',
      ]);
    }
    expect(problemOf('1271141505900000')).toBe('SERIAL');
  });

  it('[ENR-3] of province 99 is accepted only where made-up people are', () => {
    const nik = '9971141505900001';
    expect(checkNik(nik, live)).toEqual({ problem: 'SIMULATED_NOT_ALLOWED', digits: 16 });
    expect(checkNik(nik, demonstration)).toEqual({ nik });
    expect(checkNik('1271141505900001', demonstration)).toEqual({ nik: '1271141505900001' });
    expect([nik, '1271141505900001'].map(isSimulatedNik)).toEqual([true, false]);
  });

  it('[ENR-4] that looks odd is warned about and never refused', () => {
    const on = '2025-10-29';
    const warned = (nik: string, rest: object = {}) => {
      expect(checkNik(nik, live)).toEqual({ nik });
      return nikWarnings(nik, { on, ...rest });
    };
    expect(warned('1271141505900001')).toEqual([]);
    expect(warned('3174051505900001')).toEqual([]);
    expect(warned('5471141505900001')).toEqual(['UNKNOWN_PROVINCE']);
    expect(warned('1271143002900001')).toEqual(['IMPOSSIBLE_DATE']);
    expect(warned('1271142902000001')).toEqual([]);
    expect(warned('1271142902010001')).toEqual(['IMPOSSIBLE_DATE']);
    expect(warned('1271143010100001')).toEqual(['IMPLAUSIBLE_AGE']);
    expect(warned('1271142910100001')).toEqual([]);
    expect(warned('1271142910450001')).toEqual([]);
    expect(warned('1271142910440001')).toEqual(['IMPLAUSIBLE_AGE']);
    expect(warned('1271145505900001', { birthDate: '1990-05-15', sex: 'FEMALE' })).toEqual([]);
    expect(warned('1271145505900001', { birthDate: '1990-05-16', sex: 'MALE' })).toEqual([
      'BIRTH_DATE_DIFFERS',
      'SEX_DIFFERS',
    ]);
    expect(warned('1271145505900001', { birthDate: null, sex: null })).toEqual([]);
  });

  it('[ENR-4] whose bearer is born on the day that is said draws no warning about it', () => {
    const birth = fc.date({ min: new Date('1950-01-01'), max: new Date('2008-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(birth, fc.constantFrom('FEMALE' as const, 'MALE' as const), (date, sex) => {
        const birthDate = date.toISOString().slice(0, 10);
        const [year = '', month = '', day = ''] = birthDate.split('-');
        const nik = `127114${twoDigits(Number(day) + (sex === 'FEMALE' ? 40 : 0))}${month}${year.slice(2)}0001`;
        expect(nikWarnings(nik, { on: '2025-10-29', birthDate, sex })).toEqual([]);
      }),
    );
  });

  it('[ENR-5] is shown by its last four digits alone', () => {
    fc.assert(
      fc.property(anyNik, (nik) => {
        expect(maskNik(nik)).toBe(`************${nik.slice(12)}`);
      }),
    );
  });
});
