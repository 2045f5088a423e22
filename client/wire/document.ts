/** A generated document by its types alone: what it answers with, and what it asks for. */
export interface TypedDocument<Data, Variables> {
  readonly __apiType?: (variables: Variables) => Data;
}

/** The name under which the server knows a document; the generator puts it beside the document. */
export function hashOf(document: object): string {
  const hash = (document as { __meta__?: { hash?: unknown } }).__meta__?.hash;
  if (typeof hash !== 'string') throw new Error('a document without its hash: run the generator');
  return hash;
}
