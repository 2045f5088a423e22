import { readFileSync } from 'node:fs';
import { cleanup, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LanguageProvider } from '#client/design/language.tsx';
import { createGlowTurns, glowMs } from '#client/parts/glow-turns.ts';
import { MapLegend } from '#client/parts/map-legend.tsx';
import { medanTiles } from '#client/parts/medan-tiles.ts';
import { TileMap } from '#client/parts/tile-map.tsx';
import { leaderColor, tileColor, tileSteps, unknownColor } from '#client/parts/tile-scale.ts';
import { pictureAt } from './picture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** The rows of the districts' file by its own headings. */
function districts(): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync('prisma/data/medan-districts.csv', 'utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, at) => [names[at], cell])));
}

function inIndonesian(children: ReactNode) {
  return <LanguageProvider language="id">{children}</LanguageProvider>;
}

/** WCAG's relative luminance of `#rrggbb`. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.040_45 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

test("[BRD-40] the tiles lie as the districts' file lays them out, 21 of them, none on another", () => {
  const filed = districts().map((row) => ({
    code: row.kemendagri_code,
    abbreviation: row.abbreviation,
    row: Number(row.tile_row),
    column: Number(row.tile_col),
  }));
  expect(filed).toHaveLength(21);
  expect(medanTiles).toEqual(filed);
  expect(new Set(medanTiles.map(({ row, column }) => `${row} ${column}`)).size).toBe(21);
});

test('[BRD-40] a tile says its district, its rate and how many, and one that is not in the picture is not made up', () => {
  const { container } = render(inIndonesian(<TileMap picture={pictureAt(0)} />));
  const tiles = [...container.querySelectorAll<HTMLElement>('[data-area]')];
  expect(tiles.map(({ dataset }) => [dataset.area, dataset.enrolled])).toEqual([
    ['12.71.01', '3026'],
    ['12.71.03', '0'],
    ['12.71.14', '2123'],
  ]);
  expect(tiles[2]?.textContent).toContain('Tembung');
  expect(tiles[2]?.textContent).toContain('89,4%');
  expect(tiles[2]?.style.gridArea).toBe('4 / 5');
  // Helvetia has no target in this picture, so it has no rate either.
  expect(tiles[1]?.textContent).toContain('–');
});

test('[BRD-41] every color of the map carries its ink with a contrast of 4.5 at least', () => {
  for (const { ground, ink } of [...tileSteps, leaderColor, unknownColor]) {
    expect(contrast(ground, ink), ground).toBeGreaterThanOrEqual(4.5);
  }
});

test('[BRD-41] the steps grow lighter, each to be told from the next, and the legend names where they begin', () => {
  const lights = tileSteps.map(({ ground }) => luminance(ground));
  for (const [at, light] of lights.entries()) {
    const before = lights[at - 1];
    if (before !== undefined) expect((light + 0.05) / (before + 0.05)).toBeGreaterThan(1.35);
  }
  const { container } = render(inIndonesian(<MapLegend />));
  for (const { from } of tileSteps.slice(1)) expect(container.textContent).toContain(String(from));
  expect(container.textContent).toContain('teratas');
});

test('[BRD-41] a step begins with the first whole tenth that reaches it', () => {
  expect(tileColor(599, 1_000, null)).toBe(tileSteps[0]);
  expect(tileColor(600, 1_000, null)).toBe(tileSteps[1]);
  expect(tileColor(999, 1_000, null)).toBe(tileSteps[4]);
  expect(tileColor(1_300, 1_000, null)).toBe(tileSteps[4]);
  expect(tileColor(0, 0, null)).toBe(unknownColor);
});

test('[BRD-42] gold is for who is first; where places are not told, nobody is', () => {
  expect(tileColor(600, 1_000, 1)).toBe(leaderColor);
  expect(tileColor(990, 1_000, 2)).not.toBe(leaderColor);
  const { container } = render(inIndonesian(<TileMap picture={pictureAt(0)} />));
  const leaders = container.querySelectorAll<HTMLElement>('[data-is-leader="true"]');
  expect([...leaders].map(({ dataset }) => dataset.area)).toEqual(['12.71.14']);
  const parts = pictureAt(0).parts.map((part) => ({ ...part, rank: null }));
  const untold = render(inIndonesian(<TileMap picture={pictureAt(0, { parts })} />));
  expect(untold.container.querySelector('[data-is-leader="true"]')).toBeNull();
});

test('[BRD-43] what grows glows at once, one after another, and each again only when it has settled', () => {
  const glowed: string[] = [];
  const turns = createGlowTurns((code) => glowed.push(code));
  for (const code of ['a', 'b', 'a', 'c', 'a']) turns.grown(code);
  expect(glowed).toEqual(['a']);
  vi.advanceTimersByTime(200);
  expect(glowed).toEqual(['a', 'b']);
  vi.advanceTimersByTime(200);
  expect(glowed).toEqual(['a', 'b', 'c']);
  vi.advanceTimersByTime(glowMs - 401);
  expect(glowed).toHaveLength(3);
  vi.advanceTimersByTime(1);
  expect(glowed).toEqual(['a', 'b', 'c', 'a']);
  vi.advanceTimersByTime(60_000);
  expect(glowed).toHaveLength(4);
  turns.grown('a');
  expect(glowed).toHaveLength(5);
  turns.stop();
});

test('[BRD-43] a tile that has grown is lit; none is at first sight, in a fall, while loading, or in a new epoch', () => {
  const lit: string[] = [];
  Element.prototype.animate = function animate(this: Element) {
    lit.push(this.closest<HTMLElement>('[data-area]')?.dataset.area ?? '');
    return {} as Animation;
  };
  const { rerender } = render(inIndonesian(<TileMap picture={pictureAt(5)} />));
  const show = (picture: ReturnType<typeof pictureAt>) => {
    rerender(inIndonesian(<TileMap picture={picture} />));
    vi.advanceTimersByTime(5_000);
    return new Set(lit.splice(0));
  };
  expect(show(pictureAt(5))).toEqual(new Set());
  expect(show(pictureAt(6))).toEqual(new Set(['12.71.14']));
  expect(show(pictureAt(3))).toEqual(new Set());
  expect(show(pictureAt(40, { isLoading: true }))).toEqual(new Set());
  expect(show(pictureAt(90, { epoch: 'second' }))).toEqual(new Set());
  expect(show(pictureAt(91, { epoch: 'second' }))).toEqual(new Set(['12.71.14']));
});
