import { LitElement } from 'lit';
import type { TemplateResult } from 'lit';
import type { Fixture } from '../../stories/fixtures.js';
import { styles } from '../../src/vc-room.styles.js';
import { attend, en, room, roomStyles } from '../../src/view/joined.js';
import { lobby } from '../../src/view/lobby.js';
import type { Actions, View } from '../../src/view/view.js';

/** The face without a room behind it: shows a fixture and writes down what a person does. */
export class FaceElement extends LitElement {
  static override styles = [styles, roomStyles];

  readonly done: unknown[][] = [];
  readonly #actions = new Proxy({} as Actions, { get: (_, name) => (...args: unknown[]) => void this.done.push([name, ...args]) });
  #fixture: Fixture | null = null;

  constructor() {
    super();
    attend(
      this,
      () => this.view,
      () => ({ local: this.fixture.levels?.[this.fixture.snapshot.localParticipant?.identity ?? ''] ?? 0, remote: new Map(Object.entries(this.fixture.levels ?? {})) }),
    );
  }

  get fixture(): Fixture {
    if (!this.#fixture) throw new Error('Set a fixture first.');
    return this.#fixture;
  }

  set fixture(fixture: Fixture) {
    this.#fixture = fixture;
    this.requestUpdate();
  }

  get view(): View {
    return { snapshot: this.fixture.snapshot, title: this.fixture.title, strings: en, actions: this.#actions };
  }

  override render(): TemplateResult {
    const { connectionState } = this.fixture.snapshot;
    return connectionState === 'joined' || connectionState === 'reconnecting' ? room(this.view) : lobby(this.view);
  }
}

customElements.define('face-element', FaceElement);
