/** How long after its end a press may still become a click, in ms; most browsers click in the same task. */
const clickDelay = 100;

/** The Join button where this event begins to press it: not with another mouse button, nor by Enter, which clicks in the same task. */
export function pressedButton(event: PointerEvent | KeyboardEvent): Element | null {
  const begins = 'key' in event ? event.key === ' ' && !event.repeat : event.isPrimary && !event.button;
  return begins ? (event.composedPath()[0] as Element).closest('[part~=join-button]:not([aria-disabled])') : null;
}

/** Calls back when a press of this button has ended, by a click or not. */
export function afterPress(button: Element, callback: () => void): void {
  // Given as options: it has the `signal` that they may have.
  const life = new AbortController();
  const end = (): void => {
    life.abort();
    setTimeout(callback, clickDelay);
  };
  for (const type of ['pointerup', 'pointercancel', 'keyup', 'blur']) addEventListener(type, end, life);
  for (const type of ['pointerleave', 'blur']) button.addEventListener(type, end, life);
}
