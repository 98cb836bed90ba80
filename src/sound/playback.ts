import type { Gains } from '../room/suppliers.js';
import { idleElements, idleElementsKept, unlockIdleElements } from './press.js';

interface Voice {
  readonly element: HTMLAudioElement;
  track: MediaStreamTrack;
}

/** What others say, one `<audio>` a person: echo cancellation and output devices know only those. Who has no gain yet is not heard. */
export class Playback {
  readonly #voices = new Map<string, Voice>();
  readonly #refused = new Set<HTMLAudioElement>();
  readonly #report: (blocked: boolean) => void;
  #gains: Gains = new Map();
  #blocked = false;

  /** `report` is told when the browser begins or ceases to refuse playing. */
  constructor(report: (blocked: boolean) => void) {
    this.#report = report;
  }

  play(identity: string, track: MediaStreamTrack | null): void {
    const voice = this.#voices.get(identity);
    if (!track) return this.#stop(identity);
    if (voice?.track === track) return;
    const element = voice?.element ?? idleElements.pop() ?? new Audio();
    this.#voices.set(identity, { element, track });
    element.srcObject = new MediaStream([track]);
    this.#apply(identity, element);
    void this.#start(element);
  }

  setGains(gains: Gains): void {
    this.#gains = gains;
    for (const [identity, { element }] of this.#voices) {
      const wasMuted = element.muted;
      this.#apply(identity, element);
      // What began muted began without leave: the browser may refuse only now.
      if (wasMuted && !element.muted) void this.#start(element);
    }
  }

  /** Plays everybody; within a gesture that lifts the refusal. Resolves when all of them play or are refused again. */
  async resume(): Promise<void> {
    unlockIdleElements();
    await Promise.all([...this.#voices.values()].map(({ element }) => this.#start(element)));
  }

  close(): void {
    for (const identity of [...this.#voices.keys()]) this.#stop(identity);
  }

  #stop(identity: string): void {
    const element = this.#voices.get(identity)?.element;
    if (!element) return;
    this.#voices.delete(identity);
    this.#refused.delete(element);
    element.pause();
    element.srcObject = null;
    if (idleElements.length < idleElementsKept) idleElements.push(element);
    this.#tell();
  }

  /** The element's own volume ends at 1: what is above needs a gain node in front of it. */
  #apply(identity: string, element: HTMLAudioElement): void {
    const gain = this.#gains.get(identity) ?? 0;
    element.volume = Math.min(1, gain);
    // On iOS the volume cannot be set.
    element.muted = gain === 0;
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
