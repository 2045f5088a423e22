import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from './project-files.ts';

const PLACES = [
  'server',
  'client',
  'texts',
  'test',
  'tools',
  'prisma/data',
  'codegen.ts',
  'vite.config.ts',
  'vitest.config.ts',
];

export interface Violation {
  readonly rule: string;
  readonly comment: string;
  readonly from: string;
  readonly to: string;
}

export interface Cruise {
  /** Files that were read, by their path. */
  readonly modules: ReadonlySet<string>;
  /** How many imports they hold. */
  readonly imports: number;
  readonly violations: readonly Violation[];
  readonly ruleNames: readonly string[];
}

/** Looks at every import below `folder` by the project's import rules. Throws when the program that looks fails. */
export function cruiseImports(folder: string): Cruise {
  const { stdout, stderr, error } = spawnSync(
    process.execPath,
    [
      path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      ...['--config', path.join(root, '.dependency-cruiser.mjs'), '--output-type', 'json'],
      ...PLACES.filter((place) => existsSync(path.join(folder, place))),
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (error ?? !stdout.startsWith('{'))
    throw new Error(`dependency-cruiser failed: ${stdout}${stderr}`, { cause: error });
  const { modules, summary } = JSON.parse(stdout) as {
    modules: { source: string; dependencies: unknown[] }[];
    summary: {
      violations: { rule: { name: string }; from: string; to: string }[];
      ruleSetUsed: { forbidden: { name: string; comment: string }[] };
    };
  };
  const comments = new Map(summary.ruleSetUsed.forbidden.map(({ name, comment }) => [name, comment]));
  return {
    modules: new Set(modules.map(({ source }) => source)),
    imports: modules.reduce((sum, { dependencies }) => sum + dependencies.length, 0),
    ruleNames: [...comments.keys()],
    violations: summary.violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      comment: comments.get(rule.name) ?? '',
      from,
      to,
    })),
  };
}
