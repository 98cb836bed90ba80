import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { RoomSnapshot } from '../room/snapshot.js';
import type { FaceStrings } from '../strings/en.js';
import { announcements, isCrowd, weaknessOf } from './announcements.js';
import type { Vitals } from './vitals.js';

interface Now {
  readonly snapshot: RoomSnapshot;
  readonly strings: FaceStrings;
  readonly desk: { readonly vitals: Pick<Vitals, 'ailment'>; tell(caption: string): void };
}

/** Collects what happens at once, ms. */
const batch = 600;
/** ms after which it matters that the connection is lost; most are back before. */
const matters = 1_000;
/** ms between two words about a weak connection. */
const seldom = 30_000;
/** ms between two words about who comes to a crowd, and who goes. */
const crowded = 10_000;

/** The one polite live region of the element: outside the template, so that it stands before anything is said and outlives every render. */
export class Announcer implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #now: () => Now;
  readonly #region = document.createElement('div');
  #told: RoomSnapshot | null = null;
  #toldWeakness: ReturnType<typeof weaknessOf> = null;
  #weaknessToldAt = -Infinity;
  #crowdToldAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Since when the connection is lost, by `performance.now()`. */
  #lostAt: number | null = null;

  constructor(host: ReactiveControllerHost & HTMLElement, now: () => Now) {
    this.#host = host;
    this.#now = now;
    this.#region.role = 'status';
    this.#region.className = 'unseen';
    host.addController(this);
  }

  hostConnected(): void {
    // Before what Lit renders: it clears all that stands after.
    this.#host.shadowRoot?.prepend(this.#region);
    // What was about to be said when the element was moved still is.
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  hostUpdated(): void {
    const { snapshot, desk } = this.#now();
    if (snapshot.connectionState !== 'reconnecting') this.#lostAt = null;
    else this.#lostAt ??= performance.now();
    if (snapshot !== this.#told || weaknessOf(snapshot, desk.vitals.ailment) !== this.#toldWeakness)
      this.#timer ??= setTimeout(this.#tell, this.#lostAt === null ? batch : matters);
  }

  /** Who has the focus on a toggle hears from it that it is pressed. */
  #heard({ micMuted, deafened }: RoomSnapshot): Partial<RoomSnapshot> {
    const part = this.#host.shadowRoot?.activeElement?.getAttribute('part');
    return part === 'mute-button' ? { micMuted } : part === 'deafen-button' ? { deafened } : {};
  }

  readonly #tell = (): void => {
    this.#timer = undefined;
    // It may have been waiting for something else.
    const rest = this.#lostAt === null ? 0 : this.#lostAt + matters - performance.now();
    if (rest > 0) {
      this.#timer = setTimeout(this.#tell, rest);
      return;
    }
    const { snapshot, strings, desk } = this.#now();
    const now = performance.now();
    const told = this.#told && { ...this.#told, ...this.#heard(snapshot) };
    const isHeld = told?.remoteParticipants.length && isCrowd(snapshot) && now < this.#crowdToldAt + crowded;
    const seen = isHeld ? { ...snapshot, remoteParticipants: told.remoteParticipants } : snapshot;
    const said = announcements(told, seen, strings, (caption) => {
      if (!isCrowd(snapshot)) return desk.tell(caption);
      // A storm is told as one number, and then the next.
      this.#crowdToldAt = now;
      setTimeout(() => this.#host.requestUpdate(), crowded);
    });
    const weakness = weaknessOf(snapshot, desk.vitals.ailment);
    // One that comes and goes is no news each time.
    if (weakness && weakness !== this.#toldWeakness && now > this.#weaknessToldAt + seldom) {
      this.#weaknessToldAt = now;
      said.push(strings[`notice.${weakness}`]);
    }
    this.#told = seen;
    this.#toldWeakness = weakness;
    if (!said.length) return;
    // A new node each time: the same words twice are two pieces of news.
    const news = document.createElement('p');
    news.textContent = said.join(' ');
    this.#region.replaceChildren(news);
  };
}
