import { ApolloProvider } from '@apollo/client/react';
import { createRoot } from 'react-dom/client';
import { WebSocket } from 'ws';
import { LanguageProvider } from '#client/design/language.tsx';
import { SocketContext } from '#client/live/socket-context.ts';
import type { Cue } from '#client/screens/board/play.ts';
import { Stage } from '#client/screens/board/stage.tsx';
import { createApollo } from '#client/wire/client.ts';
import { hashOf } from '#client/wire/document.ts';
import {
  FollowLeadersDocument,
  type LeadersFragment,
  type PictureFragment,
} from '#client/wire/generated/graphql.ts';
import { openSocket } from '#client/wire/socket.ts';
import { type Message, startFrameServer } from '#test/wire/frame-server.ts';

/** What the wall said of itself at one moment. */
export interface Moment {
  readonly scene: string;
  readonly epoch: string;
  readonly revision: number;
  readonly areas: Readonly<Record<string, number>>;
}

export interface Board {
  readonly page: HTMLElement;
  /** Every state the wall was ever in while it said an epoch, each once. */
  readonly moments: readonly Moment[];
  play(cue: Cue): void;
  /** Sends to whoever follows; a subscription that comes later gets the newest of its kind. */
  send(frame: PictureFragment | LeadersFragment): void;
  now(): Moment | null;
  close(): Promise<void>;
}

/** The stage on a real socket, whose server sends what it is told. */
export async function showBoard(first: Cue): Promise<Board> {
  const newest = new Map<string, object>();
  const followers: { kind: string; give(frame: object): void }[] = [];
  const server = await startFrameServer(0, (message, peer) => {
    const kind = kindAsked(message);
    const field = kind.startsWith('leaders') ? 'leadersChanged' : 'totalsChanged';
    const give = (frame: object) =>
      peer.send(JSON.stringify({ id: message.id, type: 'next', payload: { data: { [field]: frame } } }));
    followers.push({ kind, give });
    const frame = newest.get(kind);
    if (frame) give({ ...frame, kind: 'SNAPSHOT' });
  });
  const socket = openSocket({
    url: `ws://127.0.0.1:${server.port}/`,
    webSocketImpl: WebSocket,
    random: () => 0,
  });
  const page = document.createElement('div');
  document.body.append(page);
  const moments: Moment[] = [];
  const now = () => momentOf(page);
  const observer = new MutationObserver(() => {
    const moment = now();
    if (moment && JSON.stringify(moment) !== JSON.stringify(moments.at(-1))) moments.push(moment);
  });
  observer.observe(page, { attributes: true, childList: true, characterData: true, subtree: true });
  const root = createRoot(page);
  const apollo = createApollo();
  const play = (cue: Cue) =>
    root.render(
      <ApolloProvider client={apollo}>
        <LanguageProvider language="id">
          <SocketContext value={socket}>
            <Stage cue={cue} safe={5} />
          </SocketContext>
        </LanguageProvider>
      </ApolloProvider>,
    );
  play(first);
  return {
    page,
    moments,
    play,
    send(frame) {
      const kind = frame.__typename === 'LeadersFrame' ? `leaders ${frame.level}` : 'totals';
      newest.set(kind, frame);
      for (const follower of followers) if (follower.kind === kind) follower.give(frame);
    },
    now,
    async close() {
      root.unmount();
      observer.disconnect();
      socket.close();
      await server.stop();
      page.remove();
    },
  };
}

function kindAsked({ payload }: Message): string {
  const { extensions, variables } = payload as typeof payload & { variables?: { level?: string } };
  const isLeaders = extensions?.persistedQuery?.sha256Hash === hashOf(FollowLeadersDocument);
  return isLeaders ? `leaders ${variables?.level}` : 'totals';
}

function momentOf(page: HTMLElement): Moment | null {
  const { scene = '', epoch, revision } = page.querySelector('main')?.dataset ?? {};
  if (epoch === undefined) return null;
  const areas: Record<string, number> = {};
  for (const { dataset } of page.querySelectorAll<HTMLElement>('[data-area]')) {
    areas[dataset.area ?? ''] = Number(dataset.enrolled);
  }
  return { scene, epoch, revision: Number(revision), areas };
}
