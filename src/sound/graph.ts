import { fade, fadedOut, set } from './fade.js';
import { Input } from './input.js';
import { Meter } from './meter.js';
import { Monitor } from './monitor.js';
import { Outlet } from './outlet.js';

/** The page's way from the microphone to those who send it: source, a slot for the denoiser, a bus, and from there one outlet a room. */
export class Graph {
  readonly #context: AudioContext;
  readonly #input: Input;
  readonly #dry: GainNode;
  readonly #wet: GainNode;
  readonly #bus: GainNode;
  readonly #meter: Meter;
  #denoiser: AudioNode | null = null;
  #isClosed = false;
  #before: string;

  /** `exchanging` is told before another microphone fades in and after the one before is gone. */
  constructor(context: AudioContext, exchanging: (now: boolean) => void = () => undefined) {
    this.#context = context;
    const mono = { channelCount: 1, channelCountMode: 'explicit' } as const;
    this.#input = new Input(context, exchanging);
    this.#dry = new GainNode(context, mono);
    this.#wet = new GainNode(context, { ...mono, gain: 0 });
    this.#bus = new GainNode(context, mono);
    this.#meter = new Meter(context);
    this.#input.node.connect(this.#dry).connect(this.#bus).connect(this.#meter.node);
    this.#wet.connect(this.#bus);
    this.#before = context.state;
    context.addEventListener('statechange', this.#follow);
  }

  /** As `Input.set` */
  setInput(stream: MediaStream | null, unplugged?: () => void): void {
    this.#input.set(stream, unplugged);
    this.wake();
  }

  /** As `Input.renew` */
  renewInput(age?: number): boolean {
    return this.#input.renew(age);
  }

  /** Fades the denoiser in; `null` fades back to the unprocessed sound, or cuts to it where the node is dead already. */
  setDenoiser(node: AudioNode | null, dead = false): void {
    const before = this.#denoiser;
    if (before === node) return;
    this.#denoiser = node;
    if (node) {
      this.#input.node.connect(node).connect(this.#wet);
      fade(this.#dry, 0);
      fade(this.#wet, 1);
    } else if (dead) {
      set(this.#dry, 1);
      set(this.#wet, 0);
    } else {
      fade(this.#dry, 1);
      fade(this.#wet, 0);
    }
    if (!before) return;
    const remove = (): void => {
      if (this.#isClosed) return;
      this.#input.node.disconnect(before);
      before.disconnect();
    };
    if (dead || node) remove();
    else setTimeout(remove, fadedOut);
  }

  outlet(): Outlet {
    return new Outlet(this.#context, this.#bus);
  }

  monitor(): Monitor {
    return new Monitor(this.#context, this.#input.node, this.#bus);
  }

  /** Loudness of what would be sent, whether or not it is, 0 to 1. */
  level(): number {
    return this.#input.isPlugged ? this.#meter.level() : 0;
  }

  /** Gets a suspended context to run, now or at the next occasion. One that the system has interrupted (iOS) freezes for good if it is resumed: it comes back by itself. */
  readonly wake = (): void => {
    if (this.#input.isPlugged && this.#context.state === 'suspended') this.#context.resume().catch(() => undefined);
  };

  close(): void {
    this.#isClosed = true;
    this.#context.removeEventListener('statechange', this.#follow);
    this.#listen(false);
    this.#input.close();
    for (const node of [this.#dry, this.#wet, this.#bus, this.#denoiser]) node?.disconnect();
  }

  /** In Chromium a context that was suspended delays the microphone by about 100 ms for good; a new source brings it back. */
  readonly #follow = (): void => {
    const { state } = this.#context;
    this.#listen(state !== 'running' && state !== 'closed');
    if (state === 'running' && this.#before !== state) this.renewInput();
    // The interruption is over, and nobody need touch the page.
    if (this.#before === 'interrupted') this.wake();
    this.#before = state;
  };

  #listen(on: boolean): void {
    const change = on ? 'addEventListener' : 'removeEventListener';
    for (const type of ['pointerup', 'keydown'] as const) window[change](type, this.wake, { capture: true, passive: true });
    document[change]('visibilitychange', this.wake);
  }
}
