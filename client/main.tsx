import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './design/fonts.css';
import './design/tokens.css';
import './design/paper.css';
import { SessionContext } from './live/session-context.ts';
import { SocketContext } from './live/socket-context.ts';
import { watchBuild } from './wire/new-build.ts';
import { createPageSocket } from './wire/page-socket.ts';
import { createSessions } from './wire/session.ts';

const root = document.getElementById('app');
if (root === null) throw new Error('the page has no place for the app');

const socket = createPageSocket(window.location);
// Another person's cookie is another audience: what was open goes on as whoever sits here now.
const sessions = createSessions(() => socket.renew());
watchBuild({
  connection: socket.connection,
  clock: socket.clock,
  mayReload: () => window.location.pathname === '/board',
});

createRoot(root).render(
  <StrictMode>
    <SocketContext value={socket}>
      <SessionContext value={sessions}>
        <App />
      </SessionContext>
    </SocketContext>
  </StrictMode>,
);
