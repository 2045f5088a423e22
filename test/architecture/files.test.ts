import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { LINES_MAX, lengthsOf } from './lengths.ts';
import { projectFiles, root, sourceFiles } from './project-files.ts';

const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** Names that say nothing of what is inside. */
const EMPTY_NAME = /(^|\/)((index|common|misc)|([\w-]+-)?(utils?|helpers?|manager|service))\.\w+$/;

describe('the files', () => {
  it(`[HOU-13] are at most ${LINES_MAX} lines long`, () => {
    const lengths = lengthsOf();
    expect(lengths.length).toBeGreaterThan(100);
    expect(lengths.filter(({ lines }) => lines > LINES_MAX)).toEqual([]);
  });

  it('[HOU-13] are called by what is in them', () => {
    expect(sourceFiles().filter((file) => EMPTY_NAME.test(file))).toEqual([]);
  });

  it('[HOU-14] import each other by the whole name, within a folder by path and across folders by #', () => {
    const sources = sourceFiles().filter((file) => /^(server|client|texts|test)\/.*\.tsx?$/.test(file));
    const imports = sources.flatMap((file) => {
      const text = read(file);
      const found = text.matchAll(/(?:from|import)\s*\(?\s*'((?:\.{1,2}\/|#)[^']+)'/g);
      return [...found].map(([, target = '']) => ({ file, target }));
    });
    expect(imports.length).toBeGreaterThan(300);
    const wrong = imports.filter(
      ({ file, target }) => !/\.(tsx?|css|json|mjs)$/.test(target) || leaves(file, target),
    );
    expect(wrong).toEqual([]);
  });

  it('[HOU-15] name no folder of one machine and no registry', () => {
    // This checkout, this user's folder, and where systems keep the folders of people.
    const places = [`${root}/`, path.join(os.homedir(), '/'), '/home/', '/Users/', 'registry.npm'];
    const found = projectFiles()
      .filter((file) => !/\.(png|ico|woff2|wasm)$/.test(file) && !file.startsWith('test/architecture/'))
      .flatMap((file) => {
        const text = read(file);
        return places.filter((place) => text.includes(place)).map((place) => `${file}: ${place}`);
      });
    expect(found).toEqual([]);
  });
});

/** True when a relative path crosses from one top folder, or one folder of the server or client, into another. */
function leaves(file: string, target: string): boolean {
  if (target.startsWith('#')) return false;
  const home = path.posix.dirname(file).split('/');
  const goal = path.posix.join(path.posix.dirname(file), target).split('/');
  // What stands at the top of the server and the client puts its folders together.
  if (home.length === 1) return home[0] !== goal[0];
  return home[0] !== goal[0] || home[1] !== goal[1];
}
