import { seeded } from './random.js';

/** What a network does to what crosses it. */
export interface Conditions {
  /** Round-trip time in ms, half of it each way. */
  rtt: number;
  /** Up to so many ms more each way; what belongs together stays in order. */
  jitter: number;
  /** Share of packets, 0 to 1, that is lost each way. TCP sends its own again, so there it delays. */
  loss: number;
  /** Nothing gets through, as with `drop: 'all'`; apart, so that a fault on top of a fault can end alone. */
  down: boolean;
  drop: 'none' | 'udp' | 'all';
  /** kbit/s each way, null for no limit; what waits for more than 200 ms is lost. */
  rate: number | null;
}

export type Protocol = 'udp' | 'tcp';

/** Longest wait in front of a slow line, in ms. */
const longestWait = 200;
const packetBytes = 1460;

/** One direction of a network: decides what comes out of it, and when. */
export class Line {
  readonly #conditions: Readonly<Conditions>;
  /** So that a seed repeats a run. */
  readonly #random: () => number;
  #freeAt = 0;

  constructor(conditions: Readonly<Conditions>, seed: number) {
    this.#conditions = conditions;
    this.#random = seeded(seed);
  }

  /** When, by `performance.now()`, so many bytes come out that enter now; null where they are lost. */
  crossing(bytes: number, protocol: Protocol): number | null {
    const { rtt, jitter, loss, down, drop, rate } = this.#conditions;
    if (down || drop === 'all' || drop === protocol) return null;
    if (loss > 0 && this.#random() > (1 - loss) ** Math.ceil(bytes / packetBytes)) return null;
    const now = performance.now();
    let leaves = now;
    if (rate !== null) {
      leaves = Math.max(now, this.#freeAt);
      if (leaves - now > longestWait) return null;
      leaves += (8 * bytes) / rate;
      this.#freeAt = leaves;
    }
    return leaves + rtt / 2 + (jitter > 0 ? jitter * this.#random() : 0);
  }

  /** The first time to send again, in ms, doubled by each further one: as Linux does it (RFC 6298 with a floor of 200 ms). */
  get retransmission(): number {
    return 200 + this.#conditions.rtt;
  }
}

/** What is under way on one line and must arrive in order. */
export class Queue {
  readonly #waiting: { readonly at: number; readonly deliver: () => void }[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  push(at: number, deliver: () => void): void {
    if (this.#waiting.length === 0 && at <= performance.now()) return deliver();
    this.#waiting.push({ at: Math.max(at, this.#waiting.at(-1)?.at ?? 0), deliver });
    if (this.#waiting.length === 1) this.#wait();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
  }

  #wait(): void {
    const next = this.#waiting[0];
    if (next) this.#timer = setTimeout(() => this.#deliver(), Math.round(next.at - performance.now()));
  }

  #deliver(): void {
    // A timer is up to 1 ms late, so half of that early is right on average.
    const due = performance.now() + 0.5;
    for (let next = this.#waiting[0]; next && next.at <= due; next = this.#waiting[0]) {
      this.#waiting.shift();
      next.deliver();
    }
    this.#wait();
  }
}

/** One direction of a TCP connection: nothing is lost and nothing overtakes, but what the line loses comes later. */
export class Stream {
  readonly #line: Line;
  readonly #queue = new Queue();
  readonly #unsent: { readonly bytes: number; readonly deliver: () => void; readonly patience: number }[] = [];
  #corked = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(line: Line) {
    this.#line = line;
  }

  /** `patience`: ms until a loss is noticed; default: what the line's round trip suggests. */
  send(bytes: number, deliver: () => void, patience?: number): void {
    this.#unsent.push({ bytes, deliver, patience: patience ?? this.#line.retransmission });
    if (this.#unsent.length === 1) this.#flush();
  }

  /** Holds back what is sent from now on. */
  cork(): void {
    this.#corked = true;
  }

  uncork(): void {
    this.#corked = false;
    this.#flush();
  }

  clear(): void {
    clearTimeout(this.#again);
    this.#unsent.length = 0;
    this.#queue.clear();
  }

  #flush(): void {
    if (this.#corked || this.#again !== undefined) return;
    while (this.#unsent.length > 0 && this.#pass());
  }

  #pass(tries = 0): boolean {
    const first = this.#unsent[0];
    if (!first) return false;
    const at = this.#line.crossing(first.bytes, 'tcp');
    if (at === null) {
      this.#again = setTimeout(
        () => {
          this.#again = undefined;
          if (this.#pass(tries + 1)) this.#flush();
        },
        first.patience * 2 ** tries,
      );
      return false;
    }
    this.#unsent.shift();
    this.#queue.push(at, first.deliver);
    return true;
  }
}
