import { afterPress, pressedButton } from './controls/press.js';
import { loadParts } from './load.js';
import { isMetered } from './page/network.js';
import { preferences } from './page/preferences.js';
import type { Session } from './room/session.js';
import { Timeline } from './room/timeline.js';
import type { TimelineEntry } from './room/timeline.js';
import { settingsOf } from './settings.js';
import type { SettingsElement } from './settings.js';
import { askForMicrophone, isMicrophoneGranted, press } from './sound/press.js';
import type { PressSettings, SoundPress } from './sound/press.js';

type Parts = typeof import('./compose.js');
type Readiness = import('./compose.js').Readiness;

/** What the element lends. */
export interface Lender {
  readonly session: Session;
  /** All chunks; fails with `assets-blocked`. */
  readonly load: () => Promise<Parts>;
}

/** The join that was begun last. */
interface Begun {
  readonly gesture: SoundPress;
  readonly timeline: Timeline;
  /** Does nothing once it is committed. */
  readonly letGo: () => void;
}

/** How long somebody stands at the door at most, in ms. */
const standbyLimit = 20_000;

/** For so long after the end of a call, in ms, nothing means that the next is wanted. */
const afterthought = 1_000;

/**
 * Uses the time before the click: what `preload`, `mic-prefetch` and `standby` allow at the first sign of intent, and a whole join, unseen and unheard,
 * from the press on. The click commits it; whatever else happens lets it go without a trace.
 */
export class Ahead {
  readonly #host: SettingsElement;
  readonly #lender: Lender;
  #begun: Begun | null = null;
  /** Of a touch that may become a click. */
  #touched: Timeline | null = null;
  #timeline: Timeline | null = null;
  #idleSince = -Infinity;

  constructor(host: SettingsElement, lender: Lender) {
    this.#host = host;
    this.#lender = lender;
    for (const intent of ['pointerenter', 'focusin']) host.addEventListener(intent, (event) => this.#intend(event));
    host.addEventListener('pointerleave', () => host.matches(':focus-within') || this.letGo());
    host.addEventListener('focusout', () => host.matches(':hover') || this.letGo());
    for (const type of ['pointerdown', 'keydown'] as const) host.addEventListener(type, (event) => this.#press(event));
  }

  /** Of the join that was committed last; null before any. */
  get timeline(): readonly TimelineEntry[] | null {
    return this.#timeline?.entries ?? null;
  }

  /** What a microphone is opened with, as of now. */
  get capture(): PressSettings {
    const { echoCancellation, autoGainControl, noiseSuppression } = this.#host;
    return {
      echoCancellation: echoCancellation === 'on',
      autoGainControl: autoGainControl === 'on',
      noiseSuppression,
      inputDevice: preferences().inputDevice ?? null,
    };
  }

  /** Joining from now on, with what the press began, or from the beginning. Call it within the gesture. */
  commit(): Promise<void> {
    const { session } = this.#lender;
    // What a press began may have failed, of which nobody hears: now it is tried for good.
    const { gesture, timeline } = this.#current();
    this.#timeline = timeline;
    timeline.mark('press');
    gesture.open(this.#wantsMicrophone);
    return session.commit();
  }

  /** Nobody is about to join any more. */
  readonly letGo = (): void => this.#begun?.letGo();

  /** A call has ended. */
  rest(): void {
    this.#idleSince = performance.now();
  }

  async prefetch(most: Readiness = 'all'): Promise<void> {
    const { session, load } = this.#lender;
    if (!session.isFree) return;
    const readiness = isMetered() ? 'grant' : most;
    try {
      await (await (readiness === 'grant' ? loadParts() : load())).prefetch(this.#host, settingsOf(this.#host), readiness);
    } catch {
      // The join will say it.
    }
  }

  async prefetchMicrophone(): Promise<void> {
    if (this.#host.listenOnly || isMicrophoneGranted()) return;
    const microphone = askForMicrophone(this.capture);
    await microphone.value.catch(() => undefined);
    microphone.release();
  }

  /** Takes being in view, once the page is idle, for intent. */
  intendOnSight(): void {
    const observer = new IntersectionObserver((seen) => {
      if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      const whenIdle = (globalThis.requestIdleCallback as typeof requestIdleCallback | undefined) ?? setTimeout;
      whenIdle(() => this.#intend());
    });
    observer.observe(this.#host);
  }

  get #wantsMicrophone(): boolean {
    const { listenOnly, tokenEndpoint, tokenSource, token } = this.#host;
    // Nobody is asked for a microphone by a page that is not set up.
    return !listenOnly && !this.#lender.session.snapshot.micMuted && Boolean(tokenEndpoint || tokenSource || token);
  }

  get #opensMicrophoneEarly(): boolean {
    const { micPrefetch } = this.#host;
    return this.#wantsMicrophone && (micPrefetch === 'ask' || (micPrefetch === 'granted' && isMicrophoneGranted()));
  }

  /** Somebody may be about to join; told by a gesture, they may also come to the door. */
  #intend(by?: Event): void {
    const { preload, standby } = this.#host;
    // Who has just left has the focus on the button again.
    if (preload === 'none' || (by && performance.now() < this.#idleSince + afterthought)) return;
    // A touch may be the begin of scrolling.
    const isMeant = by && !this.#touched && (by as PointerEvent).pointerType !== 'touch';
    if (standby && isMeant && this.#lender.session.isFree && !isMetered()) setTimeout(this.#begin().letGo, standbyLimit);
    else void this.prefetch(by && !isMeant ? 'silent' : 'all');
  }

  /** Uses the time until a press becomes a click. */
  #press(event: PointerEvent | KeyboardEvent): void {
    const { session, load } = this.#lender;
    if (session.opened) return;
    const button = pressedButton(event);
    if (event.type !== 'keydown' && this.#host.micPrefetch === 'ask' && this.#wantsMicrophone) void this.prefetchMicrophone();
    if (!button) return;
    if ((event as PointerEvent).pointerType === 'touch') {
      // It may be the begin of scrolling, and gives no leave for sound before it ends.
      const timeline = (this.#touched = new Timeline());
      timeline.mark('press');
      afterPress(button, () => {
        if (this.#touched === timeline) this.#touched = null;
      });
      load().catch(() => undefined);
      void this.prefetch('silent');
      return;
    }
    const { gesture, timeline, letGo } = this.#current();
    timeline.mark('press');
    if (this.#opensMicrophoneEarly) {
      gesture.openMicrophone();
      session.openMicrophoneAhead();
    }
    afterPress(button, letGo);
  }

  #current(): Begun {
    return this.#lender.session.isFree || !this.#begun ? this.#begin() : this.#begun;
  }

  #begin(): Begun {
    const { session, load } = this.#lender;
    const settings = settingsOf(this.#host);
    const timeline = this.#touched ?? new Timeline();
    this.#touched = null;
    // Making an audio context takes as long as the way to the server: the click does it, or whoever needs it first.
    const gesture = press(this.capture);
    const letGo = session.prepare({
      ...settings,
      press: gesture,
      mark: (step) => timeline.mark(step),
      calm: () => void load().catch(() => undefined),
      load: async () => {
        const { compose, rememberedListening } = await loadParts();
        session.recall(rememberedListening());
        return compose(this.#host, settings, gesture);
      },
    });
    return (this.#begun = { gesture, timeline, letGo });
  }
}
