import type { ModelCode } from './protocol.js';
import { frameSize } from './reframer.js';

/** One frame in, one frame out, with a memory. */
export interface Denoiser {
  /**
   * Works on 480 samples, -1 to 1, and writes what came `latency` samples earlier. Answers the speech probability of the newest frame, 0 to 1.
   * @throws whatever the model throws, and RangeError for samples that are no numbers
   */
  process(input: Float32Array, output: Float32Array): number;
  destroy(): void;
}

/** What both wasm files export once the build has given their parts readable names. */
export interface Instance {
  readonly memory: { readonly buffer: ArrayBuffer };
  construct(): void;
  create(model: number): number;
  destroy(state: number): void;
  process(state: number, output: number, input: number): number;
  malloc(bytes: number): number;
  free(pointer: number): void;
}

/** RNNoise counts in 16-bit steps. */
const scale = 32768;

/** Bytes are compiled here, on the audio thread: 1 ms. */
export function instantiate(code: ModelCode): Instance {
  const module = code instanceof WebAssembly.Module ? code : new WebAssembly.Module(code);
  const instance = new WebAssembly.Instance(module, {
    env: {
      // The 16 MiB that it starts with are enough; refusing keeps every view of the memory valid.
      resize: () => 0,
      copy: (to: number, from: number, size: number) => {
        new Uint8Array(exports.memory.buffer).copyWithin(to, from, from + size);
      },
    },
  });
  const exports = instance.exports as unknown as Instance;
  exports.construct();
  return exports;
}

export class RNNoise implements Denoiser {
  readonly #instance: Instance;
  readonly #pointer: number;
  readonly #samples: Float32Array;
  #state: number;

  /** @throws RangeError without memory for it */
  constructor(instance: Instance) {
    this.#instance = instance;
    this.#pointer = instance.malloc(4 * frameSize);
    this.#state = this.#create();
    this.#samples = new Float32Array(instance.memory.buffer, this.#pointer, frameSize);
  }

  /**
   * Runs the code once, so that the first real frame does not meet it uncompiled: 1 to 10 ms, for constructors only.
   * On a state that is thrown away: frames that are not the real voice spoil it for longer than a cold start does.
   */
  warmUp(frames = 3): void {
    for (let frame = 0; frame < frames; frame++) {
      for (let index = 0; index < frameSize; index++) this.#samples[index] = ((index * 7919 + frame * 104729) % 2003) - 1001;
      this.#instance.process(this.#state, this.#pointer, this.#pointer);
    }
    this.#instance.destroy(this.#state);
    this.#state = this.#create();
  }

  process(input: Float32Array, output: Float32Array): number {
    const samples = this.#samples;
    for (let index = 0; index < frameSize; index++) samples[index] = (input[index] ?? 0) * scale;
    const speech = this.#instance.process(this.#state, this.#pointer, this.#pointer);
    let sum = speech;
    for (let index = 0; index < frameSize; index++) {
      const sample = (samples[index] ?? 0) / scale;
      sum += sample;
      output[index] = sample;
    }
    if (!Number.isFinite(sum)) throw new RangeError('samples that are no numbers');
    return speech;
  }

  #create(): number {
    const state = this.#instance.create(0);
    if (!this.#pointer || !state) throw new RangeError('no memory for RNNoise');
    return state;
  }

  destroy(): void {
    this.#instance.destroy(this.#state);
    this.#instance.free(this.#pointer);
  }
}
