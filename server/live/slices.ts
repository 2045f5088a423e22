/** Readers served before other work has its turn. */
const SLICE_READERS = 250;

export interface Served {
  serve(most: number): number;
  fail(error: unknown): void;
}

/** Serves groups that have news, a slice at a time; the first slice of a turn at once. */
export class Slices {
  readonly #waiting = new Set<Served>();
  #left = SLICE_READERS;
  #isArmed = false;

  announce(group: Served): void {
    this.#waiting.add(group);
    this.#run();
  }

  spend(readers: number): void {
    this.#left -= readers;
    this.#arm();
  }

  #run(): void {
    for (const group of this.#waiting) {
      if (this.#left <= 0) return;
      // Whoever is not through goes to the end, so that a crowd does not keep a few waiting.
      this.#waiting.delete(group);
      const most = this.#left;
      let looked = 0;
      try {
        looked = group.serve(most);
      } catch (error) {
        group.fail(error);
      }
      this.spend(looked);
      if (looked === most) this.#waiting.add(group);
    }
  }

  #arm(): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    setImmediate(() => {
      this.#isArmed = false;
      this.#left = SLICE_READERS;
      this.#run();
    });
  }
}
