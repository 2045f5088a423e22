import { counter, countOf, gauge } from './base/metrics.ts';
import type { SocketStatistics } from './http/socket/sockets.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Live } from './live/live.ts';
import type { Store } from './store/store.ts';

/** What the parts already know of themselves, read when `/metrics` is asked for. Counters stand where they count. */
export function measure({ live, ledger, store }: { live: Live; ledger: Ledger; store: Store }): void {
  const hubs = { totals: live.hub, leaders: live.leaders };
  const ofHubs = (read: (hub: { followers: number; topics: number }) => number) =>
    Object.fromEntries(Object.entries(hubs).map(([name, hub]) => [name, read(hub)]));
  gauge(
    'kepling_hub_readers',
    'Who reads a hub itself: a group counts once, however many follow it',
    () => ofHubs((hub) => hub.followers),
    'hub',
  );
  gauge('kepling_topics', 'Topics somebody follows', () => ofHubs((hub) => hub.topics), 'hub');
  gauge('kepling_revision', 'Newest revision in memory', () => live.revision);
  gauge('kepling_feed_age_seconds', 'Since the last look that reached the database', () => {
    return live.health().lookAgeMs / 1_000;
  });
  gauge('kepling_sums_differences', 'Figures that disagree; above 0 screens are held', () => {
    return live.health().differences.length;
  });
  gauge('kepling_ledger_queue', 'Commands waiting or being posted', () => ledger.depth);
  gauge('kepling_pool_connections', 'Open database connections by pool', () => pools(store, 'total'), 'pool');
  gauge('kepling_pool_waiting', 'Who waits for a connection, by pool', () => pools(store, 'waiting'), 'pool');
  gauge('kepling_room_to_write', '1: intake writes; 0: held for want of room on the disk', () =>
    store.room.isOpen ? 1 : 0,
  );
  gauge('kepling_disk_free_bytes', 'Free where the embedded database lies', () => store.room.freeBytes());
}

/** What is open to clients, and what is handed out to them. `waitingBytes`: the most that waits for one socket. */
export function measureSockets(read: () => SocketStatistics): void {
  gauge('kepling_sockets', 'Open sockets', () => read().sockets);
  gauge('kepling_socket_waiting_bytes', 'The most that waits in the process for one socket', () => {
    return read().waitingBytes;
  });
  gauge('kepling_groups', 'Groups: who asked the same of the same audience', () => read().groups);
  gauge('kepling_followers', 'Subscriptions served by groups', () => read().followers);
  countOf('kepling_renderings_total', 'Frames executed and written as bytes, once for a group', () => {
    return read().renderings;
  });
  countOf('kepling_frames_delivered_total', 'Frames that a follower took', () => read().delivered);
  countOf(
    'kepling_frames_skipped_total',
    'Times a frame was passed over since its follower had no room',
    () => {
      return read().skipped;
    },
  );
}

function pools(store: Store, what: 'total' | 'waiting'): Record<string, number> {
  return Object.fromEntries(store.pools().map((pool) => [pool.name, pool[what]]));
}

const commands = counter('kepling_commands_total', 'Commands by what became of them', 'outcome');

/** The same ledger, counting commands by outcome; over `kepling_commits_total` they give the size of groups. */
export function counted(ledger: Ledger): Ledger {
  const count = <T extends { outcome: string }>(answer: T): T => {
    commands.add(1, answer.outcome);
    return answer;
  };
  const failed = (error: unknown): never => {
    commands.add(1, 'FAILED');
    throw error;
  };
  return {
    ...ledger,
    get depth() {
      return ledger.depth;
    },
    submit: (command) => ledger.submit(command).then(count, failed),
    submitBatch: (batch, note) =>
      ledger.submitBatch(batch, note).then((answers) => answers.map(count), failed),
  };
}
