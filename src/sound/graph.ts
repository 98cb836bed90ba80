import { Meter } from './meter.js';
import { Monitor } from './monitor.js';

/** Time constant of the gate, in seconds, twice in a row: 99.8 % open or shut after 10 ms. */
const smoothing = 0.0012;

/** Length of a cross-fade, and how far ahead it is scheduled so that the audio thread hears of it in time and a new source flows by then; in seconds. */
const fade = 0.02;
const ahead = 0.08;

/** How long what was faded out has to stay, in ms. */
export const fadedOut = 1000 * (ahead + fade) + 100;

interface Source {
  readonly node: MediaStreamAudioSourceNode;
  readonly gain: GainNode;
}

/** The page's way from the microphone to those who send it: source, a slot for the denoiser, a bus, and from there one outlet a room. */
export class Graph {
  readonly #context: AudioContext;
  readonly #input: GainNode;
  readonly #dry: GainNode;
  readonly #wet: GainNode;
  readonly #bus: GainNode;
  readonly #meter: Meter;
  readonly #silence: ConstantSourceNode;
  readonly #renewed: () => void;
  #stream: MediaStream | null = null;
  #source: Source | null = null;
  #denoiser: AudioNode | null = null;
  #pluggedAt = 0;
  #isClosed = false;
  #wasRunning: boolean;

  /** `renewed` is told when the context runs again after an interruption. */
  constructor(context: AudioContext, renewed: () => void = () => undefined) {
    this.#context = context;
    this.#renewed = renewed;
    const mono = { channelCount: 1, channelCountMode: 'explicit' } as const;
    this.#input = new GainNode(context, mono);
    this.#dry = new GainNode(context, mono);
    this.#wet = new GainNode(context, { ...mono, gain: 0 });
    this.#bus = new GainNode(context, mono);
    this.#meter = new Meter(context);
    this.#input.connect(this.#dry).connect(this.#bus).connect(this.#meter.node);
    this.#wet.connect(this.#bus);
    // Chromium sends nothing at all, not even silence, from a graph whose last source was taken away.
    this.#silence = new ConstantSourceNode(context, { offset: 0 });
    this.#silence.connect(this.#input);
    this.#silence.start();
    this.#wasRunning = context.state === 'running';
    context.addEventListener('statechange', this.#follow);
  }

  /**
   * Plugs `stream` in, cross-fading from the one before, which has to live for `fadedOut` ms more; `null` leaves silence at once. Streams stay the caller's.
   * @throws DOMException NotSupportedError: the context cannot resample this microphone (Firefox, bug 1674892)
   */
  setInput(stream: MediaStream | null): void {
    const before = this.#source;
    const next = stream && this.#plug(stream);
    this.#stream = stream;
    this.#source = next;
    if (before && next) {
      this.#fade(before.gain, 0);
      this.#fade(next.gain, 1);
      setTimeout(() => unplug(before), fadedOut);
    } else if (before) unplug(before);
    this.wake();
  }

  /** The same microphone through a new source node, without a fade: for when nobody listens, or after a hole. One younger than so many seconds stays. */
  renewInput(age = 0): void {
    if (!this.#stream || this.#context.currentTime - this.#pluggedAt < age) return;
    if (this.#source) unplug(this.#source);
    this.#source = this.#plug(this.#stream);
  }

  /** Fades the denoiser in; `null` fades back to the unprocessed sound, or cuts to it where the node is dead already. */
  setDenoiser(node: AudioNode | null, dead = false): void {
    const before = this.#denoiser;
    if (before === node) return;
    this.#denoiser = node;
    if (node) {
      this.#input.connect(node).connect(this.#wet);
      this.#fade(this.#dry, 0);
      this.#fade(this.#wet, 1);
    } else if (dead) {
      set(this.#dry, 1);
      set(this.#wet, 0);
    } else {
      this.#fade(this.#dry, 1);
      this.#fade(this.#wet, 0);
    }
    if (!before) return;
    const remove = (): void => {
      if (this.#isClosed) return;
      this.#input.disconnect(before);
      before.disconnect();
    };
    if (dead || node) remove();
    else setTimeout(remove, fadedOut);
  }

  outlet(): Outlet {
    return new Outlet(this.#context, this.#bus);
  }

  monitor(): Monitor {
    return new Monitor(this.#context, this.#input, this.#bus);
  }

  /** Loudness of what would be sent, whether or not it is, 0 to 1. */
  level(): number {
    return this.#source ? this.#meter.level() : 0;
  }

  /** Gets a suspended context to run, now or at the next occasion. One that the system has interrupted (iOS) freezes for good if it is resumed: it comes back by itself. */
  readonly wake = (): void => {
    if (this.#stream && this.#context.state === 'suspended') this.#context.resume().catch(() => undefined);
  };

  close(): void {
    this.#isClosed = true;
    this.#context.removeEventListener('statechange', this.#follow);
    this.#listen(false);
    this.setInput(null);
    this.#silence.stop();
    for (const node of [this.#silence, this.#input, this.#dry, this.#wet, this.#bus, this.#denoiser]) node?.disconnect();
  }

  /** In Chromium a context that was suspended delays the microphone by about 100 ms for good; a new source brings it back. */
  readonly #follow = (): void => {
    const isRunning = this.#context.state === 'running';
    this.#listen(!isRunning && this.#context.state !== 'closed');
    if (isRunning && !this.#wasRunning) {
      this.renewInput();
      this.#renewed();
    }
    this.#wasRunning = isRunning;
  };

  #listen(on: boolean): void {
    const change = on ? 'addEventListener' : 'removeEventListener';
    for (const type of ['pointerup', 'keydown'] as const) window[change](type, this.wake, { capture: true, passive: true });
    document[change]('visibilitychange', this.wake);
  }

  #plug(mediaStream: MediaStream): Source {
    const node = new MediaStreamAudioSourceNode(this.#context, { mediaStream });
    const gain = new GainNode(this.#context, { gain: 1 });
    this.#pluggedAt = this.#context.currentTime;
    node.connect(gain).connect(this.#input);
    return { node, gain };
  }

  #fade({ gain }: GainNode, to: 0 | 1): void {
    const start = this.#context.currentTime + ahead;
    gain.cancelScheduledValues(0);
    gain
      .setValueAtTime(1 - to, 0)
      .setValueAtTime(1 - to, start)
      .linearRampToValueAtTime(to, start + fade);
  }
}

function set({ gain }: GainNode, value: number): void {
  gain.cancelScheduledValues(0);
  gain.setValueAtTime(value, 0);
}

function unplug({ node, gain }: Source): void {
  node.disconnect();
  gain.disconnect();
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
