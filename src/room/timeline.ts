/** What a join goes through: the press, the click that commits it, and what has come by then or later, in any order. `voice` is the first of somebody else. */
export type TimelineStep = 'press' | 'click' | 'code' | 'grant' | 'microphone' | 'signal' | 'joined' | 'voice';

/** `at`: milliseconds since the press. */
export interface TimelineEntry {
  readonly name: TimelineStep;
  readonly at: number;
}

/** Where the time of one join goes; in DevTools too, as User Timing measures from the press on, once somebody has clicked. */
export class Timeline {
  #entries: readonly TimelineEntry[] = [];
  readonly #press = performance.now();
  #isShown = false;

  constructor() {
    this.mark('press');
  }

  get entries(): readonly TimelineEntry[] {
    return this.#entries;
  }

  /** The first of each name counts. */
  readonly mark = (name: TimelineStep): void => {
    if (this.#entries.some((entry) => entry.name === name)) return;
    const entry = Object.freeze({ name, at: Math.round(10 * (performance.now() - this.#press)) / 10 });
    this.#entries = Object.freeze([...this.#entries, entry]);
    if (name === 'click') {
      this.#isShown = true;
      this.#entries.forEach(this.#show);
    } else if (this.#isShown) this.#show(entry);
  };

  readonly #show = ({ name, at }: TimelineEntry): void => {
    performance.measure(`vc-room:${name}`, { start: this.#press, duration: at });
  };
}
