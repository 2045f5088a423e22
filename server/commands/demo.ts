/** `npm run demo -- --reset`: the demonstration as on the first day, under a new epoch. Screens follow by themselves. */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { showProgress } from '#server/announce.ts';
import { systemClock } from '#server/base/clock.ts';
import { postTargets } from '#server/domain/program/post-targets.ts';
import { resetProgram } from '#server/domain/program/reset-program.ts';
import { loadDemonstration } from './demo/load.ts';
import { openCommand, runCommand, WrongUse } from './open-command.ts';

const USAGE = 'npm run demo -- --reset   (forgets every made-up person and loads the demonstration anew)';

async function demo(): Promise<void> {
  if (!readArguments().reset) throw new WrongUse(USAGE);
  const room = await openCommand();
  const { store, intake, programClock, system } = room;
  try {
    const { id, mode, targetPerNeighborhood, startsOn } = intake.program();
    if (mode !== 'DEMO')
      throw new WrongUse('bukan demonstrasi · this is no demonstration: nothing was touched');
    await resetProgram(store.pool('owner'), id, randomUUID(), startsOn);
    store.doorbell.ring();
    await postTargets(intake.ledger, system.principalId, id, intake.areas, targetPerNeighborhood);
    await loadDemonstration({
      intake,
      programClock,
      actor: system,
      prisma: store.prisma,
      pool: store.pool('app'),
      wall: systemClock,
      analyze: async () => void (await store.pool('owner').query('ANALYZE')),
      ring: () => store.doorbell.ring(),
      progress: showProgress,
    });
  } finally {
    await room.close();
  }
}

function readArguments(): { reset?: boolean } {
  try {
    return parseArgs({ options: { reset: { type: 'boolean' } } }).values;
  } catch (error) {
    throw new WrongUse(`${(error as Error).message}\n${USAGE}`);
  }
}

runCommand(demo);
