import type { Payload } from '#server/live/group.ts';

/** Different ids for which a payload keeps its ready frame: our own client counts its ids from 1. */
const READY_IDS = 16;
const FINAL_TEXT = 0x81;
const END = 0x7d;

/** What stands before the payload in every message of one subscription, fixed when it begins. */
export interface Envelope {
  readonly id: string;
  readonly prefix: Buffer;
}

export function envelopeOf(id: string): Envelope {
  return { id, prefix: Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`) };
}

/**
 * A `next` message as one whole WebSocket frame, ready to be written: the payload's bytes are copied once for all
 * who use the same id. RFC 6455, 5.2: a server's frames are not masked.
 */
export function nextFrame(payload: Payload, envelope: Envelope): Buffer {
  const ready = payload.wrapped.get(envelope.id);
  if (ready) return ready;
  const frame = textFrame(envelope.prefix, payload.bytes);
  if (payload.wrapped.size < READY_IDS) payload.wrapped.set(envelope.id, frame);
  return frame;
}

function textFrame(prefix: Buffer, body: Buffer): Buffer {
  const length = prefix.length + body.length + 1;
  const headerBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerBytes + length);
  frame[0] = FINAL_TEXT;
  if (headerBytes === 2) {
    frame[1] = length;
  } else if (headerBytes === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(length, 6);
  }
  prefix.copy(frame, headerBytes);
  body.copy(frame, headerBytes + prefix.length);
  frame[frame.length - 1] = END;
  return frame;
}
