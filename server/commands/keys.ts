/**
 * `npm run keys -- export [FILE|-]` writes the keys as a page to print; `npm run keys -- import FILE|-` brings them
 * back. Once they were exported, the start no longer asks for it. Neither needs a database or a server.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '#server/base/clock.ts';
import { readConfig, readEnvFile } from '#server/config.ts';
import { openDataDir } from '#server/store/data-dir.ts';
import { markKeysExported } from '#server/store/exported-keys.ts';
import { fingerprintsOf } from '#server/store/key-fingerprints.ts';
import { readSecrets, writeSecrets } from '#server/store/secrets.ts';
import { BadPage, type PrintedKeys, parseKeys, printKeys } from './keys/page.ts';
import { runCommand, WrongUse } from './open-command.ts';

const USAGE = 'npm run keys -- export [FILE|-]   or   npm run keys -- import FILE|-';
const STANDARD_INPUT = 0;

async function keys(): Promise<void> {
  const { action, file } = readArguments();
  readEnvFile();
  const config = readConfig(process.env);
  openDataDir(config.dataDir);
  const held = readSecrets(config.secretsFile);
  if (action === 'export') {
    if (!held)
      throw new WrongUse(
        `${config.secretsFile} tidak ada · is not there: "npm start" makes the keys at the first start`,
      );
    const at = new Date(systemClock.now()).toISOString();
    const page = printKeys(held, fingerprintsOf(held).nikHash, at);
    if (file === '-') process.stdout.write(page);
    else writeNew(file, page);
    markKeysExported(config.dataDir, held, systemClock.now());
    tell(
      file === '-'
        ? 'Simpan halaman ini di brankas · keep this page in a safe'
        : `${file}: cetak, simpan di brankas, lalu hapus berkas ini · print it, keep it in a safe, then remove this file`,
    );
    return;
  }
  const brought = readPage(file);
  if (held) {
    if (isSame(held, brought)) {
      markKeysExported(config.dataDir, held, systemClock.now());
      return tell('Kunci itu sudah ada di sini · these very keys are here already: nothing was changed');
    }
    throw new WrongUse(
      `${config.secretsFile} memuat kunci lain · holds other keys, and whoever was enrolled under them could no longer be found: move that file away first if nobody was. Tidak ada yang berubah · nothing was changed.`,
    );
  }
  writeSecrets(config.secretsFile, brought);
  markKeysExported(config.dataDir, brought, systemClock.now());
  tell(`${config.secretsFile}: kunci kembali · the keys are back (${fingerprintsOf(brought).nikHash})`);
}

function isSame(held: PrintedKeys, brought: PrintedKeys): boolean {
  return JSON.stringify(fingerprintsOf(held)) === JSON.stringify(fingerprintsOf(brought));
}

function readPage(file: string): PrintedKeys {
  let text: string;
  try {
    text = readFileSync(file === '-' ? STANDARD_INPUT : file, 'utf8');
  } catch (error) {
    throw new WrongUse(
      `${file}: tidak dapat dibaca · cannot be read (${(error as NodeJS.ErrnoException).code})`,
    );
  }
  try {
    return parseKeys(text);
  } catch (error) {
    if (error instanceof BadPage) throw new WrongUse(`${file}: ${error.message}`);
    throw error;
  }
}

/** For this user alone, and never in the place of another file. */
function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') rmSync(file, { force: true });
    throw new WrongUse(
      `${file}: tidak dapat ditulis · cannot be written (${code === 'EEXIST' ? 'it exists already' : code})`,
    );
  }
}

function readArguments(): { action: 'export' | 'import'; file: string } {
  try {
    const { positionals } = parseArgs({ allowPositionals: true });
    const [action, file, ...others] = positionals;
    if (others.length === 0 && action === 'export') return { action, file: file ?? '-' };
    if (others.length === 0 && action === 'import' && file !== undefined) return { action, file };
  } catch (error) {
    throw new WrongUse(`${(error as Error).message}\n${USAGE}`);
  }
  throw new WrongUse(USAGE);
}

/** On the other stream: what is printed is the page alone. */
function tell(line: string): void {
  process.stderr.write(`  ${line}\n`);
}

runCommand(keys);
