import { html } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { lazily, lookIn } from './chunks.js';
import { FocusKeeper } from './controls/focus.js';
import { isIn } from './controls/inside.js';
import { Language } from './controls/language.js';
import type { Loudness } from './controls/levels.js';
import type { Desk } from './controls/desk.js';
import type { RoomSnapshot } from './room/snapshot.js';
import type { Statistics } from './room/suppliers.js';
import { SettingsElement } from './settings.js';
import { first } from './strings/first.js';
import { styles } from './vc-room.styles.js';
import { lobby } from './view/lobby.js';
import type { Layouts } from './view/layouts.js';
import type { Actions, LobbyView, View } from './view/view.js';

/** How the element shows itself: words, layout, and which parts of the face are loaded. What is true, and what a press does, its subclass says. */
export abstract class FaceElement extends SettingsElement {
  protected readonly internals = this.attachInternals();
  readonly #language = new Language(this);
  /** The part of the face that shows only after a press. */
  #joined: typeof import('./view/joined.js') | null = null;
  #desk: Desk | null = null;
  /** What only `compact` and `floating` need. */
  #layouts: Layouts | null = null;
  #wasOpen: boolean | null = null;
  /** The face could not be fetched for who asked for its settings. */
  #isLost = false;
  readonly #toggleSettings = async (): Promise<void> => {
    await this.loadFace().catch(() => (this.#isLost = true));
    this.requestUpdate();
    if (this.isConnected) void this.#desk?.toggle('settings', 'settings-button');
  };

  protected abstract readonly actions: Actions;
  protected abstract get snapshot(): RoomSnapshot;
  protected abstract get levels(): Loudness | null;
  protected abstract statistics(): Promise<Statistics | null>;

  constructor() {
    super();
    this.internals.role = 'group';
    this.adopt(styles);
    new FocusKeeper(this);
  }

  override attributeChangedCallback(attribute: string, before: string | null, now: string | null): void {
    super.attributeChangedCallback(attribute, before, now);
    if (attribute === 'lang') this.#language.update();
    if (attribute === 'open' && (before === null) !== (now === null)) this.#toggled(before !== null);
  }

  /** With this method a `moveBefore()` is no disconnect at all. */
  connectedMoveCallback(): void {
    this.#language.update();
    this.requestUpdate();
  }

  /** Whether the panel of the floating layout is open. Reflected, as that of `<details>`. */
  get open(): boolean {
    return this.hasAttribute('open');
  }

  set open(open: boolean) {
    this.toggleAttribute('open', Boolean(open));
  }

  /** Opens the panel of the floating layout. */
  show(): void {
    this.open = true;
  }

  /** Closes the panel of the floating layout; a call goes on, in a pill. */
  hide(): void {
    this.open = false;
  }

  protected override settingChanged(name: string): void {
    // Attributes are told one by one, and the layout's chunk may be asked for before this one's turn.
    lookIn(this.assets || this.getAttribute('assets'));
    if (name === 'placement') this.#layouts?.reset();
    if (name !== 'layout') return;
    this.#dress();
    if (this.layout === 'inline' || this.#layouts) return;
    lazily(() => import('./view/layouts.js')).then(
      ({ Layouts }) => {
        this.#layouts ??= new Layouts(this, () => this.placement);
        this.#dress();
        this.requestUpdate();
      },
      // Better another layout than none.
      () => (this.layout = 'inline'),
    );
  }

  /** What is open in the face, once it is loaded. */
  protected get desk(): Desk | null {
    return this.#desk;
  }

  /** Has ready what shows after a press. */
  protected async loadFace(): Promise<void> {
    this.#language.complete();
    this.#furnish(await lazily(() => import('./view/joined.js')));
  }

  #furnish(joined: typeof import('./view/joined.js')): void {
    this.#isLost = false;
    if (this.#joined) return;
    this.#joined = joined;
    this.#dress();
    this.#desk = joined.attend(this, () => this.#viewInside, { levels: () => this.levels, statistics: () => this.statistics() });
    this.requestUpdate();
  }

  #dress(): void {
    this.adopt(styles, this.#joined?.faceStyles ?? '', this.#layouts?.styles[this.layout] ?? '');
  }

  /** As `<details>` does: what changes there and back within one task is told once, or not at all. */
  #toggled(was: boolean): void {
    this.requestUpdate();
    if (this.#wasOpen === null)
      queueMicrotask(() => {
        const before = this.#wasOpen;
        this.#wasOpen = null;
        const name = (open: boolean | null): string => (open ? 'open' : 'closed');
        if (before !== this.open) this.dispatchEvent(new ToggleEvent('toggle', { oldState: name(before), newState: name(this.open) }));
      });
    this.#wasOpen ??= was;
  }

  get #view(): LobbyView {
    const strings = this.#language.over(this.#joined?.en ?? first, this.strings);
    return {
      snapshot: this.snapshot,
      title: (this.#desk?.room ?? this.room) || strings.voiceRoom,
      actions: this.actions,
      strings,
      desk: this.#desk,
      isLost: this.#isLost,
      toggleSettings: this.#toggleSettings,
    };
  }

  /** Once the face is loaded, which has all words. */
  get #viewInside(): View {
    return { ...(this.#view as LobbyView & Pick<View, 'strings' | 'desk'>), choices: this };
  }

  override render(): TemplateResult {
    if (this.#language.isWaiting) return html``;
    const view = this.#view;
    this.internals.ariaLabel = view.title;
    const face = isIn(view.snapshot) ? this.#joined : null;
    const inside = face && this.#desk && { face, view: this.#viewInside };
    const { layout, open } = this;
    if (layout !== 'inline') return this.#layouts?.render(layout, { view, inside, open, toggle: (on) => (this.open = on) }) ?? html``;
    return inside ? face.room(inside.view) : lobby(view);
  }
}
