import { fade, fadedOut, glide, set } from './fade.js';
import { Input } from './input.js';
import { Meter } from './meter.js';
import { Monitor } from './monitor.js';
import { Outlet } from './outlet.js';

/** s. Longer than any denoiser of ours needs: 0.2 on blocks of 128 takes 29 ms. */
const longest = 0.1;

/** The page's way from the microphone to those who send it: source, a slot for the denoiser, a bus, and from there one outlet a room. */
export class Graph {
  readonly #context: AudioContext;
  readonly #input: Input;
  /** Brings the unprocessed sound to where the denoiser's is. */
  readonly #late: DelayNode;
  readonly #dry: GainNode;
  readonly #wet: GainNode;
  readonly #bus: GainNode;
  readonly #meter: Meter;
  #denoiser: AudioNode | null = null;
  #isWet = false;
  #isClosed = false;
  #before: string;

  /** `exchanging` is told before another microphone fades in and after the one before is gone. */
  constructor(context: AudioContext, exchanging: (now: boolean) => void = () => undefined) {
    this.#context = context;
    const mono = { channelCount: 1, channelCountMode: 'explicit' } as const;
    this.#input = new Input(context, exchanging);
    this.#late = new DelayNode(context, { ...mono, maxDelayTime: longest });
    this.#dry = new GainNode(context, mono);
    this.#wet = new GainNode(context, { ...mono, gain: 0 });
    this.#bus = new GainNode(context, mono);
    this.#meter = new Meter(context);
    this.#input.node.connect(this.#late).connect(this.#dry).connect(this.#bus).connect(this.#meter.node);
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

  /**
   * Fades the denoiser in, whose sound is later by `delay` seconds, and resolves then. Where somebody hears it, the unprocessed sound is brought to the same delay first,
   * so that what is faded is the same sound twice; else it is done at once.
   */
  async insertDenoiser(node: AudioNode, delay: number, isHeard: boolean): Promise<void> {
    this.#denoiser = node;
    this.#input.node.connect(node).connect(this.#wet);
    if (isHeard) {
      await new Promise((resolve) => setTimeout(resolve, glide(this.#late, delay)));
      if (this.#isClosed || this.#denoiser !== node) return;
    } else this.#late.delayTime.setValueAtTime(delay, this.#context.currentTime + fadedOut / 1000);
    this.#isWet = true;
    fade(this.#dry, 0);
    fade(this.#wet, 1);
  }

  /** Fades back to the unprocessed sound, or cuts to it where the node is dead already. */
  removeDenoiser(isDead: boolean): void {
    const node = this.#denoiser;
    if (!node) return;
    this.#denoiser = null;
    if (this.#isWet) {
      const change = isDead ? set : fade;
      change(this.#dry, 1);
      change(this.#wet, 0);
    }
    this.#isWet = false;
    const remove = (): void => {
      if (this.#isClosed) return;
      this.#input.node.disconnect(node);
      node.disconnect();
      if (!this.#denoiser) glide(this.#late, 0);
    };
    if (isDead) remove();
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
    for (const node of [this.#late, this.#dry, this.#wet, this.#bus, this.#denoiser]) node?.disconnect();
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
