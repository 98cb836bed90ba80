import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { Directive, PartType, directive } from 'lit/directive.js';
import type { DirectiveResult, ElementPart, PartInfo } from 'lit/directive.js';
import type { Participant } from '../room/snapshot.js';

/** Loudness as of now, 0 to 1, linear: my own and, by identity, that of the others. */
export interface Loudness {
  readonly local: number;
  readonly remote: ReadonlyMap<string, number>;
  /** Who is in, also while only a connection ahead of the click knows it. */
  readonly here?: readonly Participant[];
}

const interval = 1000 / 15;
/** Whose voice a row shows; `null` is mine. Never a selector: identities are foreign text. */
const voices = new WeakMap<Element, string | null>();

class VoiceOf extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('voiceOf() belongs on an element');
  }

  override update({ element }: ElementPart, [identity]: [string | null]): void {
    voices.set(element, identity);
  }

  render(_identity: string | null): void {}
}

/** On an element: lets `Levels` write the loudness of this voice there. */
export const voiceOf: (identity: string | null) => DirectiveResult = directive(VoiceOf);

/** Lets rings follow voices: writes `--vc-level` (0 to 1, as the ear hears it) on the rows, some 15 times a second, while they are seen. */
export class Levels implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #levels: () => Loudness | null;
  readonly #shown = new WeakMap<Element, number>();
  #rows: readonly HTMLElement[] = [];
  #seen = false;
  #observer: IntersectionObserver | null = null;
  #frame = 0;
  #last = 0;

  constructor(host: ReactiveControllerHost & HTMLElement, levels: () => Loudness | null) {
    this.#host = host;
    this.#levels = levels;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer = new IntersectionObserver((entries) => {
      this.#seen = entries.at(-1)?.isIntersecting ?? false;
      this.#run();
    });
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#seen = false;
    this.#run();
  }

  hostUpdated(): void {
    this.#rows = [...(this.#host.shadowRoot?.querySelectorAll<HTMLElement>('.speaking[part~=participant],[part~=meter]') ?? [])].filter((row) =>
      voices.has(row),
    );
    this.#run();
  }

  #run(): void {
    cancelAnimationFrame(this.#frame);
    if (this.#seen && this.#rows.length) this.#frame = requestAnimationFrame(this.#tick);
  }

  readonly #tick = (now: number): void => {
    if (now - this.#last >= interval) {
      this.#last = now;
      const levels = this.#levels();
      for (const row of this.#rows) this.#show(row, levels);
    }
    this.#run();
  };

  #show(row: HTMLElement, levels: Loudness | null): void {
    const voice = voices.get(row) ?? null;
    const loudness = (voice === null ? levels?.local : levels?.remote.get(voice)) ?? 0;
    const before = this.#shown.get(row) ?? 0;
    // Up at once, down slowly: a ring that trembles between syllables is noise.
    const level = Math.floor(20.01 * Math.max(Math.min(1, 1.6 * Math.sqrt(loudness)), before * 0.75)) / 20;
    if (level === before) return;
    this.#shown.set(row, level);
    row.style.setProperty('--vc-level', String(level));
    if (row.role === 'meter') row.ariaValueNow = String(Math.round(100 * level));
  }
}
