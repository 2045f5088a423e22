import { parse } from 'graphql';
import type { Frame } from '#server/live/frame.ts';
import type { Services } from './context.ts';
import { executeAtOnce, sharedContext } from './render.ts';
import { publicSchema } from './schema.ts';

/** The public city frame as `/totals.json` gives it: what a screen without a socket needs. */
const DOCUMENT = parse(`subscription Totals {
  totalsChanged(parts: DISTRICT) {
    epoch revision kind mode isLoading asOf committedAt sourceCutOff
    whole { ...Standing }
    parts { ...Standing }
    recent { revision at delta reason area { code name } }
  }
}
fragment Standing on AreaTotals {
  rank
  area { code name shortName }
  totals {
    revision asOf enrolled pending target gap achievement evenAchievement neighborhoods completeNeighborhoods
    monthsPaid { none one more }
    persistency { tooNew stopped paying inArrears lapsed resumed }
  }
}`);

/** Renders a public city frame as JSON, in UTF-8. */
export function renderTotalsJson(services: Services): (frame: Frame) => Buffer {
  const contextValue = sharedContext(services, 'public');
  return (frame) => {
    const { data, errors } = executeAtOnce({
      schema: publicSchema,
      document: DOCUMENT,
      contextValue,
      rootValue: frame,
    });
    if (errors?.[0] || !data) throw new Error('The public frame could not be made.', { cause: errors?.[0] });
    return Buffer.from(JSON.stringify(data.totalsChanged));
  };
}
