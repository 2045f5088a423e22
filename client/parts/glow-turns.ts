/**
 * Who may glow, and when: a tile that has grown glows at once, but never two within `apartMs`, and none while it still
 * glows. What has to wait stands in a queue, each tile once, so that fifty a second still look like one city growing
 * and not like a fairground.
 */
export const glowMs = 1_600;
const apartMs = 200;

export interface GlowTurns {
  /** The tile of `code` has grown. */
  grown(code: string): void;
  stop(): void;
}

/** `glow` is called with a tile's code when its turn has come. */
export function createGlowTurns(glow: (code: string) => void): GlowTurns {
  const waiting = new Set<string>();
  const glowing = new Set<string>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let isPaused = false;

  function after(ms: number, then: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      then();
      next();
    }, ms);
    timers.add(timer);
  }

  function next(): void {
    if (isPaused) return;
    for (const code of waiting) {
      if (glowing.has(code)) continue;
      waiting.delete(code);
      glowing.add(code);
      isPaused = true;
      glow(code);
      after(apartMs, () => {
        isPaused = false;
      });
      after(glowMs, () => glowing.delete(code));
      return;
    }
  }

  return {
    grown(code) {
      waiting.add(code);
      next();
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      waiting.clear();
    },
  };
}
