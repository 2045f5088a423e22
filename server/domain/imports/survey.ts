import { createHash } from 'node:crypto';
import { type FileProblem, fileProblem } from './problems.ts';

/** A line of a file of people is some hundred bytes; whatever has longer ones is something else. */
export const LINE_BYTES_MAX = 16 * 1024;
/** Where the headings are looked for. */
const HEAD_BYTES = 64 * 1024;

export type Encoding = 'utf-8' | 'windows-1252';

export interface Survey {
  /** Of the file's bytes, in hex: how the audit names a file without its name. */
  readonly sha256: string;
  readonly bytes: number;
  readonly encoding: Encoding;
  /** Lines with anything on them: there are fewer rows than that. */
  readonly lines: number;
  /** The beginning of the file, decoded. */
  readonly head: string;
}

const NUL = 0x00;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;

const SIGNATURE_BYTES = 4;

/** What a file is that is no text, by how it begins. */
const SIGNATURES: readonly (readonly [readonly number[], FileProblem['problem']])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'EXCEL'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'EXCEL'],
  [[0xff, 0xfe], 'UTF16'],
  [[0xfe, 0xff], 'UTF16'],
];

/**
 * Reads a file once from end to end, keeping only its beginning: its fingerprint, its encoding, and whether it can be
 * a list at all. Stops at the first byte or line that says it cannot. What is not UTF-8 throughout is windows-1252.
 */
export async function surveyFile(
  chunks: AsyncIterable<Uint8Array>,
  rowsMax: number,
): Promise<Survey | FileProblem> {
  const hash = createHash('sha256');
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const head: Uint8Array[] = [];
  const lines = { done: 0, written: 0, bytes: 0, isBlank: true, endedByReturn: false };
  let bytes = 0;
  let isUtf8 = true;

  for await (const chunk of chunks) {
    if (bytes < HEAD_BYTES) head.push(chunk.subarray(0, HEAD_BYTES - bytes));
    bytes += chunk.length;
    const problem = signatureOf(head) ?? count(lines, chunk);
    if (problem) return problem;
    // The headings are a line too.
    if (lines.written > rowsMax + 1) return fileProblem('TOO_MANY_ROWS', null, String(rowsMax));
    hash.update(chunk);
    isUtf8 &&= decodes(() => utf8.decode(chunk, { stream: true }));
  }
  if (!lines.isBlank) lines.written += 1;
  isUtf8 &&= decodes(() => utf8.decode());
  const encoding: Encoding = isUtf8 ? 'utf-8' : 'windows-1252';
  const text = new TextDecoder(encoding).decode(Buffer.concat(head));
  if (lines.written === 0 || (bytes <= HEAD_BYTES && text.trim() === '')) return fileProblem('EMPTY');
  return { sha256: hash.digest('hex'), bytes, encoding, lines: lines.written, head: text };
}

function count(
  lines: { done: number; written: number; bytes: number; isBlank: boolean; endedByReturn: boolean },
  chunk: Uint8Array,
): FileProblem | null {
  for (const byte of chunk) {
    const isSecondHalf = byte === LINE_FEED && lines.endedByReturn;
    lines.endedByReturn = byte === CARRIAGE_RETURN;
    if (isSecondHalf) continue;
    if (byte === NUL) return fileProblem('NOT_TEXT', lines.done + 1);
    if (byte === LINE_FEED || byte === CARRIAGE_RETURN) {
      if (!lines.isBlank) lines.written += 1;
      lines.done += 1;
      lines.bytes = 0;
      lines.isBlank = true;
      continue;
    }
    lines.bytes += 1;
    if (byte > SPACE) lines.isBlank = false;
    if (lines.bytes > LINE_BYTES_MAX) return fileProblem('LINE_TOO_LONG', lines.done + 1);
  }
  return null;
}

function signatureOf(head: readonly Uint8Array[]): FileProblem | null {
  const first = head.slice(0, SIGNATURE_BYTES).flatMap((part) => [...part.subarray(0, SIGNATURE_BYTES)]);
  const found = SIGNATURES.find(([bytes]) => bytes.every((byte, at) => first[at] === byte));
  return found ? fileProblem(found[1]) : null;
}

function decodes(decode: () => string): boolean {
  try {
    decode();
    return true;
  } catch {
    return false;
  }
}
