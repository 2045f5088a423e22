import { ApolloProvider } from '@apollo/client/react';
import { type ReactNode, useState } from 'react';
import { createApollo } from '#client/wire/client.ts';

/** The cache that pictures of `FollowTotals` are kept in; a chunk of its own, for the screens that read them. */
export function PictureCache({ children }: { children: ReactNode }) {
  const [client] = useState(createApollo);
  return <ApolloProvider client={client}>{children}</ApolloProvider>;
}
