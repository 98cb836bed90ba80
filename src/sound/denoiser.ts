import { files, processorName, scriptedProcessorName } from '../../worklets/protocol.js';
import type { DenoiserCommand, DenoiserMeter, DenoiserOptions, DenoiserReport, DenoiserState } from '../../worklets/protocol.js';
import { addModule, dispose, makeDenoiserNode, whenLate } from './denoiser-node.js';
import { canAffordLargeModel, compiledModel, modelBytes } from './models.js';

/** 3 s of sound: by then a join is over, and 1.2 MB are in nobody's way. */
const metersBeforeUpgrade = 60;

/** Rates of a context, in Hz, at which RNNoise does its work: at 44.1 kHz as well as at 48. What a headset or a system brings beyond that is the browser's. */
const rates = { least: 44_000, most: 48_000 };

export interface DenoiserEvents {
  /** Sound is to go through this node from now on, and is later by so many seconds. Resolves when that is heard. */
  insert(node: AudioNode, delay: number): Promise<void>;
  /** Sound is to go through none. `isDead` says that the one from before passes nothing any more. */
  remove(isDead: boolean): void;
  /** `phase` is another. */
  changed(): void;
  metered(meter: DenoiserMeter): void;
  /** A node is being made: the context must not end before what this returns is called. */
  busy(): () => void;
}

export interface DenoiserDiagnostics {
  readonly phase: 'off' | 'loading' | 'running' | 'failed';
  readonly rung: 'module' | 'bytes' | 'scripted' | null;
  readonly model: string | null;
  /** Why nothing better runs, in order of happening, and what the page's policy lacks for it. */
  readonly reasons: readonly string[];
  /** Samples. */
  readonly delay: number;
  /** Samples. */
  readonly quantum: number;
  /** Share of real time, 0 to 1. */
  readonly load: number;
}

/**
 * RNNoise in its worklet, seen from the page: loaded when it is first wanted, 0.1 at once and 0.2 when the page is idle and the network can afford it.
 * Tries, one after the other, a compiled Module, the file's bytes, and plain JavaScript (for pages whose policy forbids WebAssembly); then it has `failed`.
 */
export class Denoiser {
  readonly #context: AudioContext;
  readonly #assets: string;
  readonly #events: DenoiserEvents;
  readonly #reasons: string[] = [];
  /** What the page's policy lacks, of which the failures themselves do not tell. */
  readonly #lacks = new Set<string>();
  #node: AudioWorkletNode | null = null;
  #isHeard = false;
  #rung: DenoiserDiagnostics['rung'] = null;
  #state: DenoiserState | null = null;
  #load = 0;
  #wanted = false;
  #isPassing = false;
  #mayBegin = false;
  #loading: Promise<WebAssembly.Module> | null = null;
  #begun = false;
  #failed = false;
  #closed = false;
  /** A model was given up. */
  #isFaulty = false;
  #meters = 0;
  /** Told what became of the 0.2 that was sent. */
  #answered: ((taken: boolean) => void) | null = null;

  /** `assets` is an absolute URL with trailing slash. */
  constructor(context: AudioContext, assets: string, events: DenoiserEvents) {
    this.#context = context;
    this.#assets = assets;
    this.#events = events;
    document.addEventListener('securitypolicyviolation', this.#forbidden);
  }

  get phase(): DenoiserDiagnostics['phase'] {
    if (!this.#wanted) return 'off';
    if (this.#failed) return 'failed';
    return this.#isHeard ? 'running' : 'loading';
  }

  /** Sound goes through the node, suppressed or not, and `metered` is told of it. */
  get isMetering(): boolean {
    return this.#node !== null;
  }

  /** Off lets the sound through and keeps the model warm; without a gap, either way. On tries once more what has failed. */
  suppress(on: boolean): void {
    if (this.#closed || this.#wanted === on) return;
    this.#wanted = on;
    if (on && this.#failed) {
      this.#failed = this.#begun = this.#isFaulty = false;
      this.#meters = 0;
    }
    this.#steer();
    this.#climb();
    this.#events.changed();
  }

  /** Fetches and compiles what it is made of. */
  load(): void {
    if (this.#canRun) this.#loadCompiled().catch(() => undefined);
  }

  /** From now on it may be made, as soon as it is wanted. */
  begin(): void {
    this.#mayBegin = true;
    this.#climb();
  }

  /**
   * Lets the sound through for a moment, as if nothing had been said: while one microphone fades into another, the model would take the join for noise and make a
   * hole of 30 ms.
   */
  pass(now: boolean): void {
    this.#isPassing = now;
    this.#steer();
  }

  diagnostics(): DenoiserDiagnostics {
    const { model = null, delay = 0, quantum = 0 } = this.#state ?? {};
    return { phase: this.phase, rung: this.#rung, model, reasons: [...this.#reasons, ...this.#lacks], delay, quantum, load: this.#load };
  }

  close(): void {
    this.#closed = true;
    document.removeEventListener('securitypolicyviolation', this.#forbidden);
    this.#drop();
  }

  get #canRun(): boolean {
    const { sampleRate } = this.#context;
    return sampleRate >= rates.least && sampleRate <= rates.most;
  }

  #climb(): void {
    if (!this.#wanted || !this.#mayBegin || this.#begun || this.#closed) return;
    this.#begun = true;
    void this.#start();
  }

  async #start(): Promise<void> {
    if (!this.#canRun) {
      this.#reasons.push(`rate: the audio context runs at ${this.#context.sampleRate} Hz`);
      this.#fail(false);
      return;
    }
    try {
      await this.#startCompiled();
    } catch (thrown) {
      this.#because('wasm', thrown);
      try {
        await addModule(this.#context, this.#url(files.scripted));
        await this.#make('scripted', scriptedProcessorName, {});
      } catch (cause) {
        this.#because('script', cause);
        if (!this.#closed) this.#fail(false);
      }
    }
  }

  async #startCompiled(): Promise<void> {
    const code = await this.#loadCompiled();
    const expectSwap = canAffordLargeModel();
    try {
      await this.#make('module', processorName, { code, expectSwap });
    } catch (thrown) {
      this.#because('module', thrown);
      await this.#make('bytes', processorName, { code: await modelBytes(this.#url(files['0.1'])), expectSwap });
    }
  }

  #loadCompiled(): Promise<WebAssembly.Module> {
    const load = async (): Promise<WebAssembly.Module> => {
      const compiling = compiledModel(this.#url(files['0.1']));
      compiling.catch(() => undefined);
      await addModule(this.#context, this.#url(files.processor));
      return compiling;
    };
    if (!this.#loading) {
      this.#loading = load();
      this.#loading.catch(() => (this.#loading = null));
    }
    return this.#loading;
  }

  /** Resolves once the processor has reported; sound goes through it from then on. */
  async #make(rung: 'module' | 'bytes' | 'scripted', name: string, options: DenoiserOptions): Promise<void> {
    if (this.#closed) throw new Error('closed');
    const ready = this.#events.busy();
    const { node, state } = await makeDenoiserNode(this.#context, name, { ...options, suppress: this.#wanted }).finally(ready);
    if (this.#closed) {
      dispose(node);
      throw new Error('closed');
    }
    this.#state = state;
    this.#node = node;
    this.#rung = rung;
    node.port.onmessage = ({ data }: MessageEvent<DenoiserReport>) => this.#hear(data);
    // Not by `onprocessorerror`: in Chromium 156 that one does not hear an event that a test dispatches.
    node.addEventListener('processorerror', ({ message }) => {
      if (this.#node !== node) return;
      this.#because('processor', new Error(message));
      this.#fail(true);
    });
    this.#steer();
    await this.#events.insert(node, state.delay / this.#context.sampleRate);
    if (this.#node !== node) return;
    this.#isHeard = true;
    this.#events.changed();
  }

  #hear(report: DenoiserReport): void {
    switch (report.type) {
      case 'meter':
        this.#load = report.load;
        if (this.#wanted && ++this.#meters === metersBeforeUpgrade) this.#upgradeWhenIdle();
        this.#events.metered(report);
        return;
      case 'failed':
        this.#reasons.push(`${report.model} ${report.fault}: ${report.message}`);
        this.#isFaulty = true;
        if (report.model === '0.2') this.#answered?.(false);
        return;
      case 'state':
        this.#state = report;
        if (report.next === '0.2' || report.model === '0.2') this.#answered?.(true);
        // What is left says so first: a model that was given up may have another below it.
        if (this.#isFaulty && report.suppress && report.model === null && report.next === null) this.#fail(false);
    }
  }

  #upgradeWhenIdle(): void {
    if (this.#rung === 'scripted') return;
    if (!canAffordLargeModel()) {
      this.#reasons.push('0.2: the network is slow, or data is to be saved');
      return;
    }
    const upgrade = (): void => void this.#upgrade().catch((thrown: unknown) => this.#because('0.2', thrown));
    if ('requestIdleCallback' in globalThis) requestIdleCallback(upgrade, { timeout: 10_000 });
    else setTimeout(upgrade, 2000);
  }

  async #upgrade(): Promise<void> {
    if (!this.#node) return;
    const url = this.#url(files['0.2']);
    const code = await compiledModel(url);
    const taken = await new Promise<boolean>((answer) => {
      this.#answered = answer;
      whenLate(this.#context, () => answer(false));
      // Throws in a promise's executor are its rejection: where a Module cannot be cloned.
      this.#send({ type: 'load', model: '0.2', code });
    }).catch((thrown: unknown) => {
      this.#because('0.2 module', thrown);
      return false;
    });
    this.#answered = null;
    if (!taken) this.#send({ type: 'load', model: '0.2', code: await modelBytes(url) });
  }

  #fail(dead: boolean): void {
    this.#failed = true;
    this.#drop(dead);
    this.#events.changed();
  }

  #drop(dead = false): void {
    const node = this.#node;
    this.#node = null;
    this.#isHeard = false;
    this.#rung = null;
    this.#state = null;
    if (!node) return;
    this.#events.remove(dead);
    if (dead || this.#closed) dispose(node);
    // While it is faded out it still has to pass sound.
    else setTimeout(() => dispose(node), 1000);
  }

  #steer(): void {
    this.#send({ type: 'suppress', on: this.#wanted && !this.#isPassing });
  }

  #send(command: DenoiserCommand): void {
    this.#node?.port.postMessage(command);
  }

  #because(what: string, thrown: unknown): void {
    this.#reasons.push(`${what}: ${withoutAddresses(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown))}`);
  }

  readonly #forbidden = ({ blockedURI, effectiveDirective, disposition }: SecurityPolicyViolationEvent): void => {
    const isWasm = blockedURI === 'wasm-eval';
    if (disposition === 'enforce' && (isWasm || Object.values(files).some((file) => blockedURI === this.#url(file))))
      this.#lacks.add(`policy: ${effectiveDirective.replace('-elem', '')} lacks ${isWasm ? "'wasm-unsafe-eval'" : 'the place of worklets/'}`);
  };

  #url(file: string): string {
    return new URL(file, this.#assets).href;
  }
}

/** Diagnostics are pasted in public. Chromium quotes the whole policy that forbids something. */
function withoutAddresses(message: string): string {
  return message.replace(/(directive): .*/s, '$1').replace(/\w+:\/\/[^\s/"']+/g, '…');
}
