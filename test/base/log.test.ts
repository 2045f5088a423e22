import { describe, expect, test } from 'vitest';
import { Fault } from '#server/base/fault.ts';
import { createLog } from '#server/base/log.ts';

const PERSON = { nik: '9971014501900001', name: 'Sari', phone: '0811', birthDate: '1990-01-05' };

function logging(isTTY: boolean) {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', stream: { isTTY, write: (line) => lines.push(line) } });
  return { log, text: () => lines.join('') };
}

describe('the log', () => {
  test.each([
    ['a terminal', true],
    ['a file', false],
  ])('[SET-34] holds no personal data and no key at any depth, on %s', (_where, isTTY) => {
    const { log, text } = logging(isTTY);
    log.info({ input: { people: [{ ...PERSON, neighborhood: '12.71.14.1001-007' }] } }, 'enrolled');
    log
      .child({ key: 'secret-of-a-child' })
      .warn({ headers: { Authorization: 'Bearer secret-of-a-header' } }, 'refused');
    for (const value of [...Object.values(PERSON), 'secret-of-a-child', 'secret-of-a-header']) {
      expect(text()).not.toContain(value);
    }
    expect(text()).toContain('12.71.14.1001-007');
  });

  test('[SET-34] keeps of an error its message, code, incident and cause, and not the row a database quotes', () => {
    const { log, text } = logging(false);
    const cause = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: `Key (nik)=(${PERSON.nik}) exists`,
    });
    const fault = new Fault('enroll failed', cause);
    log.error({ err: fault }, 'a fault');
    const { err } = JSON.parse(text()) as { err: Record<string, unknown> };
    expect(err).toMatchObject({ type: 'Fault', message: 'enroll failed', incident: fault.incident });
    expect(err.cause).toMatchObject({ message: 'duplicate key', code: '23505' });
    expect(text()).not.toContain(PERSON.nik);
  });

  test('[SET-35] is one line per entry: JSON in a file, readable on a terminal, the trace of an error below it', () => {
    const file = logging(false);
    file.log.info({ port: 4000 }, 'listening');
    expect(JSON.parse(file.text())).toMatchObject({ level: 'info', port: 4000, msg: 'listening' });
    const terminal = logging(true);
    terminal.log.info({ port: 4000 }, 'listening');
    expect(terminal.text()).toMatch(/^\S*\d\d:\d\d:\d\d\S* listening\S* port=4000\S*\n$/);
    terminal.log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');
    expect(terminal.text()).toMatch(/Error: outer[\s\S]*caused by Error: inner/);
  });
});
