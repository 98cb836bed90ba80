/** Time constant of the gate, in seconds, twice in a row: 99.8 % open or shut after 10 ms. */
const smoothing = 0.0012;

/** The page's way from the microphone to those who send it: source, a slot for the denoiser, a bus, and from there one outlet a room. */
export class Graph {
  readonly #context: AudioContext;
  readonly #bus: GainNode;
  readonly #meter: AnalyserNode;
  readonly #samples: Float32Array<ArrayBuffer>;
  readonly #silence: ConstantSourceNode;
  #stream: MediaStream | null = null;
  #source: MediaStreamAudioSourceNode | null = null;
  #wasRunning: boolean;

  constructor(context: AudioContext) {
    this.#context = context;
    this.#bus = new GainNode(context, { channelCount: 1, channelCountMode: 'explicit' });
    this.#meter = new AnalyserNode(context, { fftSize: 2048 });
    this.#samples = new Float32Array(this.#meter.fftSize);
    this.#bus.connect(this.#meter);
    // Chromium sends nothing at all, not even silence, from a graph whose last source was taken away.
    this.#silence = new ConstantSourceNode(context, { offset: 0 });
    this.#silence.connect(this.#bus);
    this.#silence.start();
    this.#wasRunning = context.state === 'running';
    context.addEventListener('statechange', this.#follow);
  }

  /**
   * Plugs `stream` in, in place of the one before; `null` leaves silence. The stream stays the caller's.
   * @throws DOMException NotSupportedError: the context cannot resample this microphone (Firefox, bug 1674892)
   */
  setInput(stream: MediaStream | null): void {
    this.#stream = stream;
    const before = this.#source;
    this.#source = stream && new MediaStreamAudioSourceNode(this.#context, { mediaStream: stream });
    this.#source?.connect(this.#bus);
    before?.disconnect();
    if (stream && this.#context.state !== 'running') this.#context.resume().catch(() => undefined);
  }

  outlet(): Outlet {
    return new Outlet(this.#context, this.#bus);
  }

  /** Loudness of the microphone whether or not anything is sent: root mean square over the last 43 ms at 48 kHz, 0 to 1, full scale a square wave. */
  level(): number {
    if (!this.#source) return 0;
    this.#meter.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples) sum += sample * sample;
    return Math.min(1, Math.sqrt(sum / this.#samples.length));
  }

  close(): void {
    this.#context.removeEventListener('statechange', this.#follow);
    this.setInput(null);
    this.#silence.stop();
    this.#silence.disconnect();
    this.#bus.disconnect();
  }

  /** In Chromium a context that was suspended delays the microphone by about 100 ms for good; a new source brings it back. */
  readonly #follow = (): void => {
    const isRunning = this.#context.state === 'running';
    if (isRunning && !this.#wasRunning && this.#stream) this.setInput(this.#stream);
    this.#wasRunning = isRunning;
  };
}

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
