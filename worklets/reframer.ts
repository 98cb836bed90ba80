/** Samples of one RNNoise frame: 10 ms at 48 kHz. */
export const frameSize = 480;

/**
 * Fewest samples of silence ahead of the sound with which blocks of `quantum` samples never run dry behind frames of 480:
 * what waits for its frame is at most 480 minus the greatest common divisor. 0 at multiples of 480, 448 at 128.
 */
export function prefillOf(quantum: number): number {
  let [divisor, rest] = [frameSize, quantum];
  while (rest > 0) [divisor, rest] = [rest, divisor % rest];
  return frameSize - divisor;
}

/** Works on one frame. Both arrays are 480 long and are reused from call to call. */
export type FrameHandler = (input: Float32Array, output: Float32Array) => void;

/** Loudest sample that is let in, 12 dB above full scale. What is larger, or no number at all, would stay in a recurrent network for good. */
const ceiling = 4;

/** Blocks of any length in, frames of 480 across, blocks of the same length out, later by `prefillOf(block length)`. Allocates in its constructor only. */
export class Reframer {
  readonly #handle: FrameHandler;
  readonly #input = new Float32Array(frameSize);
  readonly #output = new Float32Array(frameSize);
  /** Ring of what is ready to go out. */
  readonly #ready: Float32Array;
  #filled = 0;
  #head = 0;
  #waiting = 0;
  #quantum = 0;
  #delay = 0;

  /** `quantum` is the length of blocks to be expected, `longest` the longest that will be asked for, in samples. */
  constructor(handle: FrameHandler, quantum = 0, longest = 16384) {
    this.#handle = handle;
    this.#ready = new Float32Array(longest + 2 * frameSize);
    if (quantum) this.#adapt(quantum);
  }

  /** Length of the blocks, in samples; 0 before the first. */
  get quantum(): number {
    return this.#quantum;
  }

  /** Samples from in to out. */
  get delay(): number {
    return this.#delay;
  }

  /** One block: as many samples in as out. Without channels it is silence, so that what is around it stays in phase; several channels are averaged. */
  run(channels: readonly Float32Array[] | undefined, output: Float32Array): void {
    const length = output.length;
    if (length !== this.#quantum) this.#adapt(length);
    for (let from = 0; from < length;) {
      const count = Math.min(length - from, frameSize - this.#filled);
      this.#take(channels, from, count);
      from += count;
      this.#filled += count;
      if (this.#filled < frameSize) break;
      this.#filled = 0;
      this.#handle(this.#input, this.#output);
      this.#put(this.#output);
    }
    const ready = this.#ready;
    let head = this.#head;
    for (let index = 0; index < length; index++) {
      output[index] = ready[head] ?? 0;
      if (++head === ready.length) head = 0;
    }
    this.#head = head;
    this.#waiting -= length;
  }

  #take(channels: readonly Float32Array[] | undefined, from: number, count: number): void {
    const frame = this.#input;
    const filled = this.#filled;
    const first = channels?.[0];
    const several = channels && channels.length > 1 ? channels : null;
    for (let index = 0; index < count; index++) {
      let sample = first?.[from + index] ?? 0;
      if (several) {
        for (let channel = 1; channel < several.length; channel++) sample += several[channel]?.[from + index] ?? 0;
        sample /= several.length;
      }
      frame[filled + index] = Math.max(-ceiling, Math.min(ceiling, sample || 0));
    }
  }

  /** The delay only ever grows: a block length that needs more puts silence in between, one that needs less leaves it as it is. */
  #adapt(quantum: number): void {
    if (quantum > this.#ready.length - 2 * frameSize) throw new RangeError(`a render quantum of ${quantum} samples`);
    this.#quantum = quantum;
    // A block length that comes in the middle of a frame meets any remainder, not only multiples of the divisor.
    const needed = this.#delay === 0 && this.#filled === 0 && this.#waiting === 0 ? prefillOf(quantum) : frameSize - 1;
    if (this.#delay >= needed) return;
    this.#put(new Float32Array(needed - this.#delay));
    this.#delay = needed;
  }

  #put(samples: Float32Array): void {
    const ready = this.#ready;
    let at = (this.#head + this.#waiting) % ready.length;
    for (let index = 0; index < samples.length; index++) {
      ready[at] = samples[index] ?? 0;
      if (++at === ready.length) at = 0;
    }
    this.#waiting += samples.length;
  }
}
