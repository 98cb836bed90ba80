/** What a join goes through: the press, the click that commits it, and what has come by then or later, in any order. `voice` is the first of somebody else. */
export type TimelineStep = 'press' | 'click' | 'code' | 'grant' | 'microphone' | 'signal' | 'joined' | 'voice';

/** `at`: milliseconds since the press. */
export interface TimelineEntry {
  readonly name: TimelineStep;
  readonly at: number;
}

/** Where the time of one join goes; in DevTools too, as User Timing measures from the press on, once somebody has clicked. */
export class Timeline {
  #entries: readonly TimelineEntry[] = Object.freeze([]);
  readonly #times = new Map<TimelineStep, number>();

  /** Negative for what had come before the press. */
  get entries(): readonly TimelineEntry[] {
    return this.#entries;
  }

  /** The first of each name counts. */
  readonly mark = (name: TimelineStep): void => {
    if (this.#times.has(name)) return;
    this.#times.set(name, performance.now());
    const press = this.#times.get('press') ?? 0;
    this.#entries = Object.freeze(Array.from(this.#times, ([step, time]) => Object.freeze({ name: step, at: Math.round(10 * (time - press)) / 10 })));
    if (name === 'click') this.#times.forEach((time, step) => show(step, press, time));
    else if (this.#times.has('click')) show(name, press, performance.now());
  };
}

function show(name: TimelineStep, from: number, to: number): void {
  performance.measure(`vc-room:${name}`, { start: Math.min(from, to), end: Math.max(from, to) });
}
