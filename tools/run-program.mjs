import { spawn } from 'node:child_process';

const KEPT_CHARACTERS = 20_000;

/** A program that ended with a failure. `output`: the end of what it said. */
export class ProgramFailed extends Error {
  constructor(program, reason, output) {
    super(`${program} ${reason}`);
    this.name = 'ProgramFailed';
    this.output = output;
  }
}

/** Runs a program to its end, in silence. Throws ProgramFailed, which carries what it said. */
export async function runProgram(program, args, options = {}) {
  await new Promise((resolve, reject) => {
    let output = '';
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (text) => {
      output = (output + text).slice(-KEPT_CHARACTERS);
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('error', (error) =>
      reject(new ProgramFailed(program, `could not be run: ${error.message}`, output)),
    );
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new ProgramFailed(program, `ended with ${signal ?? `exit code ${code}`}`, output));
    });
  });
}
