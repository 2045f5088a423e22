import { randomBytes } from 'node:crypto';

// No 0, O, 1, I, L: an incident id is read out over the phone.
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const INCIDENT_CHARACTERS = 8;

/**
 * Something unexpected. Callers outside see only `incident`; the log holds the same id beside the cause.
 * An expected no is a refusal, our own mistake is a BrokenInvariant: neither is a fault.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly incident: string;

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.incident = newIncident();
  }
}

/** The error itself if it is a fault already, so that an incident keeps the id it was first given. */
export function asFault(error: unknown, message = 'unexpected failure'): Fault {
  return error instanceof Fault ? error : new Fault(message, error);
}

function newIncident(): string {
  let id = '';
  for (const byte of randomBytes(INCIDENT_CHARACTERS)) id += ALPHABET[byte % ALPHABET.length];
  return id;
}
