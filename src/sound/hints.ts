import type { MicrophoneHint } from '../room/snapshot.js';

/** One moment of the microphone. */
export interface Heard {
  /** Root mean square, 0 to 1, as captured. */
  readonly input: number;
  /** Probability of speech, 0 to 1; `null` where nobody can tell. */
  readonly speech: number | null;
  /** ms, on any steady clock. */
  readonly at: number;
}

/** Below this a microphone is switched off at its own switch, or broken: -80 dB. */
const silence = 1e-4;
const silentFor = 5000;
/** Somebody who speaks to the page and not across the room: -50 dB where speech is recognised, -34 dB where every sound counts. */
const voice = 0.003;
const loud = 0.02;
const talkedFor = 400;
const rememberedFor = 4000;
/** Timers of hidden pages stand still: a longer step is not talking. */
const longestStep = 150;

/** From moment to moment, at least a few a second: does this person talk into a closed microphone, or send nothing at all? */
export class HintFinder {
  #before: number | null = null;
  #talked = 0;
  #talkedAt = -Infinity;
  #heardAt: number | null = null;

  step({ input, speech, at }: Heard, transmitting: boolean): MicrophoneHint | null {
    const step = Math.min(longestStep, at - (this.#before ?? at));
    this.#before = at;
    if (transmitting) {
      this.#talked = 0;
      this.#talkedAt = -Infinity;
      if (this.#heardAt === null || input > silence) this.#heardAt = at;
      return at - this.#heardAt >= silentFor ? 'silent' : null;
    }
    this.#heardAt = null;
    const isTalking = speech === null ? input > loud : input > voice && speech > 0.85;
    this.#talked = Math.max(0, Math.min(talkedFor, this.#talked + (isTalking ? step : -step / 4)));
    if (isTalking && this.#talked >= talkedFor) this.#talkedAt = at;
    return at - this.#talkedAt < rememberedFor ? 'talking-while-muted' : null;
  }
}
