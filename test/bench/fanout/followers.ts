import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { readTrustedDocuments } from '#server/http/trusted-documents.ts';
import type { Crowd } from '../crowd.ts';

/** As our own board follows the city: its document by name, and its variables. */
const NAME = 'subscription FollowTotals(';
const VARIABLES = { area: null, parts: 'DISTRICT' } as const;

const [hash, text] = findBoardDocument();

export interface Following {
  /** The subscription's id on a socket. */
  readonly idOf: (index: number) => string;
  readonly payload: (index: number) => object;
}

/** Our own client: ids from a fixed generator, the document by its hash. */
export const OURS: Following = {
  idOf: () => '1',
  payload: () => ({
    query: '',
    variables: VARIABLES,
    extensions: { persistedQuery: { version: 1, sha256Hash: hash } },
  }),
};

/** Any other program: the document by its hash too, an id of its own for each subscription. */
export const FOREIGN: Following = {
  idOf: memo(() => randomUUID()),
  payload: OURS.payload,
};

/** For a peer, whose field takes no arguments. */
export const PEER: Following = {
  idOf: () => '1',
  payload: () => ({
    query: text.replace('($area: String, $parts: AreaLevel)', '').replace('(area: $area, parts: $parts)', ''),
  }),
};

const LEAVING_MS = 200;
const SWITCHES = Array.from({ length: 8 }, (_, bit) => `b${bit}`);
const SWITCHED_DOCUMENT = text
  .replace(
    '$parts: AreaLevel)',
    `$parts: AreaLevel, ${SWITCHES.map((name) => `$${name}: Boolean!`).join(', ')})`,
  )
  .replace(
    '{ ...Picture }',
    `{ ...Picture ${SWITCHES.map((name) => `kind @include(if: $${name})`).join(' ')} }`,
  );

/**
 * The same frame for `sockets` in as many groups as wanted: variables that differ switch a field on that is in the
 * answer already. Neighbours ask the same: they share an address, which may open thirty groups.
 */
export function inGroups(groups: number, sockets: number): Following {
  return {
    idOf: () => '1',
    payload: (index) => ({
      query: SWITCHED_DOCUMENT,
      variables: {
        ...VARIABLES,
        ...Object.fromEntries(
          SWITCHES.map((name, bit) => [name, ((Math.floor((index * groups) / sockets) >> bit) & 1) === 1]),
        ),
      },
    }),
  };
}

/** Subscribes every socket and waits until each has got its first frame, where there is one. */
export async function startFollowing(
  crowd: Crowd,
  following: Following,
  hasSnapshot: boolean,
): Promise<void> {
  const before = crowd.delivered;
  crowd.send((index) => ({
    id: following.idOf(index),
    type: 'subscribe',
    payload: following.payload(index),
  }));
  if (hasSnapshot) await crowd.until('first frames', () => crowd.delivered >= before + crowd.size);
}

/** Unsubscribes every socket and waits: an id that is used again before the server is through with it is lost to it. */
export async function stopFollowing(crowd: Crowd, following: Following): Promise<void> {
  crowd.send((index) => ({ id: following.idOf(index), type: 'complete' }));
  await wait(LEAVING_MS);
  await crowd.quiet();
}

function findBoardDocument(): [string, string] {
  const found = [...readTrustedDocuments()].find(([, document]) => document.includes(NAME));
  if (!found) throw new Error(`No trusted document has ${NAME}...`);
  return found;
}

function memo(make: () => string): (index: number) => string {
  const known: string[] = [];
  return (index) => {
    known[index] ??= make();
    return known[index] as string;
  };
}
