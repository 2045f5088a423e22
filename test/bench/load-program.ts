/**
 * A process that sends enrollments over HTTP, one request at a time on each kept connection. It writes and reads bytes
 * itself: a library's client would need more of its core than the server needs of its own.
 */
import net from 'node:net';
import { ENROLL, madeUpNik } from '#test/support/enroll.ts';
import { randomNumbers } from './figures.ts';
import type { LoadOrder, LoadTold } from './load.ts';

/** Each connection from an address of its own: limits by address stay on and are never what is measured. */
const addressOf = (index: number) => `127.0.${200 + Math.floor(index / 250)}.${1 + (index % 250)}`;
const ARRIVALS_SEED = 11;
const REQUESTS_WAITING_MAX = 50_000;

interface Line {
  readonly socket: net.Socket;
  sentAt: number;
  isBusy: boolean;
  rest: string;
}

async function run(order: LoadOrder): Promise<LoadTold> {
  const { port, key, connections, seconds, rate, neighborhoods, firstPerson } = order;
  const told = { sent: 0, accepted: 0, other: [] as string[], delays: [] as number[] };
  const start = `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nAuthorization: Bearer ${key}\r\nContent-Length: `;
  const query = `{"query":${JSON.stringify(ENROLL)},"variables":{"input":`;
  /** When each request that waits for a connection was due; only where a rate is offered. */
  const due: number[] = [];
  const endAt = performance.now() + seconds * 1_000;
  let isOver = false;

  const send = (line: Line, dueAt: number) => {
    const number = firstPerson + told.sent;
    told.sent += 1;
    const input = `{"idempotencyKey":"load ${process.pid} ${number}","neighborhood":"${neighborhoods[number % neighborhoods.length]}","nik":"${madeUpNik(number)}","name":"Orang Buatan"}`;
    const body = `${query}${input}}}`;
    line.isBusy = true;
    line.sentAt = dueAt;
    line.socket.write(`${start}${body.length}\r\n\r\n${body}`);
  };

  const take = (line: Line, text: string) => {
    line.rest += text;
    const headEnd = line.rest.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(line.rest)?.[1]);
    if (line.rest.length < headEnd + 4 + length) return;
    if (line.rest.includes('"EnrollPayload"')) told.accepted += 1;
    else told.other.push(line.rest.slice(0, 15) + line.rest.slice(headEnd + 4, headEnd + 200));
    told.delays.push(performance.now() - line.sentAt);
    line.rest = '';
    line.isBusy = false;
    if (rate === null) {
      if (performance.now() < endAt) send(line, performance.now());
      return;
    }
    const next = due.shift();
    if (next !== undefined) send(line, next);
  };

  const lines = await Promise.all(
    Array.from({ length: connections }, (_, index) => openLine(port, addressOf(index), take)),
  );
  const startedAt = performance.now();
  if (rate === null) for (const line of lines) send(line, performance.now());
  else {
    const random = randomNumbers(ARRIVALS_SEED);
    const gapMs = () => ((order.isRandom ? -Math.log(1 - random()) : 1) * 1_000) / rate;
    let nextAt = startedAt + gapMs();
    const timer = setInterval(() => {
      const now = performance.now();
      for (; nextAt <= Math.min(now, endAt); nextAt += gapMs()) {
        // Its own moment, not this tick's: what waits here waits for the server too.
        const free = lines.findIndex(({ isBusy }) => !isBusy);
        // In turns: a connection on which nothing is ever asked is closed by the server.
        const [line] = free < 0 ? [] : lines.splice(free, 1);
        if (line) {
          lines.push(line);
          send(line, nextAt);
        } else if (due.push(nextAt) > REQUESTS_WAITING_MAX) {
          throw new Error('the server is far behind the rate');
        }
      }
      if (now >= endAt) {
        isOver = true;
        clearInterval(timer);
      }
    }, 1);
  }
  while (
    performance.now() < endAt ||
    (rate !== null && !isOver) ||
    due.length > 0 ||
    lines.some(({ isBusy }) => isBusy)
  ) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (performance.now() > endAt + 30_000) throw new Error('no answer for 30 seconds');
  }
  const ms = performance.now() - startedAt;
  for (const { socket } of lines) socket.destroy();
  return { ...told, ms };
}

function openLine(port: number, address: string, take: (line: Line, text: string) => void): Promise<Line> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port, localAddress: address, noDelay: true });
    const line: Line = { socket, sentAt: 0, isBusy: false, rest: '' };
    socket.setEncoding('latin1');
    socket.on('data', (text) => take(line, String(text)));
    socket.once('error', reject);
    socket.once('connect', () => resolve(line));
  });
}

process.on('message', (order: LoadOrder) => {
  run(order).then(
    (answer) => process.send?.({ answer }),
    (error: Error) => process.send?.({ error: error.stack }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ answer: 'ready' });
