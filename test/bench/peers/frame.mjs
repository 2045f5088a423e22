/**
 * What every peer serves: the city frame as our own board follows it, from memory, under a schema of the same shapes.
 * Dates are plain strings here, which spares the peers what our scalars cost us.
 */
import { readFileSync } from 'node:fs';

export const typeDefs = /* GraphQL */ `
  enum FrameKind { SNAPSHOT UPDATE HEARTBEAT FROZEN SUSPENDED }
  enum ProgramMode { DEMO LIVE REHEARSAL }
  enum FallReason { DATA_CORRECTION LEFT_PROGRAM }
  type Area { code: String! name: String! shortName: String! }
  type MonthsPaid { one: Int }
  type Persistency { tooNew: Int stopped: Int paying: Int inArrears: Int lapsed: Int resumed: Int }
  type Totals { enrolled: Int! target: Int! gap: Int! monthsPaid: MonthsPaid! persistency: Persistency! }
  type AreaTotals { area: Area! totals: Totals! rank: Int }
  type Movement { revision: Int! delta: Int! reason: FallReason area: Area! }
  type TotalsFrame {
    epoch: ID! revision: Int! kind: FrameKind! mode: ProgramMode! isLoading: Boolean!
    asOf: String! sourceCutOff: String
    whole: AreaTotals! parts: [AreaTotals!]! recent: [Movement!]!
  }
`;

/** Whole schemas need a query; subscriptions are what is measured. */
export const rootTypes = /* GraphQL */ `
  type Query { isThere: Boolean! }
  type Subscription { totalsChanged: TotalsFrame! }
`;

/** The frame to serve, as our own server once sent it. */
const first = JSON.parse(readFileSync(process.env.BENCH_FRAME, 'utf8'));
let { revision } = first;

export function nextFrame() {
  revision += 1;
  return { ...first, revision, kind: 'UPDATE', asOf: new Date().toISOString() };
}

/** Publishes when the bench says so, and tells it where to connect. */
export function serveBench(port, publish) {
  process.on('message', (message) => {
    if (message.publish) publish(nextFrame());
  });
  process.send({ port });
}
