/** Short lines on the console while the program is being set up: Indonesian first, then English. */

const REPEAT_MS = 5_000;
const REDRAW_MS = 200;
const isTerminal = process.stdout.isTTY === true;

export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** Says what is wrong and ends the process with exit code 1. */
export function giveUp(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

/**
 * Runs `work` and shows all the while that it is running: on a terminal one line that counts seconds, elsewhere a
 * line every five. `detail()` may add how far it is. Hands on what `work` gives or throws.
 */
export async function during(what, work, detail = () => '') {
  const startedAtMs = performance.now();
  const seconds = () => ((performance.now() - startedAtMs) / 1000).toFixed(1);
  const text = () => [`  ${what} … ${seconds()} s`, detail()].filter(Boolean).join('  ');
  const draw = isTerminal ? () => process.stdout.write(`\r\x1b[2K${text()}`) : () => say(text());
  draw();
  const timer = setInterval(draw, isTerminal ? REDRAW_MS : REPEAT_MS);
  let mark = '×';
  try {
    const result = await work();
    mark = '✓';
    return result;
  } finally {
    clearInterval(timer);
    say(`${isTerminal ? '\r\x1b[2K' : ''}${mark} ${what}  ${seconds()} s`);
  }
}
