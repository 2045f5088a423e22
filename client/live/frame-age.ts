/**
 * How old a picture is, and how long there has been silence with it. The age counts from `asOf`, the moment at which
 * the server last saw its database, by the program's time as the server tells it: two program times are compared, never
 * one of them with a clock of this machine.
 *
 * While history is loaded the program's time stands still and measures nothing. A frame is then as new as it comes,
 * except a snapshot of what is held already: that is what a newcomer gets, from a server that has lost its database too.
 */
import type { ProgramTime } from '#client/wire/program-time.ts';
import { type FrameHead, isHold } from './accept-frame.ts';
import { pollEveryMs } from './poll-totals.ts';

/** What every picture has, whatever it is of. */
export interface Framed extends FrameHead {
  readonly mode: string;
  readonly isLoading: boolean;
  readonly asOf: string;
}

/** Milliseconds since `asOf`, which is that of the picture after this frame; `before` is what was held and its age. */
export function ageOfFrame(
  before: { readonly held: Framed; readonly ageMs: number } | null,
  frame: Framed,
  asOf: string,
  programTime: ProgramTime,
): number {
  if (!frame.isLoading) return programTime.since(Date.parse(asOf));
  const isRepeated = before !== null && frame.kind === 'SNAPSHOT' && !isNews(before.held, frame);
  return isRepeated ? before.ageMs : 0;
}

/** Of a picture from the browser's storage, which is `passedMs` old by this machine's clock. */
export function ageOfKept(picture: Framed, passedMs: number, programTime: ProgramTime): number {
  if (picture.isLoading) return passedMs;
  const asOfMs = Date.parse(picture.asOf);
  if (programTime.now() === null) programTime.told(asOfMs + passedMs);
  return programTime.since(asOfMs);
}

/**
 * For how long nothing has been heard that counts. Figures that are held back keep their old moment, and the word that
 * they are is of now. Between two answers that are asked for the server's word grows older by the pause.
 */
export function silentForMs(frame: Framed, ageMs: number, by: 'socket' | 'poll'): number {
  if (isHold(frame.kind)) return 0;
  return by === 'poll' ? Math.max(0, ageMs - pollEveryMs) : ageMs;
}

/** Whether an answer says more than what is held: another state, another word, or the same of a later moment. */
export function isNews(held: Framed | null, frame: Framed): boolean {
  if (held === null || frame.epoch !== held.epoch || frame.revision !== held.revision) return true;
  return Date.parse(frame.asOf) > Date.parse(held.asOf);
}
