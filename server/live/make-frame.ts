import type { Frame, FrameKind, FrameOrigin } from './frame.ts';
import type { Standing } from './standing.ts';
import { PARTS_LIMIT, type Topic } from './topic.ts';

/**
 * A topic's whole state, copied out of memory; null where there is no such area or it has too many parts.
 * `asOf` and `committedAt` are program time in milliseconds.
 */
export function makeFrame(
  standing: Standing,
  topic: Topic,
  kind: FrameKind,
  asOf: number,
  committedAt: number | null,
): Frame | null {
  const { tree, projection } = standing;
  const index = tree.indexByCode.get(topic.areaCode);
  if (index === undefined) return null;
  const parts = topic.parts ? tree.within(index, topic.parts) : [];
  if (parts.length > PARTS_LIMIT) return null;
  return {
    ...originOf(standing, kind, asOf, committedAt),
    whole: projection.read(index),
    parts: parts.map((part) => projection.read(part)),
    peers: tree.siblings(index).map((peer) => projection.read(peer)),
    recent: standing.movements.tell(index),
  };
}

/** Which books, at which moment: the same for every frame made from this memory. */
export function originOf(
  standing: Standing,
  kind: FrameKind,
  asOf: number,
  committedAt: number | null,
): FrameOrigin {
  const { program } = standing;
  return {
    epoch: standing.epoch,
    revision: standing.revision,
    kind,
    mode: program.mode,
    isLoading: !program.isOpen,
    asOf,
    revisionAt: standing.revisionAt,
    committedAt,
    sourceCutOff: program.sourceCutOff,
  };
}
