import net from 'node:net';

/** One address for several servers: each connection goes to the next one, or past it where nobody answers. */
export interface RoundRobin {
  readonly url: string;
  close(): Promise<void>;
}

/** `ports`: of servers on this machine. Bytes are carried as they are, so the address of who comes is the proxy's own. */
export async function startRoundRobin(ports: readonly number[]): Promise<RoundRobin> {
  const open = new Set<net.Socket>();
  let turn = 0;
  const server = net.createServer((near) => {
    open.add(near);
    near.on('error', () => near.destroy());
    near.on('close', () => open.delete(near));
    leadOn(near, turn++, ports.length);
  });
  const leadOn = (near: net.Socket, at: number, triesLeft: number) => {
    if (triesLeft === 0) return near.destroy();
    // From the address that came, so that the servers' limits by address see who it is.
    const far = net.connect({
      host: '127.0.0.1',
      port: ports[at % ports.length] as number,
      localAddress: near.remoteAddress ?? '127.0.0.1',
    });
    far.once('connect', () => {
      near.pipe(far);
      far.pipe(near);
      near.once('close', () => far.destroy());
      far.once('close', () => near.destroy());
    });
    far.on('error', () => {
      if (far.connecting || far.bytesRead + far.bytesWritten === 0) leadOn(near, at + 1, triesLeft - 1);
      else near.destroy();
    });
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
