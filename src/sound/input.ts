import { fade, fadedOut } from './fade.js';

/** A device may be open and bring nothing yet (Bluetooth changes its profile); one that is switched off never brings anything. In ms. */
const patience = 2000;
const interval = 10;

interface Plug {
  readonly stream: MediaStream;
  readonly node: MediaStreamAudioSourceNode;
  readonly gain: GainNode;
  readonly ear: AnalyserNode;
  readonly since: number;
  isHeard: boolean;
  unplugged: () => void;
}

/** The microphone's end of the graph. Another stream takes over by a cross-fade, and not before it brings sound. */
export class Input {
  /** Where it comes in, mono. */
  readonly node: GainNode;
  readonly #context: AudioContext;
  readonly #silence: ConstantSourceNode;
  readonly #exchanging: (now: boolean) => void;
  readonly #before = new Set<Plug>();
  #plug: Plug | null = null;

  /** `exchanging` is told before another microphone fades in and after the one before is gone. */
  constructor(context: AudioContext, exchanging: (now: boolean) => void) {
    this.#context = context;
    this.#exchanging = exchanging;
    this.node = new GainNode(context, { channelCount: 1, channelCountMode: 'explicit' });
    // Chromium sends nothing at all, not even silence, from a graph whose last source was taken away.
    this.#silence = new ConstantSourceNode(context, { offset: 0 });
    this.#silence.connect(this.node);
    this.#silence.start();
  }

  get isPlugged(): boolean {
    return this.#plug !== null;
  }

  /**
   * `null` leaves silence at once. Streams stay the caller's: the one before has to live until `unplugged` is called.
   * @throws DOMException NotSupportedError: the context cannot resample this microphone (Firefox, bug 1674892)
   */
  set(stream: MediaStream | null, unplugged: () => void = () => undefined): void {
    const next = stream && this.#connect(stream);
    const before = this.#plug;
    this.#plug = next;
    if (before) {
      before.unplugged = unplugged;
      this.#before.add(before);
    }
    if (!next) for (const plug of this.#before) this.#remove(plug);
    else if (before) this.#await(next, performance.now() + patience);
    else this.#hear(next);
  }

  /** The same microphone through a new source node, which brings back what holes and interruptions have delayed it by. One younger than so many seconds stays. Whether it was renewed. */
  renew(age = 0): boolean {
    if (!this.#plug || this.#context.currentTime - this.#plug.since < age) return false;
    this.set(this.#plug.stream);
    return true;
  }

  close(): void {
    this.set(null);
    this.#silence.stop();
    this.#silence.disconnect();
    this.node.disconnect();
  }

  #connect(stream: MediaStream): Plug {
    const node = new MediaStreamAudioSourceNode(this.#context, { mediaStream: stream });
    const gain = new GainNode(this.#context, { gain: 0 });
    const ear = new AnalyserNode(this.#context, { fftSize: 256 });
    node.connect(gain).connect(this.node);
    node.connect(ear);
    return { stream, node, gain, ear, since: this.#context.currentTime, isHeard: false, unplugged: () => undefined };
  }

  #await(plug: Plug, deadline: number): void {
    const samples = new Float32Array(plug.ear.fftSize);
    const look = (): void => {
      if (this.#plug !== plug) return;
      plug.ear.getFloatTimeDomainData(samples);
      if (performance.now() > deadline || samples.some((sample) => sample !== 0)) this.#hear(plug);
      else setTimeout(look, interval);
    };
    look();
  }

  #hear(plug: Plug): void {
    plug.isHeard = true;
    plug.ear.disconnect();
    if (this.#before.size === 0) plug.gain.gain.value = 1;
    else fade(plug.gain, 1);
    const isAnother = [...this.#before].some(({ stream }) => stream !== plug.stream);
    if (isAnother) this.#exchanging(true);
    for (const before of this.#before) {
      if (before.isHeard) fade(before.gain, 0);
      setTimeout(() => this.#remove(before), fadedOut);
    }
    if (isAnother) setTimeout(() => this.#exchanging(false), fadedOut);
  }

  #remove(plug: Plug): void {
    if (!this.#before.delete(plug)) return;
    plug.node.disconnect();
    plug.gain.disconnect();
    plug.unplugged();
  }
}
