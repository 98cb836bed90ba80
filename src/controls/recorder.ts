import type { Combination } from './keys.js';

/** Keys that leave: they stay what they are everywhere. */
const leaving: ReadonlySet<string> = new Set(['Escape', 'Tab']);

/** Records a combination of keys by pressing it: what was held together when the first key went up. */
export class KeyRecorder {
  readonly #down: string[] = [];
  readonly #changed: (held: Combination) => void;
  readonly #done: (keys: string | null) => void;

  /** `changed` gets what is held so far; `done` the combination as `KeyboardEvent.code`s, null when Escape or Tab took it back. */
  constructor(changed: (held: Combination) => void, done: (keys: string | null) => void) {
    this.#changed = changed;
    this.#done = done;
  }

  readonly keydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Tab') event.preventDefault();
    event.stopPropagation();
    if (event.repeat || !event.code) return;
    if (leaving.has(event.key)) return this.#done(null);
    if (!this.#down.includes(event.code)) this.#down.push(event.code);
    this.#changed([...this.#down]);
  };

  readonly keyup = (event: KeyboardEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    if (this.#down.length) this.#done(this.#down.join('+'));
  };
}
