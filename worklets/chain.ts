import { DryFloor, VoiceGate } from './gate.js';
import type { DenoiserFault, DenoiserMeter, DenoiserModel } from './protocol.js';
import { frameSize } from './reframer.js';
import type { Denoiser } from './rnnoise.js';

/** How far RNNoise 0.1 looks ahead, and how far 0.2 does: everything that is heard is delayed by the one or by the other. */
export const shortDelay = frameSize;
export const longDelay = 2 * frameSize;

/** Linear, on aligned signals: -0.1 dB in the middle; equal power would bulge by 3 dB. */
const fadeSamples = 2 * frameSize;
/** 1 % of pitch for a second. */
const glidePerSample = (longDelay - shortDelay) / 48000;
/**
 * Real sound that a model must have heard before it is heard: cold, 0.2 begins with a hole of 30 dB, 0.1 is right within 1 dB after 100 ms.
 * Silence or noise in its place teaches it nothing.
 */
const framesToHear = { '0.1': 20, '0.2': 150 } as const;
const meterFrames = 5;
/** One frame of these is timed while one model runs, so that the clock's answers leave next to nothing to collect; every one while two run. */
const timedStride = 4;
/** Timed frames to an average: the clock ticks in whole milliseconds. */
const timedFrames = 75;
/** Averages over the budget before a model is given up: one may be the machine's moment, not the model's cost. */
const breachesAllowed = 1;

/** Samples of exact silence, which no microphone hears: a quantum of 128 that has slid over two blocks of the device still shows 8 ms of a hole of 10. */
const shortestHole = 384;
const longestHole = 4800;

const historySize = 2048;
const mask = historySize - 1;

export interface ChainListener {
  /** What is heard, what comes next or the delay is not what it was. */
  changed(): void;
  failed(model: DenoiserModel, fault: DenoiserFault, message: string): void;
  /** Every 50 ms of sound; the same object each time. */
  metered(meter: DenoiserMeter): void;
}

export interface ChainOptions {
  readonly suppress: boolean;
  readonly expectSwap: boolean;
  /** Share of real time, 0 to 1. */
  readonly budget: number;
  /** Milliseconds; coarse is enough. */
  readonly clock: () => number;
}

interface Runner {
  readonly denoiser: Denoiser;
  /** Samples by which its sound is later. */
  readonly latency: number;
  /** What is heard of it, by the time at which a sample came in. */
  readonly history: Float32Array;
  readonly floor: DryFloor;
  readonly gate: VoiceGate | null;
  /** Frames still to be heard before it is ready. */
  missing: number;
  share: number;
  gain: number;
}

const dry = 0;
const small = 1;
const large = 2;

/**
 * What happens to a frame: the models, the unprocessed sound beside them, and every way from one to the other without a step.
 * Three sources, aligned to the sample (unprocessed, 0.1, 0.2), whose weights add up to 1 and move linearly. Nothing is allocated per frame.
 */
export class Chain {
  readonly #listener: ChainListener;
  readonly #options: ChainOptions;
  readonly #meter: { -readonly [Key in keyof DenoiserMeter]: DenoiserMeter[Key] } = {
    type: 'meter',
    input: 0,
    output: 0,
    speech: 0,
    load: 0,
    holes: 0,
  };
  /** One ring a source, by the time at which a sample came in. */
  readonly #histories = [new Float32Array(historySize), new Float32Array(historySize), new Float32Array(historySize)] as const;
  readonly #dryHistory = this.#histories[dry];
  readonly #output = new Float32Array(frameSize);
  readonly #weights = new Float64Array([1, 0, 0]);
  readonly #steps = new Float64Array(3);
  #small: Runner | null = null;
  #large: Runner | null = null;
  #suppress: boolean;
  #goal = dry;
  #fading = 0;
  #delay: number;
  #delayGoal: number;
  #time = 0;
  /** What separates a source that broke off from the one that took its place; dies away within 10 ms. */
  #offset = 0;
  #last = 0;
  #frames = 0;
  /** Samples in a row that were exactly 0, beginning with the silence before the first sound, which is no hole. */
  #zeros = Infinity;
  #inputSum = 0;
  #outputSum = 0;
  #spent = 0;
  #timed = 0;
  #breaches = 0;

  constructor(listener: ChainListener, options: ChainOptions) {
    this.#listener = listener;
    this.#options = options;
    this.#suppress = options.suppress;
    this.#delay = this.#delayGoal = options.expectSwap ? longDelay : shortDelay;
  }

  /** What is heard, or is being faded to; null is unprocessed. */
  get model(): DenoiserModel | null {
    return this.#goal === large ? '0.2' : this.#goal === small ? '0.1' : null;
  }

  /** What hears along in order to take over. */
  get next(): DenoiserModel | null {
    return this.#large && this.#large.missing > 0 ? '0.2' : this.#small && this.#small.missing > 0 && this.#goal !== large ? '0.1' : null;
  }

  get suppress(): boolean {
    return this.#suppress;
  }

  /** Samples from in to out, once a glide has ended. */
  get delay(): number {
    return this.#delayGoal;
  }

  /** `atOnce`: there is no sound yet that a cold start could tear. Else it is heard as soon as it has heard enough. */
  load(model: DenoiserModel, denoiser: Denoiser, atOnce = false): void {
    const isSmall = model === '0.1';
    const runner: Runner = {
      denoiser,
      latency: isSmall ? shortDelay : longDelay,
      history: this.#histories[isSmall ? small : large],
      floor: new DryFloor(model),
      gate: isSmall ? new VoiceGate() : null,
      missing: atOnce ? 0 : framesToHear[model],
      share: 0,
      gain: 1,
    };
    if (isSmall) this.#small = runner;
    else {
      this.#large = runner;
      this.#delayGoal = longDelay;
    }
    this.#restartClock();
    this.#choose(atOnce ? 1 : fadeSamples);
    this.#listener.changed();
  }

  setSuppress(on: boolean): void {
    if (on === this.#suppress) return;
    this.#suppress = on;
    this.#choose(fadeSamples);
    this.#listener.changed();
  }

  /** Frees what the models hold. */
  close(): void {
    this.#small?.denoiser.destroy();
    this.#large?.denoiser.destroy();
    this.#small = this.#large = null;
  }

  /** One frame. Both arrays are 480 samples long. Never throws, whatever a model does. */
  step(input: Float32Array, output: Float32Array): void {
    const start = this.#time;
    const history = this.#dryHistory;
    let sum = 0;
    let zeros = this.#zeros;
    for (let index = 0; index < frameSize; index++) {
      const sample = input[index] ?? 0;
      history[(start + index) & mask] = sample;
      sum += sample * sample;
      if (sample === 0) zeros++;
      else if (zeros > 0) {
        if (zeros >= shortestHole && zeros <= longestHole) this.#meter.holes++;
        zeros = 0;
      }
    }
    this.#inputSum += sum;
    this.#zeros = zeros;
    this.#runModels(input);
    if (this.#fading === 0 && this.#delay === this.#delayGoal && this.#offset === 0) this.#copy(output);
    else this.#mix(output);
    this.#time = (start + frameSize) & mask;
    if (++this.#frames % meterFrames === 0) this.#report();
  }

  #runModels(input: Float32Array): void {
    const runner = this.#rests() ? null : this.#small;
    const both = runner !== null && this.#large !== null;
    const timed = both || this.#frames % timedStride === 0;
    const before = timed ? this.#options.clock() : 0;
    if (runner) this.#run('0.1', runner, input);
    if (this.#large) this.#run('0.2', this.#large, input);
    if (timed) this.#account(this.#options.clock() - before, both);
  }

  /** Once 0.2 is ready and 0.1 has faded out, 0.1 stands still until it is needed again. */
  #rests(): boolean {
    return this.#large?.missing === 0 && this.#goal !== small && this.#weights[small] === 0;
  }

  #run(model: DenoiserModel, runner: Runner, input: Float32Array): void {
    const { history, latency } = runner;
    const output = this.#output;
    const before = this.#dryHistory;
    let speech = 0;
    try {
      speech = runner.denoiser.process(input, output);
    } catch (error) {
      this.#giveUp(model, 'exception', error);
      return;
    }
    // The probability is that of the frame that came in, the sound that of one or two before.
    const time = this.#time - latency;
    let taken = 0;
    for (let index = 0; index < frameSize; index++) {
      const difference = (before[(time + index) & mask] ?? 0) - (output[index] ?? 0);
      taken += difference * difference;
    }
    const share = runner.floor.step(speech, taken / frameSize);
    const gain = runner.gate?.step(speech) ?? 1;
    for (let index = 0; index < frameSize; index++) {
      const at = (time + index) & mask;
      const part = (index + 1) / frameSize;
      const clean = output[index] ?? 0;
      const mixed = clean + ((before[at] ?? 0) - clean) * (runner.share + (share - runner.share) * part);
      history[at] = mixed * (runner.gain + (gain - runner.gain) * part);
    }
    runner.share = share;
    runner.gain = gain;
    if (speech > this.#meter.speech) this.#meter.speech = speech;
    if (runner.missing > 0) runner.missing--;
    if (runner.missing > 0) return;
    const goal = this.#goal;
    this.#choose(fadeSamples);
    if (this.#goal !== goal) this.#listener.changed();
  }

  /** The best source that is ready. */
  #choose(samples: number): void {
    const goal = this.#suppress && this.#large?.missing === 0 && this.#delay === longDelay ? large : this.#suppress && this.#small?.missing === 0 ? small : dry;
    if (goal === this.#goal) return;
    this.#goal = goal;
    this.#fading = samples;
    for (let source = 0; source < 3; source++) this.#steps[source] = ((source === goal ? 1 : 0) - (this.#weights[source] ?? 0)) / samples;
  }

  /** A model is out. If it was heard, the unprocessed sound takes over within this very frame, without a step. */
  #giveUp(model: DenoiserModel, fault: DenoiserFault, error: unknown): void {
    const source = model === '0.1' ? small : large;
    const heard = this.#goal === source || (this.#weights[source] ?? 0) > 0;
    if (this.#small && this.#rests()) this.#small.missing = framesToHear['0.1'];
    if (model === '0.1') this.#small = null;
    else this.#large = null;
    if (heard) {
      this.#weights.fill(0);
      this.#weights[dry] = 1;
      this.#goal = dry;
      this.#fading = 0;
      this.#offset = this.#last - (this.#dryHistory[(this.#time - 1 - Math.round(this.#delay)) & mask] ?? 0);
    }
    this.#restartClock();
    this.#listener.failed(model, fault, String(error));
    this.#choose(fadeSamples);
    this.#listener.changed();
  }

  /** What `mix` comes to while one source is heard and nothing moves, which is nearly always. */
  #copy(output: Float32Array): void {
    const history = this.#histories[this.#goal] ?? this.#dryHistory;
    const from = this.#time - this.#delay;
    let sum = 0;
    for (let index = 0; index < frameSize; index++) {
      const sample = history[(from + index) & mask] ?? 0;
      output[index] = sample;
      sum += sample * sample;
    }
    this.#outputSum += sum;
    this.#last = output[frameSize - 1] ?? 0;
  }

  #mix(output: Float32Array): void {
    const weights = this.#weights;
    const steps = this.#steps;
    for (let index = 0; index < frameSize; index++) {
      if (this.#fading > 0) {
        this.#fading--;
        for (let source = 0; source < 3; source++) {
          weights[source] = this.#fading === 0 ? (source === this.#goal ? 1 : 0) : (weights[source] ?? 0) + (steps[source] ?? 0);
        }
      }
      if (this.#delay !== this.#delayGoal) this.#delay = Math.min(this.#delayGoal, this.#delay + glidePerSample);
      const whole = Math.ceil(this.#delay);
      const part = whole - this.#delay;
      const at = (this.#time + index - whole) & mask;
      let sample = 0;
      for (let source = 0; source < 3; source++) {
        const weight = weights[source] ?? 0;
        const history = this.#histories[source];
        if (history && weight > 0) sample += weight * this.#between(history, at, part);
      }
      if (this.#offset !== 0) {
        sample += this.#offset;
        this.#offset = Math.abs(this.#offset) < 1e-6 ? 0 : this.#offset * 0.98;
      }
      output[index] = sample;
      this.#outputSum += sample * sample;
    }
    this.#last = output[frameSize - 1] ?? 0;
  }

  #between(history: Float32Array, at: number, part: number): number {
    const here = history[at] ?? 0;
    return part === 0 ? here : here + ((history[(at + 1) & mask] ?? 0) - here) * part;
  }

  #account(cost: number, both: boolean): void {
    this.#spent += Math.max(0, cost);
    if (++this.#timed < timedFrames) return;
    const load = this.#spent / this.#timed / 10;
    this.#spent = this.#timed = 0;
    this.#meter.load = load;
    this.#breaches = load > this.#options.budget * (both ? 2 : 1) ? this.#breaches + 1 : 0;
    if (this.#breaches > breachesAllowed) this.#giveUp(this.#large ? '0.2' : '0.1', 'too-slow', `${Math.round(load * 100)} % of real time`);
  }

  #restartClock(): void {
    this.#spent = this.#timed = this.#breaches = 0;
  }

  #report(): void {
    const samples = meterFrames * frameSize;
    this.#meter.input = Math.sqrt(this.#inputSum / samples);
    this.#meter.output = Math.sqrt(this.#outputSum / samples);
    this.#listener.metered(this.#meter);
    this.#inputSum = this.#outputSum = this.#meter.speech = 0;
  }
}
