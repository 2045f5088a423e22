import type { Follower } from './hub.ts';
import type { Slices } from './slices.ts';

/** What a frame looks like to everyone of a group. */
export interface Payload {
  /** UTF-8. */
  readonly bytes: Buffer;
  /** The bytes as they were wrapped to be sent: kept with them by who wraps them. */
  readonly wrapped: Wrapped;
}

export interface Wrapped {
  /** Whole messages, by the name of the wrapping. */
  readonly ready: Map<string, Buffer>;
  /** The bytes with room before them for a wrapping that is written anew each time; null where it is in use. */
  loose: Buffer | null;
}

/** The far end of one subscription. */
export interface Reader {
  /** Takes a payload at once. False: there is no room, and it calls `retry` of its seat when there is. */
  take(payload: Payload): boolean;
  /** Nothing more will come. */
  end(error?: unknown): void;
}

/** A reader's place in a group. */
export interface Seat {
  /** There is room again: gives the newest frame, if the reader has not had it. Not after `leave`. */
  retry(): void;
  leave(): void;
}

export interface Group {
  /** Gives the reader a SNAPSHOT at once, then every frame. */
  join(reader: Reader): Seat;
  /** Whoever it was opened for has gone before joining: closes it, unless others read. */
  giveUp(): void;
  readonly isOpen: boolean;
  readonly readers: number;
}

/** Everyone who follows one source. */
export class SharedGroup<F extends object> implements Group {
  readonly #source: Follower<F>;
  readonly #slices: Slices;
  readonly #counts: { delivered: number; skipped: number };
  readonly #onClose: () => void;
  readonly #payloadOf: (frame: F) => Payload;
  readonly #snapshotOf: (frame: F) => Payload;
  readonly #places = new Set<Place<F>>();
  /** Where the present round is; null between rounds. */
  #round: Iterator<Place<F>, undefined> | null = null;
  /** A frame came that a round has not begun with. */
  #isNews = false;
  #isOpen = true;

  constructor(
    source: Follower<F>,
    render: (frame: F) => Payload,
    slices: Slices,
    counts: { delivered: number; skipped: number },
    onClose: () => void,
  ) {
    this.#source = source;
    this.#slices = slices;
    this.#counts = counts;
    this.#onClose = onClose;
    this.#payloadOf = onceForEach(render);
    this.#snapshotOf = onceForEach((frame) =>
      // Where the newest is a SNAPSHOT already, both are one frame.
      frame === source.newest ? this.#payloadOf(frame) : render(frame),
    );
    this.#follow().catch((error: unknown) => this.fail(error));
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get readers(): number {
    return this.#places.size;
  }

  join(reader: Reader): Seat {
    const place = new Place(this, reader);
    this.bring(place);
    this.#places.add(place);
    return place;
  }

  leave(place: Place<F>): void {
    if (this.#places.delete(place)) this.giveUp();
  }

  giveUp(): void {
    if (this.#places.size === 0) this.#close();
  }

  /** The newest frame, if this one has not had it; to one who had none yet, or missed a SNAPSHOT, as a SNAPSHOT. */
  bring(place: Place<F>): void {
    const frame = this.#source.newest;
    if (place.had === frame) return;
    const { era } = this.#source;
    const payload =
      place.had && place.era === era ? this.#payloadOf(frame) : this.#snapshotOf(this.#source.snapshot);
    if (place.reader.take(payload)) {
      place.had = frame;
      place.era = era;
      this.#counts.delivered += 1;
    } else {
      this.#counts.skipped += 1;
    }
  }

  /** Looks at so many readers at most, each in its turn. Fewer were looked at: all have had the newest frame. */
  serve(most: number): number {
    for (let looked = 0; looked < most; looked++) {
      if (!this.#round) {
        if (!this.#isNews) return looked;
        this.#isNews = false;
        this.#round = this.#places.values();
      }
      const next = this.#round.next();
      if (next.done) this.#round = null;
      else this.bring(next.value);
    }
    return most;
  }

  /** Ends every reader with this error. */
  fail(error?: unknown): void {
    const places = [...this.#places];
    this.#places.clear();
    this.#close();
    for (const { reader } of places) reader.end(error);
  }

  async #follow(): Promise<void> {
    // What is waiting at the beginning is what the first reader gets when it joins.
    await this.#source.next();
    for await (const _ of this.#source) {
      this.#isNews = true;
      this.#slices.announce(this);
    }
    this.fail();
  }

  #close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#onClose();
    void this.#source.return?.();
  }
}

class Place<F extends object> implements Seat {
  readonly reader: Reader;
  readonly #group: SharedGroup<F>;
  /** The frame it was given last, in whichever form. */
  had: F | null = null;
  era = 0;

  constructor(group: SharedGroup<F>, reader: Reader) {
    this.#group = group;
    this.reader = reader;
  }

  retry(): void {
    this.#group.bring(this);
  }

  leave(): void {
    this.#group.leave(this);
  }
}

/** Remembers the last answer: frames are told apart by being another object. */
export function onceForEach<F extends object, A>(make: (frame: F) => A): (frame: F) => A {
  let last: { readonly frame: F; readonly answer: A } | null = null;
  return (frame) => {
    if (last?.frame !== frame) last = { frame, answer: make(frame) };
    return last.answer;
  };
}
