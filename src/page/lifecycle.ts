import type { Lifecycle } from '../room/suppliers.js';

/** What the browser tells about network and page, of which a connection may want to hear. */
export const lifecycle: Lifecycle = {
  get online() {
    return navigator.onLine;
  },
  get visible() {
    return document.visibilityState === 'visible';
  },
  listen(heard) {
    const end = new AbortController();
    const { signal } = end;
    const shown = (): void => {
      if (document.visibilityState === 'visible') heard();
    };
    addEventListener('online', heard, { signal });
    addEventListener('pageshow', heard, { signal });
    document.addEventListener('resume', heard, { signal });
    document.addEventListener('visibilitychange', shown, { signal });
    // Another network under the same "online"; not in every browser.
    (navigator as { connection?: EventTarget }).connection?.addEventListener('change', heard, { signal });
    return () => end.abort();
  },
};
