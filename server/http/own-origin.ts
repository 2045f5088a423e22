import type { IncomingMessage } from 'node:http';
import type { ClientAddress } from './client-address.ts';

/** Takes the cookie off a request, or an upgrade, that a page of another origin made. What else it presents stays. */
export type DropForeignCookie = (request: IncomingMessage) => void;

/**
 * A browser sends our cookie with what pages of other ports and sibling names ask for too: `SameSite` knows sites, not
 * origins, cookies know no ports, and a socket needs nobody's leave. But it says whose page it is, in `Origin`. Machines
 * send none. By which name we were asked is `Host`, or what a proxy that is believed says in `X-Forwarded-Host`.
 *
 * Our pages tell nobody where they are (`Referrer-Policy`), so a form that a browser sends for them by itself comes from
 * `null`, as a stranger's does: they send by `fetch`.
 */
export function foreignCookies(isTrusted: ClientAddress['isTrusted']): DropForeignCookie {
  return (request) => {
    const { headers, socket } = request;
    if (headers.cookie === undefined || headers.origin === undefined) return;
    const isBelieved = isTrusted(socket.remoteAddress ?? '', 0);
    const said = isBelieved ? lastOf(headers['x-forwarded-host']) : undefined;
    if (!isSameHost(headers.origin, said ?? headers.host ?? '')) delete headers.cookie;
  };
}

/** Each proxy writes behind the one before: the last is the nearest's word, as Fastify reads it. */
function lastOf(header: string | string[] | undefined): string | undefined {
  return (
    String(header ?? '')
      .split(',')
      .at(-1)
      ?.trim() || undefined
  );
}

/** A port that the origin's protocol has anyway may stand in either or be left out. An origin that cannot be read is nobody's. */
function isSameHost(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  const asked = `${page.protocol}//${host}`;
  return page.host !== '' && URL.canParse(asked) && page.host === new URL(asked).host;
}
