import { VcRoomError } from '../room/errors.js';
import type { CaptureState, Device, NoiseSuppression } from '../room/snapshot.js';
import { Capture } from './capture.js';
import { Denoiser } from './denoiser.js';
import type { DenoiserDiagnostics } from './denoiser.js';
import { renderQuantum } from './denoiser-node.js';
import { Graph } from './graph.js';
import type { Outlet } from './outlet.js';
import type { Heard } from './hints.js';
import type { Monitor } from './monitor.js';
import { browserSuppresses, holdContext, shared } from './press.js';
import type { Hold, NoiseSuppressionChoice, PressSettings } from './press.js';

export interface SoundSettings extends PressSettings {
  /** Absolute base URL, with trailing slash, of worklets and wasm. */
  readonly assets: string;
  /** Id of the device to play on where it is there; else, or by default, the system's default. */
  readonly outputDevice?: string | null;
}

export interface StudioListener {
  changed(state: CaptureState, error?: VcRoomError): void;
  noiseSuppressionChanged(active: NoiseSuppression): void;
  devicesChanged(input: Device | null): void;
  /** 10 to 20 times a second while the microphone is open and the context runs; `null` when that is over. */
  heard(moment: Heard | null): void;
}

export interface StudioDiagnostics {
  readonly contextState: string;
  readonly sampleRate: number;
  readonly renderQuantum: number;
  readonly denoiser: DenoiserDiagnostics;
  /** What the browser does to the sound. */
  readonly processing: Capture['processing'];
}

/** Speech that is less probable than this is none, two reports of 50 ms in a row are a pause; one came within 4.4 s in nine of ten tries. */
const unlikely = 0.1;
const longestWait = 5000;
/** For so long, in ms, a node that is being made keeps the context from its end. */
const longestBusy = 5000;

/**
 * s. In Chromium each hole in what the microphone brings delays it for good, and so does a clock that runs ahead; a new source brings it back, once in so long, and soon
 * after a hole that was seen.
 */
const renewedAfter = 60;
const renewedAfterHole = 5;
/** s of microphone in which nobody is taken to hear it yet: a join is under way, and its first words are to be clean. */
const beginning = 2;
/** Level, 0 to 1, below which nobody speaks as far as can be told without a denoiser. */
const quiet = 0.003;

/** Everything of the page's sound that goes out and of which there is one: microphone, graph and denoiser, for all rooms on it. */
export class Studio {
  readonly #context: AudioContext;
  readonly #graph: Graph;
  readonly #capture: Capture;
  readonly #denoiser: Denoiser;
  readonly #listeners = new Set<StudioListener>();
  readonly #outlets = new Set<Outlet>();
  readonly #unmetered: ReturnType<typeof setInterval>;
  readonly #waiting = new Set<() => void>();
  #wasQuiet = false;
  /** In what the microphone brought, as of the latest new source. The first source of all is renewed soon in any case: some begin 30 ms late. */
  #holes = -1;
  #choice: NoiseSuppressionChoice;
  #active: NoiseSuppression = 'off';
  /** s, by the context's clock. */
  #pluggedAt = Infinity;

  constructor(context: AudioContext, settings: SoundSettings) {
    this.#context = context;
    this.#choice = settings.noiseSuppression;
    this.#graph = new Graph(context, (now) => this.#denoiser.pass(now));
    const capture = { ...settings, noiseSuppression: browserSuppresses(settings.noiseSuppression) };
    this.#capture = new Capture(capture, {
      plug: (stream, unplugged) => {
        this.#pluggedAt = stream ? Math.min(this.#pluggedAt, context.currentTime) : Infinity;
        this.#graph.setInput(stream, unplugged);
      },
      changed: (state, error) => {
        for (const listener of [...this.#listeners]) listener.changed(state, error);
        this.#follow();
      },
      devicesChanged: () => {
        for (const listener of [...this.#listeners]) listener.devicesChanged(this.#capture.device);
        this.#tell();
      },
      pause: () => this.#pause(),
    });
    this.#denoiser = new Denoiser(context, settings.assets, {
      insert: (node, delay) => this.#graph.insertDenoiser(node, delay, this.#isHeard && context.currentTime - this.#pluggedAt > beginning),
      remove: (isDead) => this.#graph.removeDenoiser(isDead),
      changed: () => this.#follow(),
      metered: ({ input, speech, holes }) => {
        const isQuiet = speech < unlikely;
        if (isQuiet && this.#wasQuiet) {
          this.#stopWaiting();
          if (this.#graph.renewInput(holes === this.#holes ? renewedAfter : renewedAfterHole)) this.#holes = holes;
        }
        this.#wasQuiet = isQuiet;
        this.#hear({ input, speech, at: performance.now() });
      },
      busy: () => {
        const context = holdContext();
        // One that is suspended for good may never answer.
        setTimeout(context.release, longestBusy);
        return context.release;
      },
    });
    this.#unmetered = setInterval(() => {
      if (!this.#isHeard) this.#graph.renewInput(renewedAfter);
      if (this.#denoiser.isMetering && this.#context.state === 'running') return;
      const input = this.level();
      const isQuiet = input < quiet;
      if (isQuiet && this.#wasQuiet) this.#graph.renewInput(renewedAfter);
      this.#wasQuiet = isQuiet;
      this.#hear({ input, speech: null, at: performance.now() });
    }, 100);
  }

  /** Call it within a gesture: some contexts run only then. */
  wake(): void {
    if (this.#context.state === 'suspended') this.#context.resume().catch(() => undefined);
  }

  /** From now on the listener needs the microphone, and is told at once what became of it. `asked` is one that was asked for already. */
  open(listener: StudioListener, asked: Hold<Promise<MediaStream>> | null): void {
    const { state, error } = this.#capture;
    if (!this.#listeners.has(listener)) {
      this.#listeners.add(listener);
      if (state !== 'off') listener.changed(state, error);
      if (state === 'open') listener.devicesChanged(this.#capture.device);
      if (this.#active !== 'off') listener.noiseSuppressionChanged(this.#active);
    }
    this.#capture.open(asked);
    this.#denoiser.suppress(this.#choice === 'rnnoise');
  }

  /** Making what suppresses noise takes the thread for as long as a round trip: it does not begin before this, nor before somebody needs the microphone. Idempotent. */
  denoise(): void {
    this.#denoiser.begin();
  }

  /** Somebody is about to need the microphone: fetches what that takes, and makes no node, since nothing renders yet. */
  prepare(): void {
    if (this.#choice === 'rnnoise') this.#denoiser.load();
  }

  /** The microphone ends in the task in which the last one lets go. */
  leave(listener: StudioListener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    this.#capture.close();
    this.#tell();
  }

  addOutlet(): Outlet {
    const outlet = this.#graph.outlet();
    this.#outlets.add(outlet);
    return outlet;
  }

  removeOutlet(outlet: Outlet): void {
    this.#outlets.delete(outlet);
    outlet.close();
  }

  /** Call it when an outlet was shut. */
  outletShut(): void {
    if (!this.#isHeard) this.#stopWaiting();
  }

  /** The way back to the person's own ears; whoever asks for it closes it. */
  monitor(): Monitor {
    return this.#graph.monitor();
  }

  setNoiseSuppression(choice: NoiseSuppressionChoice): void {
    this.#choice = choice;
    // Until the browser suppresses, RNNoise goes on.
    if (choice !== 'browser') this.#denoiser.suppress(choice === 'rnnoise' && this.#listeners.size > 0);
    this.#follow();
  }

  /** @throws VcRoomError as `Capture.setDevice` */
  setInputDevice(id: string | null): Promise<void> {
    return this.#capture.setDevice(id);
  }

  get inputDevice(): Device | null {
    return this.#capture.device;
  }

  /** Loudness of what would be sent, 0 to 1. */
  level(): number {
    return this.#graph.level();
  }

  diagnostics(): StudioDiagnostics {
    const { state, sampleRate } = this.#context;
    return {
      contextState: state,
      sampleRate,
      renderQuantum: renderQuantum(this.#context),
      denoiser: this.#denoiser.diagnostics(),
      processing: this.#capture.processing,
    };
  }

  close(): void {
    clearInterval(this.#unmetered);
    this.#stopWaiting();
    this.#denoiser.close();
    this.#graph.close();
  }

  /** The browser suppresses exactly when it was chosen or RNNoise cannot; while RNNoise is loaded, it goes on as it does. */
  #follow(): void {
    this.#tell();
    if (this.#denoiser.phase === 'loading') return;
    const browser = browserSuppresses(this.#choice) || this.#denoiser.phase === 'failed';
    void this.#capture.setNoiseSuppression(browser).then(() => {
      if (this.#choice === 'browser') this.#denoiser.suppress(false);
      this.#tell();
    });
  }

  get #isHeard(): boolean {
    return [...this.#outlets].some(({ isOpen }) => isOpen);
  }

  /** Resolves when nobody listens or nobody speaks, or after so long that this person never stops. */
  #pause(): Promise<void> {
    if (!this.#isHeard || !this.#denoiser.isMetering) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
      setTimeout(resolve, longestWait);
    });
  }

  #stopWaiting(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #tell(): void {
    const active = this.#whatRuns();
    if (active === this.#active) return;
    this.#active = active;
    for (const listener of [...this.#listeners]) listener.noiseSuppressionChanged(active);
  }

  #whatRuns(): NoiseSuppression {
    if (this.#capture.state !== 'open') return 'off';
    if (this.#denoiser.phase === 'running') return 'rnnoise';
    if (this.#capture.suppressesNoise) return 'browser';
    return this.#denoiser.phase === 'loading' ? 'loading' : 'off';
  }

  #hear(moment: Heard): void {
    const isHeard = this.#capture.state === 'open' && this.#context.state === 'running';
    for (const listener of [...this.#listeners]) listener.heard(isHeard ? moment : null);
  }
}

const sharedStudio = shared(
  (context: AudioContext, settings: SoundSettings) => new Studio(context, settings),
  (studio) => studio.close(),
);

/**
 * A share in the studio of the page; the settings of the first one count.
 * @throws VcRoomError `unsupported` where there is no Web Audio
 */
export function holdStudio(settings: SoundSettings): Hold<Studio> {
  const context = holdContext();
  if (!context.value) {
    context.release();
    throw new VcRoomError('unsupported', 'web-audio', 'This browser has no AudioContext, or refuses to make one: no call is possible here.');
  }
  const studio = sharedStudio(context.value, settings);
  return {
    value: studio.value,
    isNew: studio.isNew,
    release() {
      studio.release();
      context.release();
    },
  };
}
