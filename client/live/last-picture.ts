/**
 * The last picture, kept in the browser's storage, so that a page opened or reloaded while the server is away shows
 * the last good numbers with their age. Public aggregates only. Storage that is full, forbidden or unreadable is no
 * trouble: the page then starts empty.
 *
 * `slot` names the subject and the shape: a picture of another subject or of another document is another picture. What
 * is read back is read field by field, since a browser's storage is anybody's to write in.
 */
export interface KeptPicture<P> {
  readonly picture: P;
  /** When its `asOf` was, by the clock of this machine, which is only ever compared with itself. */
  readonly asOfAtMs: number;
}

/** Where a picture is kept, and how it is read back; `read` gives null for what is none. */
export interface Shelf<P> {
  readonly storage: Storage;
  readonly slot: string;
  read(value: unknown): P | null;
}

const saveEveryMs = 5_000;

export function readLastPicture<P>({ storage, slot, read }: Shelf<P>, nowMs: number): KeptPicture<P> | null {
  try {
    const text = storage.getItem(slot);
    if (text === null) return null;
    const kept = JSON.parse(text) as KeptPicture<unknown>;
    const picture = read(kept.picture);
    return picture !== null && kept.asOfAtMs <= nowMs ? { picture, asOfAtMs: kept.asOfAtMs } : null;
  } catch {
    return null;
  }
}

export interface Keeper<P> {
  keep(kept: KeptPicture<P>): void;
  flush(): void;
}

/** Keeps at most one picture per five seconds, and the last one when `flush` is called. */
export function createKeeper<P>({ storage, slot }: Shelf<P>): Keeper<P> {
  let waiting: KeptPicture<P> | null = null;
  let lastSavedMs = Number.NEGATIVE_INFINITY;
  function flush(): void {
    if (waiting === null) return;
    try {
      storage.setItem(slot, JSON.stringify(waiting));
      lastSavedMs = waiting.asOfAtMs;
    } catch {
      // A full or forbidden storage must not stop the board.
    }
    waiting = null;
  }
  return {
    keep(kept) {
      waiting = kept;
      if (kept.asOfAtMs - lastSavedMs >= saveEveryMs) flush();
    },
    flush,
  };
}
