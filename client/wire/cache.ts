import { InMemoryCache } from '@apollo/client/cache';
import type { AreaLevel } from './generated/graphql.ts';

/** The levels at which areas compete. */
export type LeadersLevel = Exclude<AreaLevel, 'CITY'>;

/** Whose picture: an area by its code (null: the city), with its parts of one level or alone. */
export interface Subject {
  readonly area: string | null;
  readonly parts: AreaLevel | null;
}

/**
 * What the page knows. A picture (`TotalsFrame`, `LeadersFrame`) is one entity under its subject and is replaced whole,
 * so that figures of two revisions can never stand beside each other.
 */
export function createCache(): InMemoryCache {
  return new InMemoryCache({
    resultCaching: false,
    typePolicies: {
      TotalsFrame: {
        keyFields: false,
        fields: { whole: { merge: false }, parts: { merge: false }, recent: { merge: false } },
      },
      LeadersFrame: { keyFields: false, fields: { leaders: { merge: false } } },
    },
  });
}

/** Where the picture of a subject stands in the cache and, with the shape's name before it, in the browser. */
export function pictureId({ area, parts }: Subject): string {
  return `TotalsFrame:${area ?? 'city'}:${parts ?? 'whole'}`;
}

/** Where the leaders of a level stand, in the same two places. */
export function leadersId(level: LeadersLevel): string {
  return `LeadersFrame:${level}`;
}
