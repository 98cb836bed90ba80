import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Statistics } from '../room/suppliers.js';

/** How the connection did between two looks. */
export interface Vital {
  /** ms, on a steady clock. */
  readonly at: number;
  /** ms */
  readonly roundTrip: number | null;
  /** ms */
  readonly jitter: number | null;
  /** Shares, 0 to 1: of what I send, and of what I receive. */
  readonly sendLoss: number | null;
  readonly receiveLoss: number | null;
  /** kbit/s, without the headers of the network. */
  readonly sent: number;
  readonly received: number;
}

/** What ails a connection, the worst first; null where nothing does that can be told. */
export type Ailment = 'sending' | 'receiving' | 'delay' | 'jitter';

/** Ms between two looks, and while somebody watches. */
const interval = 4000;
const watched = 1000;
/** Kept for the plots: one a second for a minute. */
const kept = 60;

/** What happened between two countings; a connection that was replaced counts from 0. */
export function vitalBetween(before: Statistics | null, now: Statistics): Vital {
  const grown = (key: 'sentBytes' | 'receivedBytes' | 'receivedPackets' | 'lostPackets'): number => {
    const growth = now[key] - (before?.[key] ?? 0);
    return growth < 0 ? now[key] : growth;
  };
  const seconds = before ? (now.at - before.at) / 1000 : 0;
  const rate = (bytes: number): number => (seconds > 0 ? (bytes * 8) / 1000 / seconds : 0);
  const [received, lost] = [grown('receivedPackets'), grown('lostPackets')];
  return {
    at: now.at,
    roundTrip: now.roundTrip,
    jitter: now.jitter,
    sendLoss: now.sendLoss,
    receiveLoss: received + lost > 0 ? lost / (received + lost) : null,
    sent: rate(grown('sentBytes')),
    received: rate(grown('receivedBytes')),
  };
}

/** Above these most people notice: loss that forward error correction no longer hides, ITU-T G.114's 400 ms both ways with the device's share taken off, 60 ms of jitter. */
export function ailmentOf(latest: readonly Vital[]): Ailment | null {
  const worst = (key: 'sendLoss' | 'receiveLoss' | 'roundTrip' | 'jitter'): number =>
    latest.length ? latest.reduce((sum, vital) => sum + (vital[key] ?? 0), 0) / latest.length : 0;
  if (worst('sendLoss') > 0.08) return 'sending';
  if (worst('receiveLoss') > 0.08) return 'receiving';
  if (worst('roundTrip') > 500) return 'delay';
  return worst('jitter') > 60 ? 'jitter' : null;
}

/** Looks at the connection every few seconds, every second while somebody watches. */
export class Vitals implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #read: () => Promise<Statistics | null>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #counted: Statistics | null = null;
  #history: readonly Vital[] = [];
  #watchers = 0;
  #isActive = false;

  constructor(host: ReactiveControllerHost & HTMLElement, read: () => Promise<Statistics | null>) {
    this.#host = host;
    this.#read = read;
    host.addController(this);
  }

  /** The latest last. */
  get history(): readonly Vital[] {
    return this.#history;
  }

  get path(): Statistics['path'] {
    return this.#counted?.path ?? null;
  }

  /** Judged by the last 12 s. */
  get ailment(): Ailment | null {
    const since = (this.#history.at(-1)?.at ?? 0) - 3 * interval;
    const latest = this.#history.filter(({ at }) => at > since);
    return latest.length > 1 ? ailmentOf(latest) : null;
  }

  /** What it returns ends watching. */
  watch(): () => void {
    this.#watchers++;
    void this.#look();
    return () => this.#watchers--;
  }

  /** Takes in one counting. */
  count(now: Statistics): void {
    const before = this.ailment;
    if (this.#counted) this.#history = [...this.#history.slice(1 - kept), vitalBetween(this.#counted, now)];
    this.#counted = now;
    if (this.#watchers || this.ailment !== before) this.#host.requestUpdate();
  }

  /** Whether there is a connection to look at. */
  set active(active: boolean) {
    if (active === this.#isActive) return;
    this.#isActive = active;
    clearTimeout(this.#timer);
    if (active) void this.#look();
    else {
      this.#counted = null;
      this.#history = [];
    }
  }

  hostDisconnected(): void {
    this.active = false;
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    const now = await this.#read();
    if (!this.#isActive) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), this.#watchers ? watched : interval);
    if (now) this.count(now);
  }
}
