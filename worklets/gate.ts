import type { DenoiserModel } from './protocol.js';

const decibels = (value: number): number => 10 ** (value / 20);

/**
 * A timid gate: opening at 0.85 and shutting to -24 dB makes pauses up to 5 dB quieter than this, but costs 0.004 to 0.03 of intelligibility (STOI), because the
 * probability is low for many quiet consonants; this costs at most 0.006.
 */
const opensAt = 0.3;
const staysOpenAt = 0.15;
const holdFrames = 35;
const shut = decibels(-12);
const releasePerFrame = decibels(-5);

/**
 * Gain behind RNNoise 0.1, from its own speech probability. The probability is that of the newest frame and the sound comes a frame later,
 * so a gate that moves at once has opened 10 ms ahead of the voice.
 */
export class VoiceGate {
  #gain = 1;
  #held = holdFrames;

  /** Gain at the end of the frame that comes out now; from the last one, it is to move linearly. */
  step(speech: number): number {
    this.#held = speech >= (this.#held > 0 ? staysOpenAt : opensAt) ? holdFrames : Math.max(0, this.#held - 1);
    this.#gain = this.#held > 0 ? 1 : Math.max(shut, this.#gain * releasePerFrame);
    return this.#gain;
  }
}

/** Frames over which is averaged. */
const remembered = 300;
const quiet = 0.1;
/** Power, full scale 1, below which nothing was taken away. */
const nothing = 1e-9;

/**
 * Share of unprocessed sound in the mix, the rest being the model's. At rest none for 0.1, which leaves enough by itself, and -26 dB for 0.2, whose digital silence
 * between words sounds like a line that dropped.
 *
 * Among other voices both models take away from the voice that matters: at 0 dB, intelligibility (STOI) falls by up to 0.07 below that of the raw sound. The sign of such
 * a place is that hardly any frame is free of speech: 0 to 15 % of them with babble, over 16 % with any other noise. There, a third of unprocessed sound keeps STOI
 * above raw (+0.004 to +0.060 for 0.2, +0.005 to +0.020 for 0.1, at 0 to 10 dB and three sets of voices); one pause in talking takes it away again.
 *
 * Clicks, as of keys, are not wanted back at all. What the model takes away tells them: its geometric mean is 0 to 12 % of its mean with them, and 30 to 100 % with noises
 * that last.
 */
export class DryFloor {
  readonly #rest: number;
  readonly #most: number;
  readonly #low: number;
  readonly #high: number;
  #pauses = 0.3;
  #heard = 0;
  #mean = 0;
  #meanLog = 0;

  constructor(model: DenoiserModel) {
    [this.#rest, this.#most, this.#low, this.#high] = model === '0.1' ? [0, 0.35, 0.08, 0.16] : [decibels(-26), 0.3, 0.1, 0.2];
  }

  /** Share at the end of this frame; from the last one, it is to move linearly. `taken` is the mean power of what the model took away, full scale 1. */
  step(speech: number, taken: number): number {
    if (taken > nothing) {
      this.#heard = Math.min(remembered, this.#heard + 1);
      this.#mean += (taken - this.#mean) / this.#heard;
      this.#meanLog += (Math.log(taken) - this.#meanLog) / this.#heard;
    }
    const lasting = Math.min(1, (4 * Math.exp(this.#meanLog)) / this.#mean);
    this.#pauses += ((speech < quiet ? 1 : 0) - this.#pauses) / remembered;
    const crowded = Math.min(1, Math.max(0, (this.#high - this.#pauses) / (this.#high - this.#low)));
    return lasting * (this.#rest + (this.#most - this.#rest) * crowded);
  }
}
