/**
 * The last picture, kept in the browser's storage, so that a page opened or reloaded while the server is away shows
 * the last good numbers with their age. Public aggregates only. Storage that is full, forbidden or unreadable is no
 * trouble: the page then starts empty.
 */
import { pictureId, type Subject } from '#client/wire/cache.ts';
import { FollowTotalsDocument, type PictureFragment } from '#client/wire/generated/graphql.ts';
import { hashOf } from '#client/wire/socket.ts';

export interface KeptPicture {
  readonly picture: PictureFragment;
  /** By the clock of this machine, only ever compared with itself. */
  readonly keptAtMs: number;
}

const saveEveryMs = 5_000;

/** The document's hash is part of the name: a picture of another shape is another picture. */
function slotOf(subject: Subject): string {
  return `${pictureId(subject)}:${hashOf(FollowTotalsDocument)}`;
}

export function readLastPicture(storage: Storage, subject: Subject, nowMs: number): KeptPicture | null {
  try {
    const text = storage.getItem(slotOf(subject));
    if (text === null) return null;
    const kept = JSON.parse(text) as KeptPicture;
    const isSound = typeof kept.picture.epoch === 'string' && typeof kept.picture.revision === 'number';
    return isSound && kept.keptAtMs <= nowMs ? kept : null;
  } catch {
    return null;
  }
}

export interface Keeper {
  keep(kept: KeptPicture): void;
  flush(): void;
}

/** Keeps at most one picture per five seconds, and the last one when `flush` is called. */
export function createKeeper(storage: Storage, subject: Subject): Keeper {
  const slot = slotOf(subject);
  let waiting: KeptPicture | null = null;
  let lastSavedMs = Number.NEGATIVE_INFINITY;
  function flush(): void {
    if (waiting === null) return;
    try {
      storage.setItem(slot, JSON.stringify(waiting));
      lastSavedMs = waiting.keptAtMs;
    } catch {
      // A full or forbidden storage must not stop the board.
    }
    waiting = null;
  }
  return {
    keep(kept) {
      waiting = kept;
      if (kept.keptAtMs - lastSavedMs >= saveEveryMs) flush();
    },
    flush,
  };
}
