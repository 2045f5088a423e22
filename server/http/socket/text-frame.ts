/**
 * `next` messages as whole WebSocket frames, ready to be written. The payload's bytes are copied once for all who use
 * the same id, and once for all others: their header and id are written before it, one after another.
 */
import type { Payload } from '#server/live/group.ts';

/** Different ids for which a payload keeps its ready frame. */
const READY_IDS = 16;
/** Ids that many have: our own client's say what is asked (a document's hash and its variables), others count from 1. */
const COMMON_ID = /^(\d{1,4}|[0-9a-f]{8}(:[\w.-]{0,20}){0,4}(~\d{1,4})?)$/;
/** Different ids whose envelopes are kept. */
const SHARED_ENVELOPES = 1_000;
/** Room before a payload for header and prefix. */
const ROOM_BYTES = 256;
const HEADER_BYTES_MAX = 10;
const FINAL_TEXT = 0x81;
const END = 0x7d;

/** What stands before the payload in every message of one subscription, fixed when it begins. */
export interface Envelope {
  readonly id: string;
  /** The id where its frames are kept; null where it is nobody else's. */
  readonly sharedId: string | null;
  readonly prefix: Buffer;
}

export interface FrameWriter {
  /** True: the bytes are no longer needed. */
  write(frame: Buffer): boolean;
}

/** Envelopes that many subscriptions share. The oldest goes first: it is only made anew. */
const shared = new Map<string, Envelope>();

export function envelopeOf(id: string): Envelope {
  const known = shared.get(id);
  if (known) return known;
  const isShared = COMMON_ID.test(id);
  const prefix = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
  const envelope = { id, sharedId: isShared ? id : null, prefix };
  if (!isShared) return envelope;
  if (shared.size >= SHARED_ENVELOPES) shared.delete(shared.keys().next().value as string);
  shared.set(id, envelope);
  return envelope;
}

/** Bytes of the whole frame, a few more at most. */
export function frameBytes(payload: Payload, { prefix }: Envelope): number {
  return HEADER_BYTES_MAX + prefix.length + payload.bytes.length + 1;
}

export function writeNext(payload: Payload, envelope: Envelope, to: FrameWriter): void {
  const { ready } = payload.wrapped;
  const { sharedId, prefix } = envelope;
  const known = sharedId === null ? undefined : ready.get(sharedId);
  if (known) {
    to.write(known);
  } else if (sharedId !== null && ready.size < READY_IDS) {
    const frame = wrap(
      roomBefore(payload.bytes, prefix.length + HEADER_BYTES_MAX),
      payload.bytes.length,
      prefix,
    );
    ready.set(sharedId, frame);
    to.write(frame);
  } else if (prefix.length + HEADER_BYTES_MAX > ROOM_BYTES) {
    to.write(wrap(roomBefore(payload.bytes, prefix.length + HEADER_BYTES_MAX), payload.bytes.length, prefix));
  } else {
    const loose = payload.wrapped.loose ?? roomBefore(payload.bytes, ROOM_BYTES);
    // Whoever has not taken the bytes at once keeps them; the next one gets a copy of its own.
    payload.wrapped.loose = to.write(wrap(loose, payload.bytes.length, prefix)) ? loose : null;
  }
}

/** A copy of the payload with room before it, and the end of the message behind. */
function roomBefore(bytes: Buffer, room: number): Buffer {
  const buffer = Buffer.allocUnsafe(room + bytes.length + 1);
  bytes.copy(buffer, room);
  buffer[buffer.length - 1] = END;
  return buffer;
}

/** Writes header and prefix right before the payload; gives the whole frame. RFC 6455, 5.2: a server does not mask. */
function wrap(buffer: Buffer, payloadBytes: number, prefix: Buffer): Buffer {
  const length = prefix.length + payloadBytes + 1;
  const headerBytes = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const start = buffer.length - length - headerBytes;
  buffer[start] = FINAL_TEXT;
  if (headerBytes === 2) {
    buffer[start + 1] = length;
  } else if (headerBytes === 4) {
    buffer[start + 1] = 126;
    buffer.writeUInt16BE(length, start + 2);
  } else {
    buffer[start + 1] = 127;
    buffer.writeUInt32BE(0, start + 2);
    buffer.writeUInt32BE(length, start + 6);
  }
  buffer.set(prefix, start + headerBytes);
  return start === 0 ? buffer : buffer.subarray(start);
}
