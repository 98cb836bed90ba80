import { Ahead } from './ahead.js';
import { isIn } from './controls/inside.js';
import type { Loudness } from './controls/levels.js';
import type { Logged } from './controls/report.js';
import { eventsBetween } from './events.js';
import type { VcRoomEventMap } from './events.js';
import { FaceElement } from './face-element.js';
import { loadTransport } from './livekit/load.js';
import { loadParts } from './load.js';
import { prefer, preferences, storageKey } from './page/preferences.js';
import { leaveMark, takeMark } from './page/resume.js';
import { VcRoomError } from './room/errors.js';
import { Session } from './room/session.js';
import type { ConnectionState, Device, MicrophoneState, NoiseSuppression, Participant, RoomSnapshot } from './room/snapshot.js';
import type { Statistics } from './room/suppliers.js';
import type { TimelineEntry } from './room/timeline.js';
import { settingAttributes, settingNames, settingsOf } from './settings.js';
import { isMicrophoneGranted, press } from './sound/press.js';
import type { SoundPress } from './sound/press.js';
import type { MicrophonePreview } from './sound/preview.js';
import { version } from './version.js';
import type { Actions } from './view/view.js';

const nothingYet: readonly TimelineEntry[] = Object.freeze([]);

/** How long an element may be outside the document before that counts as removal and not as a move, in ms. */
const moveGrace = 100;

/** How many events `diagnostics()` tells of. */
const logged = 50;

/**
 * A voice room. Attributes are what the author says, properties read the truth, custom states are what the element knows,
 * events say that it changed.
 *
 * @summary A voice room over a LiveKit server: press Join and talk.
 * @tag vc-room
 * @tagname vc-room
 */
export class VcRoom extends FaceElement {
  static readonly observedAttributes = [...settingAttributes, 'volume', 'open', 'lang'];

  /** Registers the element, also under several names. Where a name is taken already, a warning says so and the first one stays; on a server nothing happens. */
  static define(tag = 'vc-room', registry: CustomElementRegistry | undefined = globalThis.customElements): void {
    if (!registry) return;
    const first = registry.get(tag);
    // A class has one name.
    if (!first) registry.define(tag, registry.getName?.(this) ? class extends this {} : this);
    else if (first !== this && !(first.prototype instanceof this)) console.warn(`<${tag}> is defined already, and stays.`);
  }

  readonly #session = new Session((now, before) => this.#changed(now, before));
  readonly #ahead = new Ahead(this, {
    session: this.#session,
    load: () => this.#load(),
  });
  /** What script or the person has set, so that attributes no longer count. */
  readonly #chosen = new Set<'micMuted' | 'deafened' | 'volume'>();
  #wasConnected = false;
  /** Has come into the document, and not from another place in it. */
  #isNew = true;
  #pushToTalk = '';
  /** From coming into the document to leaving it; given as options, it has the `signal` that listeners end with. */
  #stay = new AbortController();
  #removal: ReturnType<typeof setTimeout> | undefined;
  #parts: Promise<typeof import('./compose.js')> | null = null;

  #log: readonly Logged[] = [];

  protected readonly actions: Actions = {
    join: () => void this.join().catch(() => undefined),
    leave: () => this.leave(),
    setMicMuted: (muted) => (this.micMuted = muted),
    setDeafened: (deafened) => (this.deafened = deafened),
    resumePlayback: () => void this.resumePlayback(),
    setParticipantVolume: (identity, volume) => this.setParticipantVolume(identity, volume),
    muteParticipant: (identity, muted) => this.muteParticipant(identity, muted),
    setVolume: (volume) => {
      prefer({ volume });
      this.#chosen.delete('volume');
      this.#session.setVolume(volume);
    },
    choose: (choice) => this.choose(choice),
    talk: (talking) => this.snapshot.talk !== 'open' && this.#session.setTalk(talking ? 'held' : 'released'),
    setInputDevice: (id) => this.setInputDevice(id),
    setOutputDevice: (id) => this.setOutputDevice(id),
    listDevices: () => this.listDevices(),
    previewMicrophone: () => this.previewMicrophone(),
    cue: (cue) =>
      isIn(this)
        ? this.#session.sound?.cue(cue, this.volume)
        : void this.#rehearse((parts, gesture) => parts.sample(cue, this.volume, gesture)).catch(() => undefined),
    diagnostics: () => this.diagnostics(),
  };

  constructor() {
    super();
    // Set on the tag before this class was defined, they hide the accessors.
    for (const name of [...settingNames, 'micMuted', 'deafened', 'volume', 'open']) {
      if (!Object.hasOwn(this, name)) continue;
      const value: unknown = Reflect.get(this, name);
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
  }

  override attributeChangedCallback(attribute: string, before: string | null, now: string | null): void {
    super.attributeChangedCallback(attribute, before, now);
    if (attribute === 'volume') this.#followVolume();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    clearTimeout(this.#removal);
    this.#session.hold(false);
    const stay = (this.#stay = new AbortController());
    // Of a frame or a Document Picture-in-Picture, where the script ran elsewhere, each may go without the other.
    for (const view of [window, this.ownerDocument.defaultView]) view?.addEventListener('pagehide', this.#pagehide, stay);
    addEventListener('pageshow', this.#pageshow, stay);
    addEventListener('storage', this.#stored, stay);
    // The answer must be there when somebody presses.
    isMicrophoneGranted();
    // Not in this task: script that made the element may still be setting its properties.
    if (this.#isNew) queueMicrotask(() => this.isConnected && this.#enterByItself(this.autojoin));
    this.#isNew = false;
    if (this.#wasConnected) return;
    this.#wasConnected = true;
    this.#followVolume();
    this.settingChanged('pushToTalk');
    if (!this.#chosen.has('micMuted') && this.hasAttribute('mic-muted')) this.#session.setMicMuted(true);
    if (!this.#chosen.has('deafened') && this.hasAttribute('deafened')) this.#session.setDeafened(true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stay.abort();
    this.#session.hold(true);
    this.#ahead.letGo();
    this.#removal = setTimeout(() => this.#goAway(), moveGrace);
  }

  /** Another document is another page: its microphone, sound and storage are not those of this call. */
  override adoptedCallback(): void {
    this.#goAway();
    super.adoptedCallback();
  }

  get connectionState(): ConnectionState {
    return this.snapshot.connectionState;
  }

  /** All others, in order of joining. The same frozen array until something changes. */
  get remoteParticipants(): readonly Participant[] {
    return this.snapshot.remoteParticipants;
  }

  /** How many others are connected ahead of a click that may never come: in nobody's roster, and hearing nobody. */
  get standbyCount(): number {
    return this.snapshot.standbyCount;
  }

  get localParticipant(): Participant | null {
    return this.snapshot.localParticipant;
  }

  get microphone(): MicrophoneState {
    return this.snapshot.microphone;
  }

  /** What is captured from now; null while no microphone is open. */
  get inputDevice(): Device | null {
    return this.snapshot.inputDevice;
  }

  /** What plays the others; null: the system's default. */
  get outputDevice(): Device | null {
    return this.snapshot.outputDevice;
  }

  /** What really runs, whatever `noiseSuppression` asks for. */
  get activeNoiseSuppression(): NoiseSuppression {
    return this.snapshot.activeNoiseSuppression;
  }

  /** The browser refuses to play until `resumePlayback()` is called within a gesture. */
  get playbackBlocked(): boolean {
    return this.snapshot.playbackBlocked;
  }

  /** How long each step of the latest join took. The same frozen list until a step is added. */
  get timeline(): readonly TimelineEntry[] {
    return this.#ahead.timeline ?? nothingYet;
  }

  /** Fatal if and only if `connectionState` is `idle`. Cleared by the next join. */
  get error(): VcRoomError | null {
    return this.snapshot.error;
  }

  /** Whether I am muted. Unmuting while deafened undeafens. */
  get micMuted(): boolean {
    return this.snapshot.micMuted;
  }

  set micMuted(muted: boolean) {
    this.#chosen.add('micMuted');
    this.#session.setMicMuted(Boolean(muted));
  }

  /** Whether I hear nobody; deafening also mutes, and undeafening gives back the mute state from before. */
  get deafened(): boolean {
    return this.snapshot.deafened;
  }

  set deafened(deafened: boolean) {
    this.#chosen.add('deafened');
    this.#session.setDeafened(Boolean(deafened));
  }

  /** Of all that I hear: 0 to 2; a number outside is brought to the nearest. */
  get volume(): number {
    return this.snapshot.volume;
  }

  set volume(volume: number) {
    this.#chosen.add('volume');
    this.#session.setVolume(Number(volume));
  }

  /**
   * Goes into the room. Call it within a gesture, so that microphone and playback are allowed. While joining or joined the same promise is returned.
   * @throws VcRoomError why it failed; `aborted` when `leave()` took it back
   */
  join(): Promise<void> {
    return this.#session.opened ?? this.#ahead.commit();
  }

  /**
   * Has ready what a join waits for, without a microphone: code, grant, the denoiser, the way to the server; the grant alone where data costs or is to be saved.
   * Never rejects: what failed is tried again by the join.
   */
  prefetch(): Promise<void> {
    return this.#ahead.prefetch();
  }

  /** Moves the browser's prompt forward to now; the microphone is released at once unless one joins meanwhile. Call it within a gesture. Never rejects. */
  prefetchMicrophone(): Promise<void> {
    return this.#ahead.prefetchMicrophone();
  }

  /** Idle in this task: microphone and sound end at once, the goodbye to the server follows. */
  leave(): void {
    this.#session.leave();
  }

  /** Starts playback that the browser refused. Call it within a gesture. */
  resumePlayback(): Promise<void> {
    return this.#session.resumePlayback();
  }

  /** How loud I hear one person: 0 to 2, kept for when they come back, also at the next visit. */
  setParticipantVolume(identity: string, volume: number): void {
    this.#session.setParticipantVolume(identity, Number(volume));
    this.#keepListening(identity);
  }

  /** Mutes one person for me alone, also when they come back. */
  muteParticipant(identity: string, muted: boolean): void {
    this.#session.muteParticipant(identity, Boolean(muted));
    this.#keepListening(identity);
  }

  /** What is connected now; without permission, browsers tell at most whether there is anything. Never asks for it. */
  async listDevices(): Promise<{ readonly inputs: readonly Device[]; readonly outputs: readonly Device[] }> {
    return (await this.#load()).listDevices();
  }

  /**
   * Captures from this microphone, `null` from the system's default, now and at the next visit; while talking, without a gap.
   * @throws VcRoomError `mic-missing`, `mic-in-use`, `mic-blocked`: the device from before goes on
   */
  async setInputDevice(id: string | null): Promise<void> {
    await this.#session.sound?.setInputDevice(id);
    prefer({ inputDevice: id });
    // What was begun ahead has another.
    this.#ahead.letGo();
  }

  /**
   * Plays on this device, `null` on the system's default, now and at the next visit; while it is not there, on the system's default.
   * @throws VcRoomError `unsupported` where the browser lets nobody choose, `unknown` where there is no such device: the one from before goes on
   */
  async setOutputDevice(id: string | null): Promise<void> {
    const { sound } = this.#session;
    if (sound) await sound.setOutputDevice(id);
    else this.#session.setOutput(await (await this.#load()).tryOutput(id));
    prefer({ outputDevice: id });
  }

  /**
   * Opens the microphone and plays it back to this person alone, as others would hear it: before they join, or while they are in. They need headphones.
   * Call it within a gesture, and `stop()` what it resolves with.
   * @throws VcRoomError `mic-blocked`, `mic-missing`, `mic-in-use`; `assets-blocked`; what is wrong with the settings
   */
  async previewMicrophone(): Promise<MicrophonePreview> {
    return this.#rehearse((parts, gesture) => parts.preview(settingsOf(this), gesture));
  }

  /** Forgets grants, preferences and identities of this origin; call it when a person logs out. */
  async forget(): Promise<void> {
    await (await this.#load()).forget();
    this.choicesChanged();
    this.#session.forget();
    this.#followVolume();
  }

  /** A plain object that is safe to paste in a bug report: no token, no address. */
  diagnostics(): object {
    const { connectionState, error } = this.snapshot;
    return {
      version,
      connectionState,
      error: error && { code: error.code, reason: error.reason },
      timeline: this.timeline,
      ...this.desk?.report(this.snapshot, this.#log),
      sound: this.#session.sound?.diagnostics() ?? null,
    };
  }

  protected override settingChanged(name: string): void {
    super.settingChanged(name);
    this.#ahead.letGo();
    if (name === 'preload' && this.preload === 'auto') this.#ahead.intendOnSight();
    if (name === 'pushToTalk' && this.#pushToTalk !== this.pushToTalk) {
      this.#pushToTalk = this.pushToTalk;
      this.#session.setTalk(this.pushToTalk ? 'released' : 'open');
    }
    if (name === 'noiseSuppression') this.#session.sound?.setNoiseSuppression(this.noiseSuppression);
  }

  #followVolume(): void {
    if (!this.#chosen.has('volume')) this.#session.setVolume(preferences().volume ?? Number.parseFloat(this.getAttribute('volume') ?? '1'));
  }

  #goAway(): void {
    this.#session.leave('removed-from-page');
    this.#isNew = true;
  }

  #keepListening(identity: string): void {
    const listening = this.snapshot.listening[identity];
    if (listening)
      loadParts().then(
        ({ preferListening }) => preferListening(identity, listening),
        () => undefined,
      );
  }

  /** What sounds outside a room. Call it within a gesture. */
  async #rehearse<T>(sound: (parts: typeof import('./compose.js'), gesture: SoundPress) => Promise<T>): Promise<T> {
    const gesture = press(this.#ahead.capture);
    gesture.open(false);
    try {
      return await sound(await this.#load(), gesture);
    } catch (thrown) {
      gesture.release();
      throw thrown;
    }
  }

  #load(): Promise<typeof import('./compose.js')> {
    if (this.#parts) return this.#parts;
    const parts = (this.#parts = loadParts());
    // All chunks at once: what compose needs later should not wait for compose.
    Promise.all([parts, loadTransport(), this.loadFace()]).catch(() => (this.#parts = null));
    return parts;
  }

  /** `wanted`: the page says so; else only who was in when the page went away less than a minute ago comes back. */
  #enterByItself(wanted: boolean): void {
    const mark = this.resume ? takeMark(this.#key) : null;
    if ((!wanted && !mark) || this.connectionState !== 'idle') return;
    if (mark?.deafened) this.#session.setDeafened(true);
    // Nobody is heard who has not touched the page since it came: they come in muted, and unmuting opens the microphone.
    const hasActed = !mark && (navigator.userActivation as UserActivation | undefined)?.hasBeenActive;
    if (!hasActed && !this.listenOnly && !this.micMuted) this.#session.setMicMuted(true);
    this.actions.join();
  }

  /** Under which this tab remembers that it was in. */
  get #key(): string {
    return [this.tokenEndpoint, this.room, this.identity].join('\n');
  }

  readonly #pagehide = (): void => {
    if (this.resume && isIn(this)) leaveMark(this.#key, { deafened: this.deafened });
    this.#session.leave();
  };

  /** In another tab. */
  readonly #stored = ({ key }: StorageEvent): void => {
    if (key === null || key === storageKey) this.choicesChanged();
  };

  /** Out of the back/forward cache a page comes as it went, only not connected. */
  readonly #pageshow = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) this.#enterByItself(false);
  };

  #changed(now: RoomSnapshot, before: RoomSnapshot): void {
    const { states } = this.internals as { states?: CustomStateSet };
    for (const [state, on] of Object.entries(statesOf(now))) states?.[on ? 'add' : 'delete'](state);
    if (now.connectionState === 'idle' && before.connectionState !== 'idle') this.#ahead.rest();
    // It has the words.
    if (now.error && !this.desk) this.#load().catch(() => undefined);
    this.requestUpdate();
    for (const event of eventsBetween(before, now)) {
      this.#log = [...this.#log.slice(1 - logged), { at: performance.now(), event: event.type, snapshot: now }];
      this.dispatchEvent(event);
    }
  }

  protected get snapshot(): RoomSnapshot {
    return this.#session.snapshot;
  }

  protected get levels(): Loudness | null {
    return this.#session.levels;
  }

  protected statistics(): Promise<Statistics | null> {
    return this.#session.statistics();
  }
}

function statesOf(snapshot: RoomSnapshot): Record<string, boolean> {
  const { connectionState, microphone, talk, deafened, localParticipant, listenOnly, playbackBlocked, error } = snapshot;
  const inside = isIn(snapshot);
  return {
    joining: connectionState === 'joining',
    joined: connectionState === 'joined',
    reconnecting: connectionState === 'reconnecting',
    'mic-live': microphone === 'live',
    'mic-muted': microphone === 'muted',
    'mic-blocked': microphone === 'blocked',
    transmitting: connectionState === 'joined' && microphone === 'live' && talk !== 'released',
    deafened,
    speaking: localParticipant?.speaking === true,
    listening: inside && (listenOnly || microphone === 'blocked' || microphone === 'missing'),
    'playback-blocked': playbackBlocked,
    error: error !== null,
  };
}

export interface VcRoom {
  addEventListener<K extends keyof VcRoomEventMap>(
    type: K,
    listener: (this: VcRoom, event: VcRoomEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'vc-room': VcRoom;
  }
}
