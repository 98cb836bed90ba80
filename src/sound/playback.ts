import type { Gains } from '../room/suppliers.js';
import { Boost } from './boost.js';
import { idleElements, idleElementsKept, unlockIdleElements } from './press.js';

interface Voice {
  readonly element: HTMLAudioElement;
  track: MediaStreamTrack;
  boost: Boost | null;
  /** Back to the element's own volume, once the person has let go of the slider. */
  settling: ReturnType<typeof setTimeout> | undefined;
}

/** Every change between direct and boosted is a gap of some ms; in ms. */
const settleAfter = 2000;

/** What others say, one `<audio>` a person: echo cancellation and output devices know only those. Who has no gain yet is not heard. */
export class Playback {
  readonly #voices = new Map<string, Voice>();
  readonly #refused = new Set<HTMLAudioElement>();
  readonly #report: (blocked: boolean) => void;
  readonly #context: AudioContext | null;
  #gains: Gains = new Map();
  #blocked = false;
  #sink = '';

  /** `report` is told when the browser begins or ceases to refuse playing; `context` makes louder what no element can. */
  constructor(report: (blocked: boolean) => void, context: AudioContext | null = null) {
    this.#report = report;
    this.#context = context;
    context?.addEventListener('statechange', this.#applyAll);
  }

  play(identity: string, track: MediaStreamTrack | null): void {
    const voice = this.#voices.get(identity);
    if (!track) return this.#stop(identity);
    if (voice?.track === track) return;
    if (voice) {
      endBoost(voice);
      voice.track = track;
      voice.element.srcObject = new MediaStream([track]);
      this.#apply(identity, voice);
      void this.#start(voice.element);
      return;
    }
    const element = idleElements.pop() ?? new Audio();
    const fresh: Voice = { element, track, boost: null, settling: undefined };
    this.#voices.set(identity, fresh);
    element.srcObject = new MediaStream([track]);
    this.#route(element);
    this.#apply(identity, fresh);
    void this.#start(element);
  }

  setGains(gains: Gains): void {
    this.#gains = gains;
    this.#applyAll();
  }

  /** Id of the device that plays from now; empty for the system's default. */
  setSink(id: string): void {
    this.#sink = id;
    for (const { element } of this.#voices.values()) this.#route(element);
  }

  /** Plays everybody; within a gesture that lifts the refusal. Resolves when all of them play or are refused again. */
  async resume(): Promise<void> {
    unlockIdleElements();
    await Promise.all([...this.#voices.values()].map(({ element }) => this.#start(element)));
  }

  close(): void {
    this.#context?.removeEventListener('statechange', this.#applyAll);
    for (const identity of [...this.#voices.keys()]) this.#stop(identity);
  }

  #stop(identity: string): void {
    const voice = this.#voices.get(identity);
    if (!voice) return;
    const { element } = voice;
    endBoost(voice);
    this.#voices.delete(identity);
    this.#refused.delete(element);
    element.pause();
    element.srcObject = null;
    if (idleElements.length < idleElementsKept) idleElements.push(element);
    this.#tell();
  }

  readonly #applyAll = (): void => {
    for (const [identity, voice] of this.#voices) {
      const { muted } = voice.element;
      const { boost } = voice;
      this.#apply(identity, voice);
      // What began muted began without leave: the browser may refuse only now. And what is boosted from now plays another stream.
      if ((muted && !voice.element.muted) || boost !== voice.boost) void this.#start(voice.element);
    }
  };

  /** The element's own volume ends at 1, and on iOS it cannot be set: there, and only there, a gain stands in. */
  #apply(identity: string, voice: Voice): void {
    const { element } = voice;
    const gain = this.#gains.get(identity) ?? 0;
    element.volume = Math.min(1, gain);
    element.muted = gain === 0;
    const exceeds = gain > 1 || (gain > 0 && Math.abs(element.volume - gain) > 0.01);
    const context = this.#context?.state === 'running' ? this.#context : null;
    if (voice.boost && !context) {
      // A graph that stands still is silent.
      endBoost(voice);
      element.srcObject = new MediaStream([voice.track]);
    }
    if (context && (exceeds || (voice.boost && gain > 0))) {
      element.volume = 1;
      if (voice.boost) voice.boost.setGain(gain);
      else {
        voice.boost = new Boost(context, voice.track, gain);
        element.srcObject = voice.boost.stream;
      }
    }
    clearTimeout(voice.settling);
    if (voice.boost && !exceeds) voice.settling = setTimeout(() => this.#settle(identity, voice), settleAfter);
  }

  #settle(identity: string, voice: Voice): void {
    endBoost(voice);
    voice.element.srcObject = new MediaStream([voice.track]);
    this.#apply(identity, voice);
    void this.#start(voice.element);
  }

  #route(element: HTMLAudioElement): void {
    if ('sinkId' in element && element.sinkId !== this.#sink) element.setSinkId(this.#sink).catch(() => undefined);
  }

  async #start(element: HTMLAudioElement): Promise<void> {
    try {
      await element.play();
      this.#refused.delete(element);
    } catch (thrown) {
      // AbortError: another track came in between, and brought its own start.
      if (thrown instanceof DOMException && thrown.name === 'NotAllowedError' && this.#isPlaying(element)) this.#refused.add(element);
    }
    this.#tell();
  }

  #isPlaying(element: HTMLAudioElement): boolean {
    return [...this.#voices.values()].some((voice) => voice.element === element);
  }

  #tell(): void {
    const blocked = this.#refused.size > 0;
    if (blocked === this.#blocked) return;
    this.#blocked = blocked;
    this.#report(blocked);
  }
}

function endBoost(voice: Voice): void {
  clearTimeout(voice.settling);
  voice.boost?.close();
  voice.boost = null;
}
