import { parseArgs } from 'node:util';

export interface FanoutOptions {
  readonly rounds: number;
  readonly sockets: number;
}

/** `--rounds` and `--sockets`, each with what the goals are stated for where it is missing. */
export function readOptions(args: readonly string[], usual: FanoutOptions): FanoutOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { rounds: { type: 'string' }, sockets: { type: 'string' } },
  });
  const read = (name: keyof FanoutOptions) => {
    const value = Number(values[name] ?? usual[name]);
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} is a whole number from 1`);
    return value;
  };
  return { rounds: read('rounds'), sockets: read('sockets') };
}
