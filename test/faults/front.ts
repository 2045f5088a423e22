/**
 * The machine in front of the server: it serves a build of the pages from a folder and hands on all the rest, sockets
 * too. So a test can put another build in place under a page that is open, as an update of the server does.
 */
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain',
};

export interface Front {
  readonly url: string;
  readonly port: number;
  /** From now on the build in this folder; sockets are closed, as when a server starts anew. */
  serve(folder: string): void;
  close(): Promise<void>;
}

/** `to` is the server's port on this machine. */
export async function startFront(to: number, folder: string): Promise<Front> {
  let built = folder;
  const sockets = new Set<net.Socket>();

  const server = http.createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://front');
    const name = pathname === '/' || pathname === '/board' ? '/index.html' : pathname;
    try {
      const bytes = await readFile(path.join(built, name));
      const caching = name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      response.setHeader('content-type', types[path.extname(name)] ?? 'application/octet-stream');
      response.setHeader('cache-control', caching);
      response.end(bytes);
    } catch {
      handOn(request, response);
    }
  });

  function handOn(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { method, url, headers } = request;
    const asked = http.request({ host: '127.0.0.1', port: to, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    asked.on('error', () => response.destroy());
    request.pipe(asked);
  }

  server.on('upgrade', (request, near: net.Socket, first: Buffer) => {
    const far = net.connect(to, '127.0.0.1');
    const lines = [`${request.method} ${request.url} HTTP/1.1`];
    for (let at = 0; at < request.rawHeaders.length; at += 2)
      lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
    far.write(`${lines.join('\r\n')}\r\n\r\n`);
    far.write(first);
    near.pipe(far).pipe(near);
    sockets.add(near);
    for (const end of [near, far]) end.on('error', () => undefined);
    near.on('close', () => {
      sockets.delete(near);
      far.destroy();
    });
    far.on('close', () => near.destroy());
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    serve(next) {
      built = next;
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      server.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
