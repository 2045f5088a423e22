import type { Crowd } from '../crowd.ts';

const AS_OF = Buffer.from('"asOf":"');
const AS_OF_LENGTH = 24;

/** When each revision was first shown by the first, and by the last, of a crowd's sockets. Wall clock in milliseconds. */
export class Arrivals {
  readonly #crowd: Crowd;
  readonly #reached: Int32Array;
  /** Revision by the look that a frame tells of: a frame is read once, however many sockets it comes on. */
  readonly #known = new Map<string, number>();
  readonly #first = new Map<number, number>();
  readonly #last = new Map<number, number>();
  readonly #count = new Map<number, number>();
  newest = 0;

  constructor(crowd: Crowd) {
    this.#crowd = crowd;
    this.#reached = new Int32Array(crowd.size);
    crowd.take = (payload, index) => this.#note(payload, index);
  }

  firstAt(revision: number): number | undefined {
    return this.#first.get(revision);
  }

  /** Undefined where not every socket has been shown this revision or a newer one. */
  lastAt(revision: number): number | undefined {
    return this.#count.get(revision) === this.#crowd.size ? this.#last.get(revision) : undefined;
  }

  #note(payload: Buffer, index: number): void {
    const at = payload.indexOf(AS_OF) + AS_OF.length;
    const look = payload.toString('latin1', at, at + AS_OF_LENGTH);
    const revision = this.#known.get(look) ?? this.#read(payload, look);
    const before = this.#reached[index] as number;
    if (revision <= before) return;
    this.#reached[index] = revision;
    this.newest = Math.max(this.newest, revision);
    // The first frame is where it begins, not something that was waited for.
    if (before === 0) return;
    const now = performance.timeOrigin + performance.now();
    for (let each = before + 1; each <= revision; each++) {
      if (!this.#first.has(each)) this.#first.set(each, now);
      this.#last.set(each, now);
      this.#count.set(each, (this.#count.get(each) ?? 0) + 1);
    }
  }

  #read(payload: Buffer, look: string): number {
    const { revision } = (
      JSON.parse(payload.toString()) as { payload: { data: { totalsChanged: { revision: number } } } }
    ).payload.data.totalsChanged;
    this.#known.set(look, revision);
    return revision;
  }
}
