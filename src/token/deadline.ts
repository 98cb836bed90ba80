import type { Clock } from '../room/suppliers.js';

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/**
 * Work that ends when the signal says so or the time is up, even where it ignores the signal that it gets.
 * @throws the signal's reason, or what `late` makes
 */
export async function within<T>(
  limit: { readonly milliseconds: number; readonly late: () => Error; readonly signal: AbortSignal; readonly clock: Clock },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal } = limit;
  signal.throwIfAborted();
  const end = new AbortController();
  const follow = (): void => end.abort(signal.reason);
  signal.addEventListener('abort', follow);
  const cancel = limit.clock.after(limit.milliseconds, () => end.abort(limit.late()));
  try {
    const ended = new Promise<never>((_, reject) => {
      end.signal.addEventListener('abort', () => reject(end.signal.reason as Error));
    });
    return await Promise.race([work(end.signal), ended]);
  } catch (thrown) {
    end.signal.throwIfAborted();
    throw thrown;
  } finally {
    cancel();
    signal.removeEventListener('abort', follow);
  }
}

/** @throws the signal's reason */
export function pause(milliseconds: number, signal: AbortSignal, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const stop = (): void => {
      cancel();
      reject(signal.reason as Error);
    };
    const cancel = clock.after(milliseconds, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}
