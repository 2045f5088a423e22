import type { Group, Payload, Reader, Seat } from '#server/live/group.ts';
import type { Line, Waiting } from './line.ts';
import { type Envelope, envelopeOf, nextFrame } from './text-frame.ts';

type Step = IteratorResult<never, undefined>;
const OVER: Step = { value: undefined, done: true };
/** Header of a frame, and what closes the message. */
const AROUND_BYTES = 11;

/**
 * One subscription in a group, as graphql-ws sees it: an iterator that gives nothing and settles when the subscription
 * is over. What is followed goes from the group to the line as ready frames.
 */
export class Following implements AsyncIterableIterator<never>, Reader, Waiting {
  readonly #line: Line;
  readonly #envelope: Envelope;
  readonly #seat: Seat;
  #settle: { resolve(step: Step): void; reject(error: unknown): void } | null = null;
  #isOver = false;
  #error: unknown;

  /** Joins the group: the first frame is written before this returns. */
  constructor(group: Group, line: Line, id: string) {
    this.#line = line;
    this.#envelope = envelopeOf(id);
    this.#seat = group.join(this);
  }

  take(payload: Payload): boolean {
    if (!this.#line.hasRoom(payload.bytes.length + this.#envelope.prefix.length + AROUND_BYTES)) {
      this.#line.whenRoom(this);
      return false;
    }
    this.#line.write(nextFrame(payload, this.#envelope));
    return true;
  }

  retry(): void {
    if (!this.#isOver) this.#seat.retry();
  }

  end(error?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#line.noLongerWaits(this);
    if (error === undefined) this.#settle?.resolve(OVER);
    else if (this.#settle) this.#settle.reject(error);
    else this.#error = error;
  }

  next(): Promise<Step> {
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#isOver) return Promise.resolve(OVER);
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  return(): Promise<Step> {
    this.#seat.leave();
    this.end();
    return Promise.resolve(OVER);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
