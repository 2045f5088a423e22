import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLog } from '#server/base/log.ts';
import { announceGrants } from '#server/domain/access/announce-grants.ts';
import { hashKey, newKey } from '#server/domain/access/keys.ts';
import { createPeople } from '#server/domain/access/people.ts';
import type { Role } from '#server/domain/access/policy.ts';
import { createPrincipals } from '#server/domain/access/principals.ts';
import { enroll } from '#server/domain/enrollments/enroll.ts';
import { createPast } from '#server/domain/metrics/past.ts';
import { PROGRAM_ID } from '#server/domain/program/found-program.ts';
import type { Services } from '#server/graphql/context.ts';
import type { Doorkeeper } from '#server/http/credentials.ts';
import { foreignCookies } from '#server/http/own-origin.ts';
import { openSockets, type SocketServer } from '#server/http/socket/sockets.ts';
import { type LiveOn, mutedDoorbell, openLiveOn } from './live-on.ts';
import { BPJS, openSmallProgram, person, type SmallProgram } from './small-program.ts';
import { until } from './wait.ts';

/** The socket on a small program's live path, with a held clock. */
export interface SmallSockets {
  readonly program: SmallProgram;
  readonly live: LiveOn;
  readonly services: Services;
  readonly sockets: SocketServer;
  /** Behind whatever `openSmallSockets` was told to put before it. */
  readonly doorkeeper: Doorkeeper;
  readonly port: number;
  readonly logged: readonly string[];
  /** The key of a new principal. */
  addKey(role: Role, areaCode: string): Promise<string>;
  /** Says that grants changed, until everybody here was told. */
  announce(): Promise<void>;
  /** One more enrollment in district 12.71.14 unless another is named, until it is in memory and its beat has come. */
  commit(neighborhood?: string): Promise<void>;
  close(): Promise<void>;
}

/** `change`: other services than the program's own; `stand`: what stands between the sockets and the doorkeeper. */
export async function openSmallSockets(
  change: (services: Services) => Services = (services) => services,
  stand: (doorkeeper: Doorkeeper) => Doorkeeper = (doorkeeper) => doorkeeper,
): Promise<SmallSockets> {
  const program = await openSmallProgram();
  const { store, clock, intake } = program;
  const doorbell = mutedDoorbell();
  const live = await openLiveOn(program, { doorbell });
  const services = change({
    live,
    areas: intake.areas,
    intake,
    prisma: store.prisma,
    reader: store.pool('reader'),
    past: createPast(store.pool('reader'), PROGRAM_ID, intake.areas),
  });
  const principals = createPrincipals(store.prisma, PROGRAM_ID);
  live.onGrantsChanged(principals.forget);
  const doorkeeper = { principals, people: createPeople(store.prisma, randomBytes(32)) };
  const logged: string[] = [];
  const server = createServer();
  const sockets = openSockets({
    server,
    services,
    doorkeeper: stand(doorkeeper),
    trusted: new Map(),
    networkOf: (request) => request.socket.remoteAddress ?? '',
    dropForeignCookie: foreignCookies(() => false),
    release: () => undefined,
    clock,
    log: createLog({ stream: { write: (line) => logged.push(line) } }),
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  let announced = 0;
  live.onGrantsChanged(() => {
    announced += 1;
  });
  let enrolled = 0;
  return {
    program,
    live,
    services,
    sockets,
    doorkeeper,
    port: (server.address() as AddressInfo).port,
    logged,
    async addKey(role, areaCode) {
      const key = newKey();
      const data = { programId: PROGRAM_ID, role, areaCode, username: key, createdAt: new Date(clock.now()) };
      await store.prisma.principal.create({ data: { ...data, keyHash: new Uint8Array(hashKey(key)) } });
      return `Bearer ${key}`;
    },
    async announce() {
      const before = announced;
      await announceGrants(store.prisma, PROGRAM_ID);
      doorbell.push();
      await until('everybody to be told', () => announced > before);
    },
    async commit(neighborhood = '12.71.14.1001-001') {
      enrolled += 1;
      const answer = await enroll(intake, BPJS, `socket ${enrolled}`, person(enrolled, { neighborhood }));
      if (!('revision' in answer)) throw new Error(answer.refusal);
      doorbell.push();
      await until('the commit in memory', () => live.revision >= answer.revision);
      clock.advance(500);
    },
    async close() {
      await sockets.close();
      await new Promise((resolve) => server.close(resolve));
      await live.close();
      await program.close();
    },
  };
}
