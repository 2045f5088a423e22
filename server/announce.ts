import type { App } from './compose.ts';
import type { Config } from './config.ts';

/** Where to look, and who one can be. Keys are printed for a demonstration only: its people are made up. */
export function announce(config: Config, app: App): void {
  const host = config.host === '0.0.0.0' || config.host === '127.0.0.1' ? 'localhost' : config.host;
  const base = `http://${host}:${app.port}`;
  const lines = [
    '',
    `  Papan · board               ${base}/board`,
    `  Halaman awal · start page   ${base}/`,
    `  GraphQL                     ${base}/graphql`,
    `  Angka kota · city figures   ${base}/totals.json`,
  ];
  if (app.accounts.length > 0) {
    lines.push('', '  Akun demonstrasi · demonstration accounts (DATA_DIR/demo-accounts.json):');
    for (const { role, area, password, key } of app.accounts) {
      lines.push(`    ${role.padEnd(13)} ${area.padEnd(18)} ${(password ?? '-').padEnd(15)} ${key}`);
    }
  }
  if (!app.hasAccounts) {
    lines.push('', '  BELUM ADA AKUN · NO ACCOUNT YET: npm run account -- add NAMA ADMIN');
  }
  if (!app.areKeysExported) {
    lines.push(
      '',
      '  KUNCI BELUM DISIMPAN · KEYS NOT SAVED YET: npm run keys -- export',
      '    Bila secrets.json hilang, semua NIK dan pengenalan ganda hilang · losing secrets.json loses every NIK and all duplicate detection',
    );
  }
  lines.push('', '  Berhenti · stop: Ctrl+C', '');
  process.stdout.write(`${lines.join('\n')}\n`);
}

const STEP_DAYS = 14;

/** One line per two weeks of the demonstration, and one at the end. */
export function showProgress(done: number, of: number, enrolled: number): void {
  if (done % STEP_DAYS !== 0 && done !== of) return;
  const percent = Math.round((done / of) * 100);
  process.stdout.write(
    `  Memuat demonstrasi · loading the demonstration: ${percent}%, ${enrolled.toLocaleString('id-ID')} orang · people\n`,
  );
}
