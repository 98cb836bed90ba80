import { FaceElement } from '../src/face-element.js';
import type { Loudness } from '../src/controls/levels.js';
import type { RoomSnapshot } from '../src/room/snapshot.js';
import { settingAttributes } from '../src/settings.js';
import type { Actions } from '../src/view/view.js';
import type { Fixture } from './fixtures.js';
import { fixtures } from './fixtures.js';

/** The element without a room behind it: the same face, attributes, parts and slots; it shows a fixture and writes down what a person does. */
export class StoryRoom extends FaceElement {
  static readonly observedAttributes = [...settingAttributes, 'open', 'lang'];

  /** What was done, command first. */
  readonly done: unknown[][] = [];
  /** Resolves when everything that a face may need is loaded. */
  readonly ready = this.loadFace();
  protected readonly actions = new Proxy({} as Actions, {
    get:
      (_, name) =>
      (...args: unknown[]) => {
        this.done.push([name, ...args]);
        this.dispatchEvent(new CustomEvent('action', { detail: { name, args } }));
      },
  });
  #fixture: Fixture = fixtures.lobby;

  get fixture(): Fixture {
    return this.#fixture;
  }

  set fixture(fixture: Fixture) {
    this.#fixture = fixture;
    this.room = fixture.title;
    this.requestUpdate();
  }

  protected get snapshot(): RoomSnapshot {
    return this.#fixture.snapshot;
  }

  protected get levels(): Loudness {
    const { snapshot, levels = {} } = this.#fixture;
    return { local: levels[snapshot.localParticipant?.identity ?? ''] ?? 0, remote: new Map(Object.entries(levels)) };
  }
}
