/**
 * A one-slot async iterable: a reader always gets the newest value, and one that is slow skips, it never queues.
 *
 * Written by hand and not as an async generator: a generator that waits in `next()` answers `return()` only after
 * that `next()` settles, so a closed socket would never be let go. Here `return()` settles every waiting `next()`
 * at once and runs `onReturn` exactly once.
 */
export class Latest<T> implements AsyncIterableIterator<T> {
  #slot: { readonly value: T } | undefined;
  #readers: ((result: IteratorResult<T, undefined>) => void)[] = [];
  #state: 'open' | 'ending' | 'closed' = 'open';
  readonly #onReturn: (() => void) | undefined;

  /** `onReturn` is called once, when the reader leaves or the writer's `end()` has been read. */
  constructor(onReturn?: () => void) {
    this.#onReturn = onReturn;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** What was put and not yet read. */
  protected get unread(): T | undefined {
    return this.#slot?.value;
  }

  /** Puts `value` in place of an unread one. Returns true if an unread one was lost by it. Ignored once closed. */
  put(value: T): boolean {
    if (this.#state !== 'open') return false;
    const reader = this.#readers.shift();
    if (reader) {
      reader({ value, done: false });
      return false;
    }
    const replaced = this.#slot !== undefined;
    this.#slot = { value };
    return replaced;
  }

  /** The writer has no more to say: an unread value is still delivered, then the iteration is over. */
  end(): void {
    if (this.#state !== 'open') return;
    if (this.#slot) this.#state = 'ending';
    else this.#close();
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const slot = this.#slot;
    if (slot) {
      this.#slot = undefined;
      if (this.#state === 'ending') this.#close();
      return Promise.resolve({ value: slot.value, done: false });
    }
    if (this.#state === 'closed') return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#close();
    return Promise.resolve({ value: undefined, done: true });
  }

  throw(error: unknown): Promise<IteratorResult<T, undefined>> {
    this.#close();
    return Promise.reject(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#slot = undefined;
    const readers = this.#readers;
    this.#readers = [];
    for (const reader of readers) reader({ value: undefined, done: true });
    this.#onReturn?.();
  }
}
