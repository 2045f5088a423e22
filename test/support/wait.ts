const POLL_MS = 10;

/**
 * Waits until `condition` gives something truthy and returns it. A condition that throws counts as not yet. Throws
 * after `limitMs`, naming `what` was waited for.
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  limitMs = 10_000,
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const deadlineMs = performance.now() + limitMs;
  let failure: unknown;
  for (;;) {
    try {
      const result = await condition();
      if (result) return result as Exclude<T, false | null | undefined | 0 | ''>;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > deadlineMs)
      throw new Error(`waited ${limitMs} ms in vain for ${what}`, { cause: failure });
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
