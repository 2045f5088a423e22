import { useRef } from 'react';

/**
 * Keeps rows where they are while somebody points at them or stands among them with the keyboard: figures change,
 * places wait. `sorting` names the wanted order; another one, or other rows, comes through at once.
 */
export function useHeldOrder<Row extends { readonly code: string }>(
  rows: readonly Row[],
  sorting: string,
  isHeld: boolean,
): readonly Row[] {
  const shown = useRef<{ sorting: string; codes: readonly string[] }>({ sorting, codes: [] });
  const byCode = new Map(rows.map((row) => [row.code, row]));
  const before = shown.current;
  const isSame =
    before.sorting === sorting &&
    before.codes.length === rows.length &&
    before.codes.every((code) => byCode.has(code));
  if (!isHeld || !isSame) shown.current = { sorting, codes: rows.map(({ code }) => code) };
  return shown.current.codes.flatMap((code) => byCode.get(code) ?? []);
}
