import { isSilent, observe } from './health.js';
import type { Health } from './health.js';
import type { Arrivals, Clock, Connection } from './suppliers.js';

/** ms between two looks: while all is well, and while nothing comes. */
const lookEvery = { well: 500, silent: 100 };
/** So many ms of silence are none that anybody would look at closer. */
const unremarkable = 600;
/** ms that media is given to come back once the server answers again. */
const lastChance = { signalled: 300, lost: 0 };

export interface WatchOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  /** Whether anybody, myself included, is not muted, as of now. */
  readonly expectsSound: () => boolean;
  /** Whether the server answers at all; it is given little time, so that the next has its turn, or much. */
  readonly answers: (patience: Patience, signal: AbortSignal) => Promise<boolean>;
  /** Whenever one is seen. */
  readonly report: (seen: Seen) => void;
}

/**
 * How long a probe may take: `quick`, so that the next has its turn, whose packets may not be lost; `patient`, as long as a way of many long round trips
 * takes.
 */
export type Patience = 'quick' | 'patient';

/** `silent`: people can hear that something is wrong; `alive`: something came; `dead`: the server answers, and still nothing comes. */
export type Seen = 'silent' | 'alive' | 'dead';

/** Looks at what arrives over one connection, from its making until `stop()`. Nothing is called dead in the dark: the server may be frozen, or the network down. */
export class Watch {
  readonly #options: WatchOptions;
  #health: Health | null = null;
  #signal: 'signalled' | 'lost' = 'signalled';
  /** Since when the server is known to answer in this silence. */
  #answeredAt: number | null = null;
  readonly #asking = new Set<Patience>();
  #isLooking = false;
  readonly #end = new AbortController();
  #cancel: () => void = () => undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
    void this.look();
  }

  /** Signalling that broke off makes silence suspicious sooner. */
  setSignal(signal: 'signalled' | 'lost'): void {
    this.#signal = signal;
    void this.look();
  }

  stop(): void {
    this.#end.abort();
    this.#cancel();
  }

  /** Looks now, and goes on looking. */
  async look(): Promise<void> {
    if (this.#isLooking || this.#end.signal.aborted) return;
    this.#isLooking = true;
    this.#cancel();
    const arrived = await this.#options.connection.arrived();
    this.#isLooking = false;
    if (this.#end.signal.aborted) return;
    const seen = arrived && this.#judge(arrived);
    const { clock, report } = this.#options;
    const isRemarkable = this.#signal === 'lost' || (this.#health && clock.now() - this.#health.since > unremarkable);
    this.#cancel = clock.after(isRemarkable ? lookEvery.silent : lookEvery.well, () => void this.look());
    if (isRemarkable || seen === 'silent') void this.#ask();
    if (seen) report(seen);
  }

  #judge(arrived: Arrivals): Seen | null {
    const { clock, expectsSound } = this.#options;
    const now = clock.now();
    const before = this.#health;
    const health = (this.#health = observe(before, arrived, now));
    if (health.since !== before?.since) this.#answeredAt = null;
    if (!isSilent(health, now, { media: expectsSound() ? 'sound' : 'muted', signal: this.#signal }))
      return before && arrived.total > before.arrived.total ? 'alive' : null;
    return this.#answeredAt !== null && now - this.#answeredAt >= lastChance[this.#signal] ? 'dead' : 'silent';
  }

  /** One of each kind at a time; the patient one first, since mostly it is answered before the other would be asked. */
  async #ask(): Promise<void> {
    const patience = (['patient', 'quick'] as const).find((each) => !this.#asking.has(each));
    if (!patience || this.#answeredAt !== null) return;
    this.#asking.add(patience);
    const health = this.#health;
    const answers = await this.#options.answers(patience, this.#end.signal);
    this.#asking.delete(patience);
    if (answers && this.#health?.since === health?.since) this.#answeredAt ??= this.#options.clock.now();
  }
}
