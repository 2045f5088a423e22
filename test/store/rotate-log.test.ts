import { appendFileSync, closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createLog } from '#server/base/log.ts';
import { LOG_LIMIT_BYTES, rotateLog } from '#server/store/rotate-log.ts';
import { temporaryFolder } from '#test/support/folder.ts';
import { heldClock } from '#test/support/held-clock.ts';

test('[OPS-14] the log of PostgreSQL turns at its limit while it is open, and nothing written later is lost', () => {
  const file = path.join(temporaryFolder(), 'postgres.log');
  const clock = heldClock(0);
  const stop = rotateLog(file, createLog({ level: 'silent' }), clock);
  clock.advance(60_000);
  // As PostgreSQL has it: open for the whole time, every line at the end.
  const open = openSync(file, 'a');
  writeSync(open, 'first\n');
  clock.advance(60_000);
  expect(readFileSync(file, 'utf8')).toBe('first\n');
  appendFileSync(file, Buffer.alloc(LOG_LIMIT_BYTES, 'x'));
  clock.advance(60_000);
  writeSync(open, 'next\n');
  expect(readFileSync(file, 'utf8')).toBe('next\n');
  expect(statSync(`${file}.1`).size).toBe(LOG_LIMIT_BYTES + 'first\n'.length);
  stop();
  closeSync(open);
});
