import type { TreeArea } from './tree.ts';

/** What a frame is about: one area, and the parts shown with it. */
export interface Topic {
  readonly areaCode: string;
  /** Null: the whole alone. */
  readonly parts: TreeArea['level'] | null;
}

/** Who a frame is made for. Those of one audience get the same bytes. */
export type Audience = 'public' | `staff:${string}`;

/** Parts that a frame has at most; the largest district has 172 neighborhoods. */
export const PARTS_LIMIT = 200;

export function topicName(topic: Topic): string {
  return `${topic.areaCode} ${topic.parts ?? '-'}`;
}

/** The pause between two frames, in milliseconds: a crowd sees ten a second, a reader two. */
export function beatOf(audience: Audience): number {
  return audience === 'public' ? 100 : 500;
}
