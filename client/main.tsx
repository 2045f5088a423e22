import { ApolloProvider } from '@apollo/client/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './design/fonts.css';
import './design/tokens.css';
import { SocketContext } from './live/socket-context.ts';
import { createApollo, createPageSocket } from './wire/client.ts';

const root = document.getElementById('app');
if (root === null) throw new Error('the page has no place for the app');

createRoot(root).render(
  <StrictMode>
    <ApolloProvider client={createApollo()}>
      <SocketContext value={createPageSocket(window.location)}>
        <App />
      </SocketContext>
    </ApolloProvider>
  </StrictMode>,
);
