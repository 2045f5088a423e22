/** Ends the check with these problems, one a line, each saying what to do; with none, it passes. */
export function conclude(problems: readonly string[]): void {
  for (const problem of problems) process.stdout.write(`  ${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
}
