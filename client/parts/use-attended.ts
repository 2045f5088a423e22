import { type FocusEvent, useMemo, useState } from 'react';

/** Whether somebody points at an element or stands in it with the keyboard, and the handlers that tell. */
export function useAttended() {
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const handlers = useMemo(
    () => ({
      onPointerEnter: () => setPointed(true),
      onPointerLeave: () => setPointed(false),
      onFocus: () => setFocused(true),
      onBlur: (event: FocusEvent) => setFocused(event.currentTarget.contains(event.relatedTarget)),
    }),
    [],
  );
  return { isAttended: isPointed || isFocused, handlers };
}
