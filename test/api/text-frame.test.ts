import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import type { TypedDocument } from '#client/wire/document.ts';
import { openSocket } from '#client/wire/socket.ts';
import { envelopeOf, type FrameWriter, frameBytes, writeNext } from '#server/http/socket/text-frame.ts';
import type { Payload } from '#server/live/group.ts';
import { readFrame, TEXT } from '#test/support/raw-socket.ts';
import { until } from '#test/support/wait.ts';

const payloadOf = (text: string): Payload => ({
  bytes: Buffer.from(text),
  wrapped: { ready: new Map(), loose: null },
});

/** Keeps the very buffers it was given. `isTaken`: the system took all of it. */
function writer(isTaken: boolean): FrameWriter & { readonly frames: Buffer[] } {
  const frames: Buffer[] = [];
  return {
    frames,
    write(frame) {
      frames.push(frame);
      return isTaken;
    },
  };
}

function messageOf(frame: Buffer): unknown {
  const read = readFrame(frame);
  expect([read?.opcode, read?.bytes]).toEqual([TEXT, frame.length]);
  return JSON.parse(String(read?.data));
}

describe('a ready message', () => {
  it.each([1, 60, 125, 126, 2_000, 65_400, 65_535, 65_536, 300_000])(
    '[LIV-79] is one whole frame around a payload of %i bytes, whatever the id',
    (bytes) => {
      const payload = payloadOf(JSON.stringify('é'.repeat(bytes / 2)));
      for (const id of ['1', '99', '"', 'a2d1e3b8-64e8-4d2f-9c39-7d9bf7e20a31', 'é\n漢'.repeat(100)]) {
        const to = writer(true);
        const envelope = envelopeOf(id);
        for (let index = 0; index < 3; index++) writeNext(payload, envelope, to);
        for (const frame of to.frames) {
          expect(messageOf(frame)).toEqual({ id, type: 'next', payload: 'é'.repeat(bytes / 2) });
          expect(frame.length).toBeLessThanOrEqual(frameBytes(payload, envelope));
        }
      }
    },
  );

  it('[LIV-79] is the same buffer for all of one id, and for few ids only', () => {
    const payload = payloadOf('{}');
    const to = writer(true);
    for (let round = 0; round < 2; round++) {
      for (let id = 0; id < 1_000; id++) writeNext(payload, envelopeOf(String(id)), to);
    }
    expect(to.frames[0]).toBe(to.frames[1_000]);
    expect(payload.wrapped.ready.size).toBe(16);
  });

  it('[LIV-79] is ready for the ids of our own pages, and of nobody with an id of their own', async () => {
    const asked: { query: string; variables: Record<string, string>; extensions: object }[] = [];
    const ids: string[] = [];
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (line) => {
      line.on('message', (data) => {
        const { type, id, payload } = JSON.parse(String(data)) as {
          type: string;
          id: string;
          payload: never;
        };
        if (type === 'connection_init') line.send('{"type":"connection_ack"}');
        if (type === 'subscribe') ids.push(id) && asked.push(payload);
      });
    });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = openSocket({ url: `ws://127.0.0.1:${port}`, webSocketImpl: WebSocket });
    const document = (hash: string) =>
      ({ __meta__: { hash } }) as unknown as TypedDocument<object, Record<string, unknown>>;
    socket.follow(document('a1b2c3d4'.repeat(8)), { area: '12.71', parts: 'DISTRICT' }, () => true);
    socket.follow(document('b1b2c3d4'.repeat(8)), { level: 'NEIGHBORHOOD', first: 7 }, () => true);
    socket.follow(document('b1b2c3d4'.repeat(8)), { level: 'NEIGHBORHOOD', first: 7 }, () => true);
    socket.follow(document('c1b2c3d4'.repeat(8)), {}, () => true);
    await until('four subscriptions', () => ids.length === 4);
    socket.close();
    server.close();
    expect(ids.map((id) => envelopeOf(id).sharedId)).toEqual(ids);
    expect(envelopeOf('a2d1e3b8-64e8-4d2f-9c39-7d9bf7e20a31').sharedId).toBeNull();
    expect(asked).toHaveLength(4);
  });

  it('[LIV-79] is never written over while somebody has not taken it', () => {
    const payload = payloadOf('{"a":1}');
    const slow = writer(false);
    const quick = writer(true);
    const ids = Array.from({ length: 50 }, (_, index) => `a long id of its own ${index}`);
    for (const [index, id] of ids.entries()) writeNext(payload, envelopeOf(id), index % 3 ? quick : slow);
    for (const [index, frame] of slow.frames.entries()) {
      expect(messageOf(frame)).toMatchObject({ id: ids[3 * index], payload: { a: 1 } });
    }
  });
});
