import net from 'node:net';
import { until } from './wait.ts';

export interface RawFrame {
  readonly opcode: number;
  readonly data: Buffer;
}

/** A client that speaks WebSocket by hand, so that it can be rude: it answers nothing by itself. */
export interface RawSocket {
  /** Everything the server sent, in order. */
  readonly frames: RawFrame[];
  /** `next`, `error` and other messages, as text. */
  messages(): readonly string[];
  /** The code of the server's closing frame; null while there is none. */
  closeCode(): number | null;
  /** Resolves when the connection is gone, with how many milliseconds after this call. */
  gone(): Promise<number>;
  send(opcode: number, data: Buffer | string, isFinal?: boolean): void;
  say(message: object): void;
  /** As one piece on the network: the server hears them in one go. */
  sayAtOnce(...messages: readonly object[]): void;
  /** `connection_init`, until it is acknowledged. */
  begin(authorization?: string): Promise<void>;
  stopReading(): void;
  readOn(): void;
  destroy(): void;
}

export const TEXT = 1;
export const PING = 9;
export const PONG = 10;
const CLOSE = 8;

/** Connects to `/graphql`; throws the status line where the upgrade is refused. `headers`: more of them. */
export async function openRawSocket(
  port: number,
  localAddress = '127.0.0.1',
  headers: Readonly<Record<string, string>> = {},
): Promise<RawSocket> {
  const line = net.connect({ port, host: '127.0.0.1', localAddress });
  const frames: RawFrame[] = [];
  let buffered = Buffer.alloc(0);
  let head: string | null = null;
  line.on('error', () => undefined);
  line.write(
    'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n' +
      `${Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n`,
  );
  line.on('data', (chunk) => {
    buffered = Buffer.concat([buffered, chunk]);
    if (head === null) {
      const end = buffered.indexOf('\r\n\r\n');
      if (end < 0) return;
      head = buffered.toString('latin1', 0, end);
      buffered = buffered.subarray(end + 4);
    }
    for (let frame = readFrame(buffered); frame; frame = readFrame(buffered)) {
      frames.push(frame);
      buffered = buffered.subarray(frame.bytes);
    }
  });
  const closed = new Promise<void>((resolve) => line.once('close', () => resolve()));
  await until('the answer to the upgrade', () => head);
  const [status = ''] = String(head).split('\r\n');
  if (!status.includes('101')) throw new Error(status);

  const raw: RawSocket = {
    frames,
    messages: () => frames.filter(({ opcode }) => opcode === TEXT).map(({ data }) => data.toString()),
    closeCode: () => frames.find(({ opcode }) => opcode === CLOSE)?.data.readUInt16BE(0) ?? null,
    async gone() {
      const start = performance.now();
      await closed;
      return performance.now() - start;
    },
    send(opcode, data, isFinal = true) {
      line.write(maskedFrame(opcode, Buffer.from(data), isFinal));
    },
    say: (message) => raw.send(TEXT, JSON.stringify(message)),
    sayAtOnce(...messages) {
      const parts = messages.map((message) => maskedFrame(TEXT, Buffer.from(JSON.stringify(message)), true));
      line.write(Buffer.concat(parts));
    },
    async begin(authorization) {
      raw.say({ type: 'connection_init', payload: authorization ? { authorization } : {} });
      await until('the acknowledgement', () => raw.messages()[0]?.includes('connection_ack'));
    },
    stopReading: () => void line.pause(),
    readOn: () => void line.resume(),
    destroy: () => void line.destroy(),
  };
  return raw;
}

/** The first frame of these bytes and how many of them it is; null where it is not whole. */
export function readFrame(bytes: Buffer): (RawFrame & { readonly bytes: number }) | null {
  if (bytes.length < 2) return null;
  const short = (bytes[1] as number) & 0x7f;
  const header = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < header) return null;
  const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : bytes.readUInt32BE(6);
  if (bytes.length < header + length) return null;
  const data = Buffer.from(bytes.subarray(header, header + length));
  return { opcode: (bytes[0] as number) & 0x0f, data, bytes: header + length };
}

/** A client's frame has a mask; one of zeros changes nothing. */
function maskedFrame(opcode: number, data: Buffer, isFinal: boolean): Buffer {
  const first = opcode | (isFinal ? 0x80 : 0);
  const header =
    data.length < 126
      ? Buffer.from([first, 0x80 | data.length])
      : data.length < 65_536
        ? Buffer.from([first, 0x80 | 126, data.length >> 8, data.length & 0xff])
        : Buffer.from([first, 0x80 | 127, 0, 0, 0, 0, ...lengthOf(data)]);
  return Buffer.concat([header, Buffer.alloc(4), data]);
}

function lengthOf(data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return length;
}
