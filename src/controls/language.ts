import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { lazily } from '../chunks.js';
import type { FirstStrings } from '../strings/en.js';
import { languageOf, wordsOf } from '../strings/languages.js';

/** For how long nothing is shown while the words of another language than English are on their way, in ms; afterwards it begins in English. */
const patience = 500;

/** The words of the face: by the closest `lang`, then by the browser's languages, then English. Follows changes of any `lang` around the host. */
export class Language implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #observer = new MutationObserver(() => this.update());
  #language = 'en';
  #isWhole = false;
  #words: Partial<FirstStrings> = {};
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #merged: { readonly of: readonly unknown[]; readonly words: FirstStrings } | null = null;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  /** The first words have not come yet. */
  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  /** `base` in the language of the host, with what the page says otherwise; the same object while nothing changes. */
  over<T extends FirstStrings>(base: T, own: object | undefined): T {
    const of = [base, this.#words, own];
    if (!this.#merged?.of.every((part, index) => part === of[index])) {
      const said = Object.fromEntries(Object.entries(own ?? {}).filter(([, word]) => typeof word === 'string'));
      this.#merged = { of, words: { ...base, ...this.#words, ...said } };
    }
    return this.#merged?.words as T;
  }

  hostConnected(): void {
    for (const node of ancestors(this.#host))
      // Documents and shadow roots; not by `instanceof`, as in a frame they are of another window.
      if (!node.parentNode) this.#observer.observe(node, { attributeFilter: ['lang'], subtree: true });
    this.update();
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
  }

  /** Looks around anew. */
  update(): void {
    const closest = ancestors(this.#host).find((node) => (node as HTMLElement).lang) as HTMLElement | undefined;
    const language = languageOf([...(closest ? [closest.lang] : []), ...navigator.languages]);
    if (language === this.#language) return;
    this.#language = language;
    if (!this.#merged) this.#waiting ??= setTimeout(() => this.#settle(), patience);
    this.#load();
  }

  /** From now on with the words that are read only after a press. */
  complete(): void {
    if (this.#isWhole) return;
    this.#isWhole = true;
    if (this.#language !== 'en') this.#load();
  }

  #load(): void {
    const language = this.#language;
    const isWhole = this.#isWhole;
    lazily(() => wordsOf(language, isWhole)).then(
      (words) => {
        if (language !== this.#language || isWhole !== this.#isWhole) return;
        this.#words = words;
        this.#settle();
      },
      // It stays in the language that it has.
      () => this.#settle(),
    );
  }

  #settle(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.#host.requestUpdate();
  }
}

/** The node itself and what is around it, through shadow roots. */
function ancestors(start: Node): Node[] {
  const nodes: Node[] = [];
  for (let node: Node | null = start; node; node = node.parentNode ?? (node as Partial<ShadowRoot>).host ?? null) nodes.push(node);
  return nodes;
}
