import { WebSocket } from 'ws';

/**
 * A socket as a browser has it. In Node one that is closed before it has opened emits an error, and where graphql-ws
 * has taken its listener away already, that error would end the process.
 */
export class QuietWebSocket extends WebSocket {
  constructor(...given: ConstructorParameters<typeof WebSocket>) {
    super(...given);
    this.on('error', () => undefined);
  }
}
