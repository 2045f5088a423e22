/**
 * `npm run keys -- export [FILE|-]` writes the keys as a page to print; `npm run keys -- import FILE|-` brings them
 * back. Once they were exported, the start no longer asks for it. Neither needs a database or a server.
 */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '#server/base/clock.ts';
import { readConfig, readEnvFile } from '#server/config.ts';
import { openDataDir } from '#server/store/data-dir.ts';
import { markKeysExported } from '#server/store/exported-keys.ts';
import { fingerprintsOf } from '#server/store/key-fingerprints.ts';
import { readSecrets, setAsideDamaged, writeSecrets } from '#server/store/secrets.ts';
import { StoreUnavailable } from '#server/store/store-unavailable.ts';
import { BadPage, type PrintedKeys, parseKeys, printKeys } from './keys/page.ts';
import { runCommand, WrongUse } from './open-command.ts';

const USAGE = 'npm run keys -- export [FILE|-]   or   npm run keys -- import FILE|-';
const STANDARD_INPUT = 0;

async function keys(): Promise<void> {
  const { action, file } = readArguments();
  readEnvFile();
  const config = readConfig(process.env);
  openDataDir(config.dataDir);
  const { secretsFile } = config;
  if (action === 'export') {
    const held = readSecrets(secretsFile);
    if (!held)
      throw new WrongUse(
        `${secretsFile} tidak ada · is not there: "npm start" makes the keys at the first start`,
      );
    const at = new Date(systemClock.now()).toISOString();
    const page = printKeys(held, fingerprintsOf(held).nikHash, at);
    if (file === '-') process.stdout.write(page);
    else writeNew(file, page);
    mark(secretsFile, held);
    tell(
      file === '-'
        ? 'Simpan halaman ini di brankas · keep this page in a safe'
        : `${file}: cetak, simpan di brankas, lalu hapus berkas ini · print it, keep it in a safe, then remove this file`,
    );
    return;
  }
  const brought = readPage(file);
  const held = readOrSetAside(secretsFile);
  if (held) {
    if (isSame(held, brought)) {
      mark(secretsFile, held);
      return tell('Kunci itu sudah ada di sini · these very keys are here already: nothing was changed');
    }
    throw new WrongUse(
      `${secretsFile} memuat kunci lain · holds other keys, and whoever was enrolled under them could no longer be found: move that file away first if nobody was. Tidak ada yang berubah · nothing was changed.`,
    );
  }
  writeSecrets(secretsFile, brought);
  mark(secretsFile, brought);
  tell(`${secretsFile}: kunci kembali · the keys are back (${fingerprintsOf(brought).nikHash})`);
}

/** The keys that are here, if any can be read. Damaged ones are kept beside, and a foreign file is left alone. */
function readOrSetAside(secretsFile: string): PrintedKeys | null {
  try {
    return readSecrets(secretsFile);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    const aside = statSync(secretsFile).isFile() ? setAsideDamaged(secretsFile, systemClock.now()) : null;
    if (aside === null)
      throw new WrongUse(
        `SECRETS_FILE ${secretsFile} bukan berkas kunci · is no file of keys: name the right one, or move it away first. Tidak ada yang berubah · nothing was changed.`,
      );
    tell(`Berkas yang rusak disimpan · the damaged file is kept: ${aside}`);
    return null;
  }
}

function mark(secretsFile: string, keys: PrintedKeys): void {
  if (!markKeysExported(secretsFile, keys, systemClock.now()))
    tell(
      `Tidak dapat dicatat di samping ${secretsFile}; setiap start tetap mengingatkan · could not be noted beside it; each start goes on reminding`,
    );
}

function isSame(held: PrintedKeys, brought: PrintedKeys): boolean {
  return JSON.stringify(fingerprintsOf(held)) === JSON.stringify(fingerprintsOf(brought));
}

function readPage(file: string): PrintedKeys {
  let text: string;
  try {
    text = readFileSync(file === '-' ? STANDARD_INPUT : file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WrongUse(
      `${file}: ${code === 'EISDIR' ? 'bukan berkas biasa · no plain file: name the page itself' : `tidak dapat dibaca · cannot be read (${code})`}`,
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
