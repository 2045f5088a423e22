import { ratePlain } from '#client/design/numbers.ts';
import { type AreaRow, type Order, sorted } from '#client/parts/area-rows.ts';
import { csvOf, dataMarks } from '#client/parts/save-file.ts';
import type { AreaPictureFragment } from '#client/wire/generated/staff/graphql.ts';
import type { Language, TextKey } from '#texts/catalog.ts';

interface Taken {
  readonly place: { readonly code: string };
  readonly picture: Pick<AreaPictureFragment, 'revision' | 'asOf' | 'mode'>;
  readonly rows: readonly AreaRow[];
  readonly order: Order;
  readonly language: Language;
  text(key: TextKey): string;
}

/** The table as a file: its name and its text. The lines as they stand on the page, each with where it comes from. */
export function areaCsv({ place, picture, rows, order, language, text }: Taken): [string, string] {
  const head = [
    text('csv.code'),
    text('csv.name'),
    text('area.column.enrolled'),
    text('column.TARGET'),
    text('csv.rate'),
    text('area.column.complete'),
    text('csv.neighborhoods'),
    text('area.paying'),
    text('area.too-new'),
    text('area.not-paying'),
    text('area.column.pace'),
    text('csv.revision'),
    text('csv.as-of'),
    text('csv.data'),
  ];
  const cell = (value: number | null | undefined) =>
    value === null || value === undefined ? '' : String(value);
  const lines = sorted(rows, order).map(({ code, name, sums, pace }) => [
    code,
    name,
    cell(sums.enrolled),
    cell(sums.target),
    ratePlain(sums.enrolled, sums.target, 2, language),
    cell(sums.complete),
    cell(sums.neighborhoods),
    cell(sums.bands?.paying),
    cell(sums.bands?.tooNew),
    cell(sums.bands?.notPaying),
    cell(pace?.sevenDays),
    cell(picture.revision),
    picture.asOf,
    text(dataMarks[picture.mode]),
  ]);
  return [`kepling-${place.code}-r${picture.revision}.csv`, csvOf([head, ...lines], language)];
}
