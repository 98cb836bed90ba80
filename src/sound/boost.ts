/** dB; what is louder is limited. */
const threshold = -2;
const ratio = 20;
/**
 * A DynamicsCompressorNode makes up for what it takes: by its gain at full scale to the power of -0.6 (Web Audio, "makeup gain").
 * Taken back here, so that below the threshold nothing is changed.
 */
const makeup = 10 ** ((-0.6 * (threshold / ratio - threshold)) / 20);
/** Time constant of a change, in seconds. */
const smoothing = 0.02;

/** Louder than an `<audio>` can: a gain up to 2 and a limiter, out of which comes a stream for that same `<audio>`, so that output device and echo cancellation stay. */
export class Boost {
  readonly stream: MediaStream;
  readonly #source: MediaStreamAudioSourceNode;
  readonly #gain: GainNode;
  readonly #limiter: DynamicsCompressorNode;
  readonly #output: GainNode;
  /** Chromium decodes what comes from afar only for elements. */
  readonly #decoder = new Audio();

  constructor(context: AudioContext, track: MediaStreamTrack, gain: number) {
    const mediaStream = new MediaStream([track]);
    this.#decoder.muted = true;
    this.#decoder.srcObject = mediaStream;
    this.#source = new MediaStreamAudioSourceNode(context, { mediaStream });
    this.#gain = new GainNode(context, { gain });
    this.#limiter = new DynamicsCompressorNode(context, { threshold, ratio, knee: 0, attack: 0.001, release: 0.1 });
    this.#output = new GainNode(context, { gain: makeup });
    const destination = new MediaStreamAudioDestinationNode(context);
    this.#source.connect(this.#gain).connect(this.#limiter).connect(this.#output).connect(destination);
    this.stream = destination.stream;
  }

  setGain(gain: number): void {
    this.#gain.gain.setTargetAtTime(gain, 0, smoothing);
  }

  close(): void {
    this.#decoder.srcObject = null;
    for (const node of [this.#source, this.#gain, this.#limiter, this.#output]) node.disconnect();
    for (const track of this.stream.getTracks()) track.stop();
  }
}
