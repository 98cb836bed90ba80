/** Firefox cuts WebSockets when a page is about to be left: a goodbye at `pagehide` comes too late, and the server keeps a ghost for 20 s. */
const cutsEarly = 'mozInnerScreenX' in globalThis;

/** Ms after which the page stays in spite of its `beforeunload`. */
const stays = 1_000;

/**
 * Calls back when the page is about to be left, in browsers where `pagehide` is too late for a goodbye, and again if it stays after all: it may have asked the person.
 * @returns what ends that
 */
export function onLeaving(leave: () => void, stay: () => void): () => void {
  const listener = (event: Event): void => {
    if (event.defaultPrevented) return;
    leave();
    setTimeout(stay, stays);
  };
  if (cutsEarly) addEventListener('beforeunload', listener);
  return () => removeEventListener('beforeunload', listener);
}
