import { waitUntil } from '@open-wc/testing';

/** Waits in a unit test, for as long as a machine may need that does other things as well. */
export const until = (isSo: () => unknown, what = 'it never came'): Promise<void> => waitUntil(isSo, what, { timeout: 10_000 });
