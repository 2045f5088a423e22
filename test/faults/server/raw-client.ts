import { randomBytes } from 'node:crypto';
import net from 'node:net';

/** A socket that keeps no rule of the protocol: frames are written as the test says, and nothing is answered. */
export interface RawClient {
  /** When the other end let go, by `performance.now()`; null while it holds. */
  readonly closedAt: number | null;
  /** Bytes that came. */
  readonly heard: string;
  frame(opcode: Opcode, payload: string | Buffer, isFinal?: boolean): void;
  /** From now on nothing is taken out of the network's buffers. */
  stopReading(): void;
  destroy(): void;
}

export const OPCODE = { CONTINUATION: 0, TEXT: 1, PING: 9, PONG: 10 } as const;
type Opcode = (typeof OPCODE)[keyof typeof OPCODE];

const HEARD_CHARACTERS = 100_000;

/** Opens a WebSocket to `/graphql` from an address of this machine; resolves once it stands, rejects where it is refused. */
export async function openRaw(url: string, localAddress: string): Promise<RawClient> {
  const { port } = new URL(url);
  const line = net.connect({ host: '127.0.0.1', port: Number(port), localAddress });
  let closedAt: number | null = null;
  let heard = '';
  line.on('error', () => undefined);
  line.once('close', () => {
    closedAt = performance.now();
  });
  line.on('end', () => {
    closedAt ??= performance.now();
  });
  line.on('data', (bytes) => {
    heard = (heard + bytes.toString('latin1')).slice(-HEARD_CHARACTERS);
  });
  line.write(
    `GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
  );
  await new Promise<void>((resolve, reject) => {
    line.once('data', (answer) => {
      const [status = ''] = answer.toString('latin1').split('\r\n', 1);
      if (status.startsWith('HTTP/1.1 101 ')) return resolve();
      line.destroy();
      reject(new Error(`the upgrade was refused: ${status}`));
    });
    line.once('close', () => reject(new Error('the upgrade was refused without a word')));
  });
  return {
    get closedAt() {
      return closedAt;
    },
    get heard() {
      return heard;
    },
    frame(opcode, payload, isFinal = true) {
      if (!line.destroyed && line.writable) line.write(masked(opcode, Buffer.from(payload), isFinal));
    },
    stopReading: () => void line.pause(),
    destroy: () => void line.destroy(),
  };
}

/** The mask is all zeros: the bytes stay as they are. */
function masked(opcode: number, payload: Buffer, isFinal: boolean): Buffer {
  const size = payload.length;
  const extra = size < 126 ? 0 : size < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + extra + 4);
  head[0] = (isFinal ? 0x80 : 0) | opcode;
  head[1] = 0x80 | (extra === 0 ? size : extra === 2 ? 126 : 127);
  if (extra === 2) head.writeUInt16BE(size, 2);
  if (extra === 8) head.writeBigUInt64BE(BigInt(size), 2);
  return Buffer.concat([head, payload]);
}

export const INIT = JSON.stringify({ type: 'connection_init' });

export const subscribeTo = (id: string, query: string): string =>
  JSON.stringify({ id, type: 'subscribe', payload: { query } });
