/**
 * The measure of all: ws and nothing else. One message, one loop, as ws's own documentation has it. A string costs ws
 * an encoding per socket, so the bytes are made once.
 */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { serveBench } from './frame.mjs';

const server = createServer();
const wss = new WebSocketServer({ server, path: '/graphql', perMessageDeflate: false });
wss.on('connection', (socket) => {
  socket.on('error', () => socket.terminate());
  socket.on('message', () => socket.send('{"type":"connection_ack"}'));
});

server.listen(0, '127.0.0.1', () => {
  serveBench(server.address().port, (frame) => {
    const bytes = Buffer.from(
      JSON.stringify({ id: '1', type: 'next', payload: { data: { totalsChanged: frame } } }),
    );
    for (const socket of wss.clients) socket.send(bytes, { binary: false });
  });
});
