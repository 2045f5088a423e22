import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';

const ANSWER_LIMIT_MS = 1_000;

/** The server that works on `dataDir`, as `{ pid, port }`, or undefined. Asked over its control socket, within a second. */
export async function runningServer(dataDir) {
  let socketFile;
  try {
    socketFile = JSON.parse(readFileSync(path.join(dataDir, 'server.json'), 'utf8')).socket;
  } catch {
    return undefined;
  }
  const answer = await new Promise((resolve) => {
    let text = '';
    const socket = net.connect(String(socketFile));
    socket.setEncoding('utf8').setTimeout(ANSWER_LIMIT_MS, () => socket.destroy());
    socket.on('data', (part) => {
      text += part;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}
