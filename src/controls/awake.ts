import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Keeps the screen awake while `wanted()`. Browsers take the lock back whenever the page is hidden, and may refuse it; that is no trouble. */
export class Awake implements ReactiveController {
  readonly #wanted: () => boolean;
  #lock: Promise<WakeLockSentinel | null> | null = null;

  constructor(host: ReactiveControllerHost, wanted: () => boolean) {
    this.#wanted = wanted;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.#follow);
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#follow);
    this.#release();
  }

  hostUpdated(): void {
    this.#follow();
  }

  readonly #follow = (): void => {
    if (!this.#wanted()) this.#release();
    else if (document.visibilityState !== 'visible') this.#lock = null;
    else this.#lock ??= ask();
  };

  #release(): void {
    void this.#lock?.then((lock) => lock?.release());
    this.#lock = null;
  }
}

async function ask(): Promise<WakeLockSentinel | null> {
  try {
    const { wakeLock } = navigator as { wakeLock?: WakeLock };
    return (await wakeLock?.request('screen')) ?? null;
  } catch {
    // Battery saver, or a policy.
    return null;
  }
}
