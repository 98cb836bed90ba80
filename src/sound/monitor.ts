import { Meter } from './meter.js';

/** Time constant of the change from one to the other, in seconds. */
const smoothing = 0.01;

/** A way back to the person's own ears, as sent or as captured. What is sent does not change by it. */
export class Monitor {
  readonly stream: MediaStream;
  readonly #inputs: readonly (readonly [AudioNode, GainNode])[];
  readonly #meter: Meter;

  constructor(context: AudioContext, raw: AudioNode, clean: AudioNode) {
    const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    this.stream = destination.stream;
    this.#meter = new Meter(context);
    this.#meter.node.connect(destination);
    this.#inputs = [raw, clean].map((from) => {
      const gain = new GainNode(context, { gain: from === clean ? 1 : 0 });
      from.connect(gain).connect(this.#meter.node);
      return [from, gain];
    });
  }

  setClean(clean: boolean): void {
    for (const [index, [, { gain }]] of this.#inputs.entries()) gain.setTargetAtTime(clean === (index === 1) ? 1 : 0, 0, smoothing);
  }

  /** Loudness of what is heard here, 0 to 1. */
  level(): number {
    return this.#meter.level();
  }

  close(): void {
    for (const track of this.stream.getTracks()) track.stop();
    for (const [from, gain] of this.#inputs) {
      from.disconnect(gain);
      gain.disconnect();
    }
    this.#meter.node.disconnect();
  }
}
