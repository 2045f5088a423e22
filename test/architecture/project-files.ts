import { readdirSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

const NOT_OURS = new Set(['.git', 'dist', 'data', 'coverage', 'prisma/generated']);

/** Every file of the project, by its path from the root with `/`, in order. What is installed, generated before a start, or a server's own data is not of the project. `prisma/data` is. */
export function projectFiles(folder = root): string[] {
  const found: string[] = [];
  const walk = (inside: string) => {
    for (const entry of readdirSync(path.join(folder, inside), { withFileTypes: true })) {
      const name = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (NOT_OURS.has(name) || entry.name === 'node_modules') continue;
      if (entry.isDirectory()) walk(name);
      else found.push(name);
    }
  };
  walk('');
  return found.sort();
}

const SOURCE = /\.(ts|tsx|mjs|css|graphql|prisma|sql|sh)$/;
const GENERATED = /^(client\/wire\/generated\/|server\/graphql\/schema\.\w+\.graphql$|prisma\/migrations\/)/;

/** What people write: code, styles, operations and tables, without what a program has printed. */
export function sourceFiles(folder = root): string[] {
  return projectFiles(folder).filter((file) => SOURCE.test(file) && !GENERATED.test(file));
}
