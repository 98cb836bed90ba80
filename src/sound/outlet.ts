/** Time constant of the gate, in seconds, twice in a row: 99.8 % open or shut after 10 ms. */
const smoothing = 0.0012;

/** One room's way out of the graph: a gate, shut to begin with, and a track that is there from the first moment and never replaced. */
export class Outlet {
  readonly track: MediaStreamTrack;
  readonly #bus: AudioNode;
  readonly #gate: GainNode;
  readonly #position: ConstantSourceNode;

  constructor(context: AudioContext, bus: AudioNode) {
    this.#bus = bus;
    this.#gate = new GainNode(context, { gain: 0 });
    // A scheduled ramp would click: what starts "now" has half passed, or passed altogether, when the audio thread hears of it. A filtered step is never late.
    const rest = Math.exp(-1 / (smoothing * context.sampleRate));
    this.#position = new ConstantSourceNode(context, { offset: 0 });
    this.#position.connect(new IIRFilterNode(context, { feedforward: [(1 - rest) ** 2], feedback: [1, -2 * rest, rest ** 2] })).connect(this.#gate.gain);
    this.#position.start();
    const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    bus.connect(this.#gate).connect(destination);
    const [track] = destination.stream.getAudioTracks();
    if (!track) throw new TypeError('A MediaStreamAudioDestinationNode has one track');
    this.track = track;
  }

  get isOpen(): boolean {
    return this.#position.offset.value > 0;
  }

  /** Opens or shuts the gate within 10 ms, without a click. */
  setOpen(open: boolean): void {
    this.#position.offset.value = open ? 1 : 0;
  }

  close(): void {
    this.track.stop();
    this.#position.stop();
    this.#position.disconnect();
    this.#bus.disconnect(this.#gate);
    this.#gate.disconnect();
  }
}
