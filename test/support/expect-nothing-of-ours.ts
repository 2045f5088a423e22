import { expect } from 'vitest';

/** What an answer may never hold: a trace, a path of the server, a statement, or the number of a person. */
export function expectNothingOfOurs(text: string): void {
  expect(text).not.toMatch(/ at .*\(|node_modules|\/server\/|SELECT |INSERT |pg_/);
  expect(text).not.toMatch(/\d{16}/);
}
