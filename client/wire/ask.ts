/**
 * One question over HTTP and one answer, kept nowhere. For pages that ask what changes with every revision: Apollo's
 * cache would only fill up with it. A no is a value: who asks switches on its kind and says what to do.
 */
import type { TypedDocument } from './document.ts';

export type Answer<Data> =
  | { readonly kind: 'answered'; readonly data: Data }
  /** The session is over. */
  | { readonly kind: 'unauthenticated' }
  /** The server understood and will not answer; its sentence is English. */
  | { readonly kind: 'refused'; readonly message: string }
  /** No answer, or none that can be read: the network, a server that is away, a fault. */
  | { readonly kind: 'failed' };

interface Body<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

const longestWaitMs = 15_000;

/** Never rejects. An aborted question ends as `failed`; whoever aborts it no longer listens. */
export async function ask<Data, Variables>(
  document: TypedDocument<Data, Variables> & { toString(): string },
  variables: Variables,
  signal: AbortSignal,
): Promise<Answer<Data>> {
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: document.toString(), variables }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(longestWaitMs)]),
    });
    return judge((await response.json()) as Body<Data>, response.status);
  } catch {
    return { kind: 'failed' };
  }
}

const refusals = ['BAD_USER_INPUT', 'FORBIDDEN', 'GRAPHQL_VALIDATION_FAILED'];

function judge<Data>({ data, errors }: Body<Data>, status: number): Answer<Data> {
  const [error] = errors ?? [];
  const code = error?.extensions?.code ?? '';
  if (status === 401 || code === 'UNAUTHENTICATED') return { kind: 'unauthenticated' };
  if (error !== undefined && refusals.includes(code)) return { kind: 'refused', message: error.message };
  return error === undefined && data ? { kind: 'answered', data } : { kind: 'failed' };
}
