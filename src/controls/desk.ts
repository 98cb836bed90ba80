import type { ReactiveController, ReactiveControllerHost, TemplateResult } from 'lit';
import type { RoomSnapshot } from '../room/snapshot.js';
import { report } from './report.js';
import type { Logged } from './report.js';
import type { Vitals } from './vitals.js';

export type PanelName = 'settings' | 'diagnostics';

/** Something that opens in place of the people, or below the lobby. */
export interface Panel {
  render(): TemplateResult;
  close(): void;
  /** Loudness of the microphone that it has opened, 0 to 1. */
  level?(): number;
}

/** The key on screen of push-to-talk. */
export interface TalkKey {
  render(): TemplateResult;
  readonly styles: string;
}

/** A panel's code, which comes only when somebody opens it. */
export type PanelLoader = (name: PanelName, host: ReactiveControllerHost & HTMLElement) => Promise<{ readonly panel: Panel; readonly styles: string }>;

/** For how long it is shown who came or went, ms. */
const shownFor = 5000;

/** What is open in the face, which is nobody's business outside: a panel, the menu of a person; and who keeps the place of the focus in the list. */
export class Desk implements ReactiveController {
  /** Once its code is there. */
  talkKey: TalkKey | null = null;
  readonly vitals: Vitals;
  /** Name of the room that one goes into, or is in, whatever the page says meanwhile. */
  room: string | null = null;
  /** Outside: who is in, in words; empty where nobody is, or nobody knows. */
  here: () => string = () => '';
  /** Who has just come or gone, in words: for who cannot hear it. */
  caption = '';
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #load: PanelLoader;
  #person: string | null = null;
  #current: string | null = null;
  #name: PanelName | null = null;
  #panel: Panel | null = null;
  #focus: string | null = null;
  #isLost = false;
  /** Which of the rows had the focus. */
  #row = -1;
  /** Of the panel. */
  #styles = '';
  #sheet: CSSStyleSheet | null = null;
  /** What is in the sheet. */
  #worn = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, load: PanelLoader, vitals: Vitals) {
    this.#host = host;
    this.#load = load;
    this.vitals = vitals;
    host.addController(this);
  }

  /** The panel that is open, or on its way. */
  get panel(): PanelName | null {
    return this.#name;
  }

  /** The panel, once its code is there. */
  get shown(): TemplateResult | null {
    return this.#panel?.render() ?? null;
  }

  /** Loudness of the microphone that the panel has opened, 0 to 1. */
  get level(): number {
    return this.#panel?.level?.() ?? 0;
  }

  /** The code of the panel that was asked for last could not be fetched. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Whose row the Tab key leads to; null: the first one's. */
  get current(): string | null {
    return this.#current;
  }

  set current(identity: string | null) {
    this.#current = identity;
    this.#host.requestUpdate();
  }

  /** Whose menu is open. */
  get person(): string | null {
    return this.#person;
  }

  /** Opens a panel and gives it the focus; the one that is open closes, and gives the focus back to the element with the part `from`. One that is on its way comes. */
  async toggle(name: PanelName, from: string): Promise<void> {
    if (this.#name === name) return this.#panel ? this.close(from) : undefined;
    this.#end();
    this.#name = name;
    this.#isLost = false;
    this.#host.requestUpdate();
    try {
      const { panel, styles } = await this.#load(name, this.#host);
      if (this.#name !== name || this.#panel) return panel.close();
      this.#styles = styles;
      this.#panel = panel;
      this.#focusOn(name);
    } catch {
      if (this.#name !== name) return;
      this.#isLost = true;
      this.close(from);
    }
  }

  close(focus: string): void {
    if (!this.#name) return;
    this.#end();
    this.#focusOn(focus);
  }

  /** Escape closes the panel, once: what is around it stays open. */
  readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing || !this.#name) return;
    event.preventDefault();
    this.close('settings-button');
  };

  /** What the face adds to `diagnostics()`. */
  report(snapshot: RoomSnapshot, log: readonly Logged[]): object {
    return report(snapshot, log, this.vitals);
  }

  /** Shows a caption for a while. */
  tell(caption: string): void {
    this.caption = caption;
    this.#host.requestUpdate();
    clearTimeout(this.#timer);
    if (caption) this.#timer = setTimeout(() => this.tell(''), shownFor);
  }

  /** Opens or closes the menu of somebody. */
  togglePerson(identity: string): void {
    this.#person = this.#person === identity ? null : identity;
    this.current = identity;
  }

  /** At every update, since the host may have put on another layout's styles, or be in another document: sheets belong to one. */
  hostUpdate(): void {
    const { shadowRoot: root, ownerDocument } = this.#host;
    const view = ownerDocument.defaultView;
    if (!root || !view) return;
    this.#row = this.#rows.indexOf(root.activeElement as HTMLElement);
    if (!this.#sheet || !root.adoptedStyleSheets.includes(this.#sheet)) {
      root.adoptedStyleSheets.push((this.#sheet = new view.CSSStyleSheet()));
      this.#worn = '';
    }
    const styles = (this.talkKey?.styles ?? '') + this.#styles;
    if (styles !== this.#worn) this.#sheet.replaceSync((this.#worn = styles));
  }

  hostUpdated(): void {
    const rows = this.#rows;
    // Who has left leaves the focus to the next.
    if (this.#row >= 0 && !rows.includes(this.#host.shadowRoot?.activeElement as HTMLElement)) rows[Math.min(this.#row, rows.length - 1)]?.focus();
    if (!this.#focus) return;
    const part = this.#host.shadowRoot?.querySelector<HTMLElement>(`[part~=${this.#focus}]`);
    this.#focus = null;
    part?.focus({ preventScroll: true });
  }

  hostDisconnected(): void {
    this.clear();
  }

  /** The face with this desk went away: nothing is open when it comes back. */
  clear(): void {
    this.#end();
    this.#isLost = false;
    this.#person = null;
  }

  get #rows(): HTMLElement[] {
    return [...(this.#host.shadowRoot?.querySelectorAll<HTMLElement>('button.row') ?? [])];
  }

  #end(): void {
    this.#panel?.close();
    this.#panel = null;
    this.#name = null;
    this.#styles = '';
  }

  #focusOn(part: string): void {
    this.#focus = part;
    this.#host.requestUpdate();
  }
}
