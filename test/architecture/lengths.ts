import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root, sourceFiles } from './project-files.ts';

export const LINES_MAX = 400;

export interface Length {
  readonly file: string;
  readonly lines: number;
}

/** How many lines each source file has, the shortest first. */
export function lengthsOf(folder = root): Length[] {
  return sourceFiles(folder)
    .map((file) => ({ file, lines: readFileSync(path.join(folder, file), 'utf8').split('\n').length - 1 }))
    .sort((a, b) => a.lines - b.lines);
}
