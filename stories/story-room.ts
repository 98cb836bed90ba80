import { FaceElement } from '../src/face-element.js';
import type { Loudness } from '../src/controls/levels.js';
import type { RoomSnapshot } from '../src/room/snapshot.js';
import { settingAttributes } from '../src/settings.js';
import type { Statistics } from '../src/room/suppliers.js';
import type { Actions } from '../src/view/view.js';
import type { Fixture } from './fixtures.js';
import { fixtures } from './fixtures.js';

/** Sounds belong to rooms. */
const usual = { noiseSuppression: 'rnnoise', pushToTalk: '', pushToTalkMode: 'hold', pushToTalkScope: 'widget', cues: 'off' };

/** The element without a room behind it: the same face, attributes, parts and slots; it shows a fixture and writes down what a person does. */
export class StoryRoom extends FaceElement {
  static readonly observedAttributes = [...settingAttributes, 'open', 'lang'];

  /** What was done, command first. */
  readonly done: unknown[][] = [];
  /** Resolves when everything that a face may need is loaded. */
  readonly ready = this.loadFace();
  /** Resolves when what the fixture has opened is there too. */
  whole: Promise<unknown> = this.ready;
  protected readonly actions = new Proxy({} as Actions, {
    get:
      (_, name: keyof Actions) =>
      (...args: never[]) => {
        if (name !== 'listDevices' && name !== 'diagnostics') this.#write(name, args);
        return (this.#answers[name] as ((...args: never[]) => unknown) | undefined)?.(...args);
      },
  });
  readonly #answers: Partial<Actions> = {
    listDevices: () => Promise.resolve(this.fixture.devices ?? { inputs: [], outputs: [] }),
    diagnostics: () => this.fixture.diagnostics ?? {},
    previewMicrophone: () =>
      Promise.resolve({
        activeNoiseSuppression: 'rnnoise',
        setClean: (clean) => this.#write('setClean', [clean]),
        setHeard: (heard) => this.#write('setHeard', [heard]),
        level: () => 0,
        stop: () => this.#write('stop', []),
      }),
    setInputDevice: () => Promise.resolve(),
    setOutputDevice: () => Promise.resolve(),
  };
  #fixture: Fixture = fixtures.lobby;
  #opened: Fixture | null = null;
  #alone: CSSStyleSheet | null = null;

  constructor() {
    super();
    const { now } = performance;
    this.addController({
      hostUpdate: () => {
        const { shadowRoot: root, fixture } = this;
        const { lasting } = fixture;
        // At every update, since the face may have put on other styles.
        if (this.#alone && root && !root.adoptedStyleSheets.includes(this.#alone)) root.adoptedStyleSheets.push(this.#alone);
        // What counts its time begins earlier.
        if (lasting && !root?.querySelector('.time')) performance.now = () => now.call(performance) - lasting;
      },
      hostUpdated: () => void (performance.now = now),
    });
  }

  /** Selector in the shadow tree of what is shown alone, a field with its name; empty: everything is. */
  set alone(selector: string) {
    if (!this.#alone && !selector) return;
    this.#alone ??= new CSSStyleSheet();
    this.#alone.replaceSync(
      selector &&
        `.face { block-size: auto; min-block-size: 0 } .middle, section { flex: none !important } .face :not(:has(${selector}), ${selector}, :is(${selector}) *, .fields > :has(${selector}) *) { display: none !important }`,
    );
    this.requestUpdate();
  }

  get fixture(): Fixture {
    return this.#fixture;
  }

  set fixture(fixture: Fixture) {
    this.#fixture = fixture;
    this.room = fixture.title;
    Object.assign(this, usual, fixture.choices);
    this.requestUpdate();
    this.whole = this.#open();
  }

  protected get snapshot(): RoomSnapshot {
    return this.#fixture.snapshot;
  }

  protected get levels(): Loudness {
    const { snapshot, levels = {}, here = [] } = this.#fixture;
    return { here, local: levels[snapshot.localParticipant?.identity ?? ''] ?? 0, remote: new Map(Object.entries(levels)) };
  }

  protected statistics(): Promise<Statistics | null> {
    return Promise.resolve(this.#fixture.statistics?.(performance.now()) ?? null);
  }

  async #open(): Promise<void> {
    await this.ready;
    const { desk, fixture } = this;
    if (!desk || fixture === this.#opened) return;
    this.#opened = fixture;
    await this.updateComplete;
    for (let ago = 50; fixture.statistics && ago > 0; ago--) desk.vitals.count(fixture.statistics(performance.now() - 1000 * ago));
    while (fixture.snapshot.talk !== 'open' && !desk.talkKey && this.isConnected) await new Promise(requestAnimationFrame);
    if (fixture.person && desk.person !== fixture.person) desk.togglePerson(fixture.person);
    desk.caption = fixture.caption ?? '';
    if (fixture.panel && desk.panel !== fixture.panel) await desk.toggle(fixture.panel, 'settings-button');
    this.requestUpdate();
    await this.updateComplete;
    if (!fixture.press) return;
    this.shadowRoot?.querySelector<HTMLElement>(`[part~=${fixture.press}]`)?.click();
    await this.updateComplete;
  }

  #write(name: string, args: unknown[]): void {
    this.done.push([name, ...args]);
    this.dispatchEvent(new CustomEvent('action', { detail: { name, args } }));
  }
}
