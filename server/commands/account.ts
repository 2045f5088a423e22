/**
 * `npm run account -- ...` gives accounts out and takes them away, beside a running server: also the first one of a
 * live program, which begins with none. Whoever may run it may read the whole database, so it asks for no account.
 * Secrets go to the terminal, once, and nowhere else.
 */
import { parseArgs } from 'node:util';
import { systemClock } from '#server/base/clock.ts';
import { type IssuedAccount, openAccounts } from '#server/domain/access/accounts.ts';
import type { AreaIndex } from '#server/domain/areas/area-index.ts';
import { readAccount, readName, readSecrets, USAGE } from './account/wanted.ts';
import { openCommand, runCommand, WrongUse } from './open-command.ts';

async function account(): Promise<void> {
  const { action, rest, only } = readArguments();
  const room = await openCommand();
  try {
    const { areas, program } = room.intake;
    const accounts = openAccounts(room.store.prisma, program(), systemClock.now);
    /** Without a figure, so without a revision: a line of the audit. */
    const note = (subject: string) =>
      room.intake.ledger.post(async (posting) =>
        posting.audit({ principalId: room.system.principalId, action: `account-${action}`, subject }),
      );
    if (action === 'list') {
      const known = await accounts.list();
      for (const { username, role, areaCode, secrets, revokedAt } of known) {
        const state = revokedAt ? `dicabut · revoked ${revokedAt.toISOString()}` : secrets.join(', ');
        tell(`  ${username.padEnd(30)} ${role.padEnd(12)} ${areaCode.padEnd(17)} ${state}`);
      }
      if (known.length === 0) tell('  Belum ada akun · there is no account yet');
      return;
    }
    if (action === 'add') {
      const wanted = readAccount(rest, areas);
      const issued = await accounts.add(wanted, readSecrets(wanted.role, only));
      if (!issued) {
        throw new WrongUse(
          `${wanted.username}: nama sudah dipakai · the name is taken: take another, or give it new secrets with "npm run account -- renew ${wanted.username}"`,
        );
      }
      await note(issued.username);
      return show(issued, areas);
    }
    const name = readName(rest[0]);
    const changed = action === 'renew' ? await accounts.renew(name) : await accounts.revoke(name);
    if (!changed)
      throw new WrongUse(`${name}: tidak ada · there is no such account: npm run account -- list`);
    await note(name);
    if ('revokedAt' in changed) tell(`  ${name}: dicabut · revoked`);
    else show(changed, areas);
  } finally {
    await room.close();
  }
}

function show({ username, role, areaCode, password, key }: IssuedAccount, areas: AreaIndex): void {
  tell(`  nama · name            ${username}`);
  tell(`  peran · role           ${role}`);
  tell(`  wilayah · area         ${areaCode} ${areas.byCode(areaCode)?.name ?? ''}`);
  if (password) tell(`  kata sandi · password  ${password}`);
  if (key) tell(`  kunci · key            ${key}`);
  tell('\n  Hanya tampil sekali ini: berikan kepada pemiliknya · shown this once: hand it to its owner');
}

const ACTIONS = ['add', 'renew', 'revoke', 'list'] as const;

function readArguments() {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { only: { type: 'string' } },
    });
    const [written, ...rest] = positionals;
    const action = ACTIONS.find((each) => each === written);
    const most = action === 'add' ? 3 : action === 'list' ? 0 : 1;
    const isFit = rest.length <= most && (values.only === undefined || action === 'add');
    if (action && isFit) return { action, rest, only: values.only };
  } catch (error) {
    throw new WrongUse(`${(error as Error).message}\n${USAGE}`);
  }
  throw new WrongUse(USAGE);
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

runCommand(account);
