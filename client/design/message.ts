/** Fills the placeholders of a text, `{name}`, with what stands for them; one without a value stays as it is. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return piecesOf(text, values).join('');
}

/** The same for values of any kind: the text's own pieces and the values, in their order. */
export function piecesOf<Value>(
  text: string,
  values: Readonly<Record<string, Value>>,
): readonly (Value | string)[] {
  return text
    .split(/(\{\w+\})/)
    .map((piece) => (piece.startsWith('{') ? (values[piece.slice(1, -1)] ?? piece) : piece))
    .filter((piece) => piece !== '');
}
