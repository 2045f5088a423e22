/**
 * Thousands of WebSockets that cost next to nothing: they read what comes, answer pings, and count. A library's client
 * would need more of the second core than the server under measurement needs of the first.
 *
 * Spread over 127.0.0.0/8, 100 to an address, so that the server's limits by address stay on.
 */
import { randomBytes } from 'node:crypto';
import net from 'node:net';

const PER_ADDRESS = 100;
const CONNECTING_AT_ONCE = 100;
/** The city frame has 2 KB; acknowledgements and pings have fewer than this. */
const FRAME_BYTES_MIN = 1_000;
const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

export type TakeFrame = (payload: Buffer, index: number) => void;

/** All sockets of a process read into the same memory, one after another. */
const shared = Buffer.allocUnsafe(256 * 1_024);

interface Member {
  readonly socket: net.Socket;
  rest: Buffer | null;
  isUpgraded: boolean;
}

export class Crowd {
  /** Frames that came since the start, over all sockets. */
  delivered = 0;
  /** `performance.now()` of the newest. */
  lastAt = 0;
  acknowledged = 0;
  /** Small messages that were not expected, and sockets lost; a measurement with any is void. */
  readonly problems: string[] = [];
  take: TakeFrame | null = null;
  readonly #members: Member[] = [];
  #isClosing = false;

  get size(): number {
    return this.#members.length;
  }

  /** Opens `count` sockets, each saying `connection_init`; resolves when all were acknowledged. */
  async connect(port: number, count: number, firstAddress = 1): Promise<void> {
    const wanted = this.#members.length + count;
    for (let done = 0; done < count; done += CONNECTING_AT_ONCE) {
      const some = Math.min(CONNECTING_AT_ONCE, count - done);
      await Promise.all(
        Array.from({ length: some }, (_, i) =>
          this.#open(port, firstAddress + Math.floor((done + i) / PER_ADDRESS)),
        ),
      );
    }
    await this.until('acknowledgements', () => this.acknowledged >= wanted, 30_000);
  }

  /** Sends each socket a message of its own. */
  send(message: (index: number) => object, from = 0, to = this.size): void {
    for (let index = from; index < to; index++) {
      this.#members[index]?.socket.write(masked(TEXT, Buffer.from(JSON.stringify(message(index)))));
    }
  }

  /** Waits until a condition holds; throws with what there was instead. */
  async until(what: string, holds: () => boolean, limitMs = 60_000): Promise<void> {
    const deadline = performance.now() + limitMs;
    while (!holds()) {
      if (this.problems.length > 0)
        throw new Error(`waiting for ${what}: ${this.problems.slice(0, 3).join('; ')}`);
      if (performance.now() > deadline)
        throw new Error(
          `waited ${limitMs} ms in vain for ${what}: ${this.delivered} frames, ${this.acknowledged} acknowledged`,
        );
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** Waits until nothing has come for `quietMs`. */
  async quiet(quietMs = 250): Promise<void> {
    await this.until('quiet', () => performance.now() - this.lastAt > quietMs);
  }

  close(): void {
    this.#isClosing = true;
    for (const { socket } of this.#members) socket.destroy();
    this.#members.length = 0;
  }

  #open(port: number, address: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const index = this.#members.length;
      const socket = net.connect({
        host: '127.0.0.1',
        port,
        localAddress: `127.0.${1 + Math.floor(address / 250)}.${1 + (address % 250)}`,
        noDelay: true,
        onread: {
          buffer: shared,
          callback: (bytes, buffer) => {
            this.#read(member, index, Buffer.from(buffer.buffer, buffer.byteOffset, bytes), resolve, reject);
            return true;
          },
        },
      });
      const member: Member = { socket, rest: null, isUpgraded: false };
      this.#members.push(member);
      socket.on('error', (error) => {
        this.#lost(`socket ${index}: ${error.message}`);
        reject(error);
      });
      socket.on('close', () => this.#lost(`socket ${index} was closed`));
      socket.write(
        `GET /graphql HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
      );
    });
  }

  #lost(problem: string): void {
    if (!this.#isClosing) this.problems.push(problem);
  }

  #read(
    member: Member,
    index: number,
    chunk: Buffer,
    opened: () => void,
    failed: (error: Error) => void,
  ): void {
    let bytes = member.rest ? Buffer.concat([member.rest, chunk]) : chunk;
    member.rest = null;
    if (!member.isUpgraded) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) {
        member.rest = Buffer.from(bytes);
        return;
      }
      const answer = bytes.toString('latin1', 0, bytes.indexOf('\r\n'));
      if (!answer.includes(' 101 ')) {
        failed(new Error(answer));
        return;
      }
      member.isUpgraded = true;
      member.socket.write(masked(TEXT, Buffer.from('{"type":"connection_init"}')));
      opened();
      bytes = bytes.subarray(end + 4);
    }
    let at = 0;
    while (bytes.length - at >= 2) {
      const short = (bytes[at + 1] as number) & 0x7f;
      const head = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (bytes.length - at < head) break;
      const length =
        short === 126
          ? bytes.readUInt16BE(at + 2)
          : short === 127
            ? Number(bytes.readBigUInt64BE(at + 2))
            : short;
      if (bytes.length - at < head + length) break;
      this.#message(
        member,
        index,
        (bytes[at] as number) & 0x0f,
        bytes.subarray(at + head, at + head + length),
      );
      at += head + length;
    }
    // A copy: the memory below is read into again by the next socket.
    if (at < bytes.length) member.rest = Buffer.from(bytes.subarray(at));
  }

  #message(member: Member, index: number, opcode: number, payload: Buffer): void {
    if (opcode === TEXT && payload.length >= FRAME_BYTES_MIN) {
      this.delivered += 1;
      this.lastAt = performance.now();
      this.take?.(payload, index);
    } else if (opcode === TEXT) this.#small(member, payload.toString());
    else if (opcode === PING) member.socket.write(masked(PONG, payload));
    else if (opcode === CLOSE)
      this.#lost(
        `socket ${index} was told ${payload.length > 1 ? payload.readUInt16BE(0) : 'to close'} ${payload.toString('utf8', 2)}`,
      );
  }

  #small(member: Member, text: string): void {
    const { type } = JSON.parse(text) as { type: string };
    if (type === 'connection_ack') this.acknowledged += 1;
    else if (type === 'ping') member.socket.write(masked(TEXT, Buffer.from('{"type":"pong"}')));
    else if (type !== 'complete' && type !== 'pong') this.problems.push(text.slice(0, 300));
  }
}

/** A client's frame has to be masked; the mask may be zero. */
function masked(opcode: number, payload: Buffer): Buffer {
  const head = payload.length < 126 ? Buffer.alloc(6) : Buffer.alloc(8);
  head[0] = 0x80 | opcode;
  if (payload.length < 126) head[1] = 0x80 | payload.length;
  else {
    head[1] = 0x80 | 126;
    head.writeUInt16BE(payload.length, 2);
  }
  return Buffer.concat([head, payload]);
}
