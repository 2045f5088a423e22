/** Figures, a line at a time, on standard output. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** What happens now, on the error output. */
export function progress(what: string): void {
  process.stderr.write(`  ${new Date().toISOString().slice(11, 19)} ${what}\n`);
}

/** A figure beside its goal. Whether it is met is for the reader; the exit code says only whether the run was valid. */
export function sayGoal(what: string, figure: string, goal: string, isMet: boolean): void {
  say(`${isMet ? 'met   ' : 'NOT   '} ${what}: ${figure}   goal ${goal}`);
}

export function table(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  for (const row of rows)
    say(
      `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}`,
    );
}

/** The figures stand, and are not to be used: the run ends with another exit code. */
export function markInvalid(why: string): void {
  say(`NOT VALID: ${why}`);
  process.exitCode = 1;
}
