import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { type RawData, WebSocket } from 'ws';
import { SOCKET_LIMITS } from '../http-limits.ts';
import { CLOSE, type CloseReason } from './close-codes.ts';
import type { FrameWriter } from './text-frame.ts';

/** How often each line is looked after. Everything that takes time on a line is counted in looks. */
export const LOOK_MS = 250;

const looks = (ms: number) => Math.ceil(ms / LOOK_MS);
const INIT_LOOKS = looks(SOCKET_LIMITS.initMs);
const PING_LOOKS = looks(SOCKET_LIMITS.pingMs);
const STALLED_LOOKS = looks(SOCKET_LIMITS.stalledMs);
const MESSAGES_PER_LOOK = (SOCKET_LIMITS.messagesPerSecond * LOOK_MS) / 1_000;

/** Someone who waits until there is room on a line. */
export interface Waiting {
  retry(): void;
}

/** Who is told what comes on a line. */
export interface LineOwner {
  message(text: string): void;
  closed(code: number, reason: string): void;
}

/**
 * A WebSocket that knows its line. Listeners are one for all sockets and find the line by `this`: a crowd that sits
 * still costs memory alone, and a closure for each of them would be a tenth of it.
 */
export class LineSocket extends WebSocket {
  line: Line | null = null;
}

function lineOf(socket: WebSocket): Line | null {
  return socket instanceof LineSocket ? socket.line : null;
}

function onMessage(this: WebSocket, data: RawData): void {
  const line = lineOf(this);
  if (line?.heard()) line.owner?.message(String(data));
}

function onPing(this: WebSocket, data: Buffer): void {
  if (lineOf(this)?.heard()) this.pong(data);
}

function onPong(this: WebSocket, data: Buffer): void {
  const line = lineOf(this);
  if (line?.heard()) line.answered(data);
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  lineOf(this)?.owner?.closed(code, String(reason));
}

let opened = 0;

/**
 * One socket and its limits. Frames that are ready go straight to the stream: a WebSocket without compression writes
 * each of its own frames in one go, so that whole frames never come into one another.
 *
 * Whoever passes a limit is told why and cut soon after. It has no timer of its own: `look` is
 * called every `LOOK_MS` milliseconds, and a clock that jumps cuts nobody.
 */
export class Line implements FrameWriter {
  readonly socket: LineSocket;
  owner: LineOwner | null = null;
  readonly #stream: Socket;
  #waiting: Set<Waiting> | null = null;
  #hasBegun = false;
  #age = 0;
  #messages = 0;
  /** Spread over the whole pause: a crowd that came together is not asked at once, nor between two of its frames. */
  #pingIn = PING_LOOKS - (opened++ % PING_LOOKS);
  #nonce: Buffer | null = null;
  #taken = 0;
  #stalledFor = 0;

  constructor(socket: LineSocket, stream: Socket) {
    this.socket = socket;
    this.#stream = stream;
    socket.line = this;
    socket.on('message', onMessage).on('ping', onPing).on('pong', onPong).on('close', onClose);
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  get waitingBytes(): number {
    return this.#stream.writableLength;
  }

  /** It has sent `connection_init`. */
  begin(): void {
    this.#hasBegun = true;
  }

  /** Something came. False: it is not to be looked at. */
  heard(): boolean {
    if (!this.isOpen) return false;
    this.#messages += 1;
    if (this.#messages > SOCKET_LIMITS.messagesPerSecond) {
      this.cut(CLOSE.TOO_FAST);
      return false;
    }
    // Whoever does not take its answers is asked to wait with its questions.
    if (this.#stream.writableLength > SOCKET_LIMITS.waitingBytes) this.socket.pause();
    return true;
  }

  /** A pong came. */
  answered(nonce: Buffer): void {
    if (this.#nonce?.equals(nonce)) this.#nonce = null;
  }

  /** Sends a text; resolves when the system has taken it, and where nobody is there any more. */
  send(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.isOpen) return resolve();
      this.socket.send(text, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Whether a frame of so many bytes may be written now. One that is larger than the limit goes alone. */
  hasRoom(bytes: number): boolean {
    const waiting = this.#stream.writableLength;
    return waiting === 0 || waiting + bytes <= SOCKET_LIMITS.waitingBytes;
  }

  /**
   * Writes a whole WebSocket frame, whether there is room or not; to one that is going, nothing. True: the system has
   * taken all of it, and the buffer may be written anew.
   */
  write(frame: Buffer): boolean {
    if (!this.isOpen) return true;
    this.#stream.write(frame);
    return this.#stream.writableLength === 0;
  }

  /** Calls `retry` once, as soon as there is room again. */
  whenRoom(waiting: Waiting): void {
    if (!this.#waiting) {
      this.#waiting = new Set();
      this.#stream.on('drain', () => this.#retry());
    }
    this.#waiting.add(waiting);
  }

  noLongerWaits(waiting: Waiting): void {
    this.#waiting?.delete(waiting);
  }

  /** Tells it why; it is cut `goodbyeMs` later if it has not gone. */
  cut({ code, reason }: CloseReason): void {
    // A reader that was asked to wait could not answer.
    this.socket.resume();
    this.socket.close(code, reason);
  }

  /** A moment has passed. */
  look(): void {
    if (!this.isOpen) return;
    this.#age += 1;
    this.#messages = Math.max(0, this.#messages - MESSAGES_PER_LOOK);
    if (!this.#hasBegun && this.#age >= INIT_LOOKS) this.cut(CLOSE.INIT_TIMEOUT);
    else if (this.#isStalled()) this.socket.terminate();
    else this.#ping();
    if (!this.isOpen) return;
    if (this.socket.isPaused && this.#stream.writableLength <= SOCKET_LIMITS.waitingBytes)
      this.socket.resume();
    if (this.#waiting?.size && !this.#stream.writableNeedDrain) this.#retry();
  }

  /** Whoever does not answer a ping with its own nonce is cut: a pong that was not asked for proves nothing. */
  #ping(): void {
    this.#pingIn -= 1;
    if (this.#pingIn > 0) return;
    if (this.#nonce) {
      this.socket.terminate();
      return;
    }
    this.#pingIn = PING_LOOKS;
    this.#nonce = randomBytes(8);
    this.socket.ping(this.#nonce);
  }

  /** Bytes waited all the time, and not one piece of them was taken. */
  #isStalled(): boolean {
    const waiting = this.#stream.writableLength;
    if (waiting === 0) {
      this.#stalledFor = 0;
      return false;
    }
    const taken = this.#stream.bytesWritten - waiting;
    this.#stalledFor = taken === this.#taken ? this.#stalledFor + 1 : 0;
    this.#taken = taken;
    return this.#stalledFor >= STALLED_LOOKS;
  }

  #retry(): void {
    const waiting = [...(this.#waiting ?? [])];
    this.#waiting?.clear();
    for (const each of waiting) each.retry();
  }
}
