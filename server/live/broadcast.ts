/**
 * Bytes, and who gets them. A group is everyone who asked the same of the same audience; its frame is rendered once,
 * whoever asks and however many. What the bytes say is not known here.
 *
 * Today a group serves whoever fetches it (`/totals.json`); sockets join it with the shared fan-out.
 */
export interface Group {
  /** The newest frame's bytes; rendered at most once per frame. Null where there is no frame. */
  bytes(): Uint8Array | null;
}

/** `current` gives the newest frame, the same object until there is a newer one. */
export function createGroup<F extends object>(
  current: () => F | null,
  render: (frame: F) => Uint8Array,
): Group {
  let rendered: { readonly frame: F; readonly bytes: Uint8Array } | null = null;
  return {
    bytes() {
      const frame = current();
      if (!frame) return null;
      if (rendered?.frame !== frame) rendered = { frame, bytes: render(frame) };
      return rendered.bytes;
    },
  };
}
