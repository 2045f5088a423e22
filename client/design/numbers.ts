/**
 * How figures, rates and times are written, in Indonesian and in English. Rates are computed here from whole numbers,
 * never from a float: rounded half up, and never as 100 % while a single one is missing.
 */
import type { Language } from '#texts/catalog.ts';

const locales: Record<Language, string> = { id: 'id-ID', en: 'en-US' };
const counters: Record<Language, Intl.NumberFormat> = {
  id: new Intl.NumberFormat(locales.id),
  en: new Intl.NumberFormat(locales.en),
};
const decimalMark: Record<Language, string> = { id: ',', en: '.' };

/** `50.025` in Indonesian, `50,025` in English. */
export function formatCount(count: number, language: Language): string {
  return counters[language].format(count);
}

/** `+3`, `−1`, with the typographer's minus; `0` has no sign. */
export function formatDelta(delta: number, language: Language): string {
  const sign = delta === 0 ? '' : delta < 0 ? '−' : '+';
  return `${sign}${formatCount(Math.abs(delta), language)}`;
}

/**
 * `enrolled` of `target` in per cent with the given decimals, as a whole number of the last place (7408 for 74,08 %);
 * null where there is no target. Held one place under 100 % while the target is not reached.
 */
export function ratePlaces(enrolled: number, target: number, decimals: number): number | null {
  if (target <= 0) return null;
  const hundred = 100 * 10 ** decimals;
  const places = Math.floor((2 * enrolled * hundred + target) / (2 * target));
  return enrolled < target ? Math.min(places, hundred - 1) : places;
}

/** `74,08%` in Indonesian, `74.08%` in English; a dash where there is no target. */
export function formatRate(enrolled: number, target: number, decimals: number, language: Language): string {
  const places = ratePlaces(enrolled, target, decimals);
  return places === null ? '–' : `${formatPlaces(places, decimals, language)}%`;
}

/**
 * A rate as a wall shows it: with the given decimals on the way, whole per cents once the target is reached. From there
 * on a decimal tells nobody anything, and takes the room that a third and fourth digit need.
 */
export function formatWallRate(
  enrolled: number,
  target: number,
  decimals: number,
  language: Language,
): string {
  return formatRate(enrolled, target, target > 0 && enrolled >= target ? 0 : decimals, language);
}

function formatPlaces(places: number, decimals: number, language: Language): string {
  const unit = 10 ** decimals;
  const whole = formatCount(Math.floor(places / unit), language);
  return decimals === 0
    ? whole
    : `${whole}${decimalMark[language]}${String(places % unit).padStart(decimals, '0')}`;
}

/** The same digits as `formatRate`'s for a file: no grouping and no sign; empty where there is none. */
export function ratePlain(enrolled: number, target: number, decimals: number, language: Language): string {
  const places = ratePlaces(enrolled, target, decimals);
  return places === null
    ? ''
    : (places / 10 ** decimals).toFixed(decimals).replace('.', decimalMark[language]);
}

const hourMs = 3_600_000;
const westernIndonesiaMs = 7 * hourMs;

/** `08.30.07 WIB` in Indonesian, `08:30:07 WIB` in English. Western Indonesia keeps no summer time. */
export function formatTime(timeMs: number, language: Language): string {
  const [hours, minutes, seconds] = new Date(timeMs + westernIndonesiaMs)
    .toISOString()
    .slice(11, 19)
    .split(':');
  const mark = language === 'id' ? '.' : ':';
  return `${hours}${mark}${minutes}${mark}${seconds} WIB`;
}

const dates: Record<Language, Intl.DateTimeFormat> = {
  id: new Intl.DateTimeFormat(locales.id, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
  en: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }),
};

/** A calendar day (`yyyy-mm-dd`) as `28 Okt`, or `28 Oct` in English. */
export function formatDay(day: string, language: Language): string {
  return dates[language].format(new Date(`${day}T00:00:00Z`));
}

const weekdays: Record<Language, Intl.DateTimeFormat> = {
  id: weekdayIn(locales.id),
  en: weekdayIn('en-GB'),
};

function weekdayIn(locale: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'Asia/Jakarta',
  });
}

/** The day of a moment in western Indonesia, as `Rabu, 29 Oktober 2025`, or `Wednesday 29 October 2025`. */
export function formatWeekday(timeMs: number, language: Language): string {
  return weekdays[language].format(timeMs);
}

const longDates: Record<Language, Intl.DateTimeFormat> = {
  id: new Intl.DateTimeFormat(locales.id, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }),
  en: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }),
};

/** A calendar day with its year: `28 Okt 2025`, or `28 Oct 2025`. */
export function formatDate(day: string, language: Language): string {
  return longDates[language].format(new Date(`${day}T00:00:00Z`));
}

const months: Record<Language, Intl.DateTimeFormat> = {
  id: new Intl.DateTimeFormat(locales.id, { month: 'long', year: 'numeric', timeZone: 'UTC' }),
  en: new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }),
};

/** The month of a calendar day: `Oktober 2025`, or `October 2025`. */
export function formatMonth(day: string, language: Language): string {
  return months[language].format(new Date(`${day}T00:00:00Z`));
}
