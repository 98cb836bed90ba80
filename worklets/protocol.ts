/**
 * What the page and the denoiser worklet say to each other. The only file that both worlds import: types and names, no behaviour.
 */

/** RNNoise 0.1 (97 kB, looks 10 ms ahead) and 0.2 (1.17 MB, looks 20 ms ahead; better in pauses and against clicks). */
export type DenoiserModel = '0.1' | '0.2';

/** Names given to registerProcessor: by `files.processor`, and by `files.scripted` for pages whose policy forbids WebAssembly. */
export const processorName = 'vc-room-denoiser';
export const scriptedProcessorName = 'vc-room-denoiser-scripted';

/**
 * What the build lays beside the script, relative to `assets`; the build puts content-hashed names in place of these.
 * `scripted` carries its own RNNoise 0.1 as plain JavaScript (3 to 4 times the work of WebAssembly, the same samples) and needs no `load`.
 */
export const files = {
  processor: 'worklets/denoiser.js',
  scripted: 'worklets/denoiser-scripted.js',
  '0.1': 'worklets/rnnoise-0.1.wasm',
  '0.2': 'worklets/rnnoise-0.2.wasm',
} as const;

/**
 * Compiled on the main thread where that can be cloned (some Safari cannot: the `message` never comes, or its data is null),
 * else the file's bytes, compiled in the worklet.
 */
export type ModelCode = WebAssembly.Module | ArrayBuffer;

/** `processorOptions`. The node is to be made with `denoiserNodeOptions`. */
export interface DenoiserOptions {
  /** RNNoise 0.1, so that the first sample is clean. Absent or null: sound passes, delayed as if it ran, until `load` brings it. */
  readonly code?: ModelCode | null;
  /** 0.2 will probably come: sound is delayed as 0.2 needs it from the first sample (480 samples more), so that the swap moves nothing. Else the delay grows by a glide of 1 s. Default false. */
  readonly expectSwap?: boolean;
  /** Whether noise is suppressed to begin with. Default true. */
  readonly suppress?: boolean;
  /** Samples of a render quantum, so that the first `state` knows the delay; without it, or where it is another, a second `state` says so. */
  readonly quantum?: number;
  /** Largest mean share of real time that one model may cost before it is given up, 0 to 1. Default 0.2; while both run, twice that. */
  readonly budget?: number;
}

/** Everything else an AudioWorkletNode needs for one explicit mono channel (a stereo source would else come out on the left only: jitsi-meet 17726). */
export const denoiserNodeOptions = {
  numberOfInputs: 1,
  numberOfOutputs: 1,
  outputChannelCount: [1],
  channelCount: 1,
  channelCountMode: 'explicit',
  channelInterpretation: 'speakers',
} as const;

/** Page to worklet. */
export type DenoiserCommand =
  /** Brings a model. 0.1 fades in as soon as its state has heard the voice; 0.2 runs beside it for 1.5 s of sound and then takes over. Once for each model. */
  | { readonly type: 'load'; readonly model: DenoiserModel; readonly code: ModelCode }
  /** Off lets the delayed sound through and keeps the model warm. Fades over 20 ms, no change of delay. */
  | { readonly type: 'suppress'; readonly on: boolean }
  /** The node is done: `process()` returns false from the next call and says nothing more. */
  | { readonly type: 'close' };

/** Why the model that runs is not the one that was brought last. */
export type DenoiserFault =
  /** It could not be compiled or made: policy, memory, a damaged file, a Module that did not survive the message. */
  | 'load'
  /** It threw, or its samples were no numbers. The same samples went out unprocessed in the same quantum. */
  | 'exception'
  /** It cost more than the budget. */
  | 'too-slow';

/** Worklet to page. */
export type DenoiserReport =
  /** Sent once the constructor is done, and after every change. */
  | DenoiserState
  /** At most 20 a second, only while sound is being processed. */
  | DenoiserMeter
  /** Something was given up; a `state` that says what runs now follows at once. */
  | { readonly type: 'failed'; readonly model: DenoiserModel; readonly fault: DenoiserFault; readonly message: string };

export interface DenoiserState {
  readonly type: 'state';
  /** What is heard: null is the unprocessed sound, delayed. */
  readonly model: DenoiserModel | null;
  /** What runs beside it and will take over. */
  readonly next: DenoiserModel | null;
  /** Whether suppression is wanted; with `model` null although true, nothing is loaded, or it failed. */
  readonly suppress: boolean;
  /** Samples from input to output, all in all. */
  readonly delay: number;
  /** Samples of a render quantum. */
  readonly quantum: number;
}

export interface DenoiserMeter {
  readonly type: 'meter';
  /** Root mean square of the microphone since the last report, 0 to 1. */
  readonly input: number;
  /** The same of what goes out. */
  readonly output: number;
  /** Largest speech probability since the last report, 0 to 1; 0 without a model. */
  readonly speech: number;
  /** Mean share of real time that the models cost, 0 to 1, over some seconds; 0 until measured. */
  readonly load: number;
  /** Holes of 8 to 100 ms in what came in since the node was made: the system was too slow to bring sound, and Chromium brings it later by as much from then on. */
  readonly holes: number;
}
