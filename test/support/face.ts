import type { TemplateResult } from 'lit/html.js';
import type { Fixture } from '../../stories/fixtures.js';
import { RenderedElement } from '../../src/rendered-element.js';
import { styles } from '../../src/vc-room.styles.js';
import { attend, en, room, roomStyles } from '../../src/view/joined.js';
import { lobby } from '../../src/view/lobby.js';
import type { Actions, View } from '../../src/view/view.js';

/** The face without a room behind it: shows a fixture and writes down what a person does. */
export class FaceElement extends RenderedElement {
  readonly done: unknown[][] = [];
  readonly #actions = new Proxy({} as Actions, {
    get:
      (_, name) =>
      (...args: unknown[]) =>
        void this.done.push([name, ...args]),
  });
  #fixture: Fixture | null = null;

  constructor() {
    super();
    this.adopt(styles, roomStyles);
    attend(
      this,
      () => this.view,
      () => {
        const { snapshot, levels = {} } = this.fixture;
        return { local: levels[snapshot.localParticipant?.identity ?? ''] ?? 0, remote: new Map(Object.entries(levels)) };
      },
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

/** A rendered face that goes away with the test. */
export async function show(fixture: Fixture, style = ''): Promise<FaceElement> {
  const face = new FaceElement();
  face.fixture = fixture;
  face.style.cssText = style;
  document.body.append(face);
  shown.push(face);
  await face.updateComplete;
  return face;
}

/** For `afterEach`. */
export function clear(): void {
  for (const face of shown.splice(0)) face.remove();
}

/** The element with this part. */
export function part(face: FaceElement, name: string): HTMLElement {
  const found = face.shadowRoot?.querySelector<HTMLElement>(`[part~="${name}"]`);
  if (!found) throw new Error(`There is no part ${name}.`);
  return found;
}

const shown: FaceElement[] = [];
