import type { Group, Payload, Reader, Seat } from '#server/live/group.ts';
import type { Line, Waiting } from './line.ts';
import { type Envelope, envelopeOf, frameBytes, writeNext } from './text-frame.ts';

const OVER: IteratorResult<never, undefined> = { value: undefined, done: true };

/** Who is told that a group ended of itself. */
export interface Followed {
  readonly line: Line;
  ended(id: string, error: unknown): void;
}

/**
 * One subscription in a group. What is followed goes from the group to the line as ready frames; to graphql-ws, which
 * keeps it among its subscriptions, it is something to let go of by `return`, and gives nothing.
 */
export class Following implements AsyncIterableIterator<never>, Reader, Waiting {
  readonly #client: Followed;
  readonly #envelope: Envelope;
  readonly #seat: Seat;
  #isOver = false;

  /** Joins the group: the first frame is written before this returns. */
  constructor(group: Group, client: Followed, id: string) {
    this.#client = client;
    this.#envelope = envelopeOf(id);
    this.#seat = group.join(this);
  }

  take(payload: Payload): boolean {
    const { line } = this.#client;
    if (!line.hasRoom(frameBytes(payload, this.#envelope))) {
      line.whenRoom(this);
      return false;
    }
    writeNext(payload, this.#envelope, line);
    return true;
  }

  retry(): void {
    if (!this.#isOver) this.#seat.retry();
  }

  end(error?: unknown): void {
    if (this.#letGo()) this.#client.ended(this.#envelope.id, error);
  }

  next(): Promise<IteratorResult<never, undefined>> {
    return Promise.resolve(OVER);
  }

  return(): Promise<IteratorResult<never, undefined>> {
    if (this.#letGo()) this.#seat.leave();
    return Promise.resolve(OVER);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** False: it was over already. */
  #letGo(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#client.line.noLongerWaits(this);
    return true;
  }
}
