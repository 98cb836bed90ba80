/** For so long, in ms, what nobody uses is kept. */
const shelfLife = 60_000;

/** What a connection starts with, made before anybody knows where it leads. */
export interface Prepared<R> {
  readonly room: R;
  /** How soon its signalling comes back after a loss, in ms, `null`: not; whoever takes the room decides. */
  readonly resuming: { delay: (retryCount: number) => number | null };
  /** Never rejects. */
  readonly ready: Promise<void>;
}

/** The most expensive part of a join, ready to be taken: one, since a page joins one room at a time. */
export class Shelf<R> {
  readonly #make: (rtcConfig: object | undefined) => Prepared<R>;
  readonly #discard: (unused: Prepared<R>) => void;
  #kept: { readonly prepared: Prepared<R>; readonly rtcConfig: object | undefined } | null = null;
  #expiry: ReturnType<typeof setTimeout> | undefined;

  constructor(make: (rtcConfig: object | undefined) => Prepared<R>, discard: (unused: Prepared<R>) => void) {
    this.#make = make;
    this.#discard = discard;
  }

  /** Has one ready; the one that is there is kept. */
  fill(rtcConfig: object | undefined): void {
    clearTimeout(this.#expiry);
    this.#expiry = setTimeout(() => this.clear(), shelfLife);
    if (this.#kept?.rtcConfig === rtcConfig && this.#kept) return;
    this.clear();
    this.#kept = { prepared: this.#make(rtcConfig), rtcConfig };
  }

  /** The one that is there, else a new one. */
  take(rtcConfig: object | undefined): Prepared<R> {
    const kept = this.#kept;
    if (kept?.rtcConfig !== rtcConfig || !kept) return this.#make(rtcConfig);
    this.#kept = null;
    clearTimeout(this.#expiry);
    return kept.prepared;
  }

  clear(): void {
    const kept = this.#kept;
    this.#kept = null;
    if (kept) this.#discard(kept.prepared);
  }
}
