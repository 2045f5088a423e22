import { randomUUID } from 'node:crypto';

/**
 * A UUID of version 7 (RFC 9562): ids made one after another lie side by side in an index. Chance and variant are those
 * of a version 4, for which Node keeps random bytes ready: asking for sixteen each time costs thirty times as much.
 */
export function uuidV7(nowMs = Date.now()): string {
  const time = nowMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
