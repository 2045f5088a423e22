import type { Group, Payload, Reader, Seat } from '#server/live/group.ts';
import type { Line, Waiting } from './line.ts';
import { type Envelope, envelopeOf, frameBytes, writeNext } from './text-frame.ts';

/** Who is told that a group ended of itself. */
export interface Follows {
  readonly line: Line;
  ended(following: Following, error: unknown): void;
}

/** One subscription in a group: what is followed goes from the group to the line as ready frames. */
export class Following implements Reader, Waiting {
  readonly #client: Follows;
  readonly #envelope: Envelope;
  readonly #seat: Seat;
  #isOver = false;

  /** Joins the group: the first frame is written before this returns. */
  constructor(group: Group, client: Follows, id: string) {
    this.#client = client;
    this.#envelope = envelopeOf(id);
    this.#seat = group.join(this);
  }

  get id(): string {
    return this.#envelope.id;
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
    if (this.#letGo()) this.#client.ended(this, error);
  }

  leave(): void {
    if (this.#letGo()) this.#seat.leave();
  }

  /** False: it was over already. */
  #letGo(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#client.line.noLongerWaits(this);
    return true;
  }
}
