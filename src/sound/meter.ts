/** How loud it is at one place of a graph. */
export class Meter {
  readonly node: AnalyserNode;
  readonly #samples: Float32Array<ArrayBuffer>;

  constructor(context: BaseAudioContext) {
    this.node = new AnalyserNode(context, { fftSize: 2048 });
    this.#samples = new Float32Array(this.node.fftSize);
  }

  /** Root mean square over the last 43 ms at 48 kHz, 0 to 1, full scale a square wave. */
  level(): number {
    this.node.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples) sum += sample * sample;
    return Math.min(1, Math.sqrt(sum / this.#samples.length));
  }
}
