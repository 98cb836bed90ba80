import { expect } from '@open-wc/testing';
import { Denoiser } from '../../src/sound/denoiser.js';
import { holdContext } from '../../src/sound/press.js';
import type { Hold } from '../../src/sound/press.js';

const assets = new URL('/', location.href).href;

describe('Denoiser', () => {
  const { fetch, AudioWorkletNode } = window;
  const { compileStreaming, compile } = WebAssembly;
  let hold: Hold<AudioContext | null>;
  let context: AudioContext;
  let denoiser: Denoiser;
  let slots: ({ node: AudioNode; delay: number } | { node: null; isDead: boolean })[];
  let inserted: Promise<void>;
  let meters: { input: number; speech: number }[];
  let waiting: { isSo: () => boolean; resolve: () => void }[];

  beforeEach(async () => {
    hold = holdContext();
    if (!hold.value) throw new Error('no AudioContext');
    context = hold.value;
    await context.resume();
    slots = [];
    inserted = Promise.resolve();
    meters = [];
    waiting = [];
  });

  afterEach(() => {
    denoiser.close();
    hold.release();
    window.fetch = fetch;
    window.AudioWorkletNode = AudioWorkletNode;
    WebAssembly.compileStreaming = compileStreaming;
    WebAssembly.compile = compile;
  });

  function look(): void {
    for (const { isSo, resolve } of waiting) if (isSo()) resolve();
  }

  function until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      waiting.push({ isSo, resolve });
      look();
    });
  }

  function create(base = assets): Denoiser {
    denoiser = new Denoiser(context, base, {
      insert: (node, delay) => {
        slots.push({ node, delay });
        // The graph's part: sound goes through it.
        const source = new OscillatorNode(context, { frequency: 180 });
        source.connect(node);
        source.start();
        look();
        return inserted;
      },
      remove: (isDead) => {
        slots.push({ node: null, isDead });
        look();
      },
      changed: look,
      metered: ({ input, speech }) => {
        meters.push({ input, speech });
        look();
      },
      busy: () => () => undefined,
    });
    denoiser.begin();
    return denoiser;
  }

  function withoutModules(): void {
    window.AudioWorkletNode = class extends AudioWorkletNode {
      constructor(where: BaseAudioContext, name: string, options?: AudioWorkletNodeOptions) {
        const { code } = (options?.processorOptions ?? {}) as { code?: unknown };
        if (code instanceof WebAssembly.Module) throw new DOMException('a Module cannot be cloned', 'DataCloneError');
        super(where, name, options);
      }
    };
  }

  function withoutWasm(): void {
    WebAssembly.compileStreaming = () => Promise.reject(new WebAssembly.CompileError("unsafe-eval' is not an allowed source"));
    WebAssembly.compile = () => Promise.reject(new WebAssembly.CompileError("unsafe-eval' is not an allowed source"));
  }

  it('loads nothing until it is wanted', () => {
    window.fetch = () => expect.fail('fetched');
    expect(create().phase).to.equal('off');
  });

  // Before all others: a compiled Module is kept as long as the page.
  it('runs 0.1 as plain JavaScript where WebAssembly is forbidden', async () => {
    withoutWasm();
    create().suppress(true);
    await until(() => denoiser.phase === 'running' || denoiser.phase === 'failed');
    expect(denoiser.diagnostics()).to.include({ rung: 'scripted', model: '0.1' });
  });

  it('runs 0.1 from a compiled Module', async () => {
    create().suppress(true);
    expect(denoiser.phase).to.equal('loading');
    await until(() => denoiser.phase === 'running');
    expect(denoiser.diagnostics()).to.include({ rung: 'module', model: '0.1' });
    expect(denoiser.diagnostics().reasons).to.deep.equal([]);
    expect(slots).to.have.lengthOf(1);
    await until(() => meters.some(({ input }) => input > 0.1));
    expect(denoiser.diagnostics().quantum).to.equal(480);
  });

  it('runs 0.1 from bytes where a Module reaches no worklet', async () => {
    withoutModules();
    create().suppress(true);
    await until(() => denoiser.phase === 'running');
    expect(denoiser.diagnostics()).to.include({ rung: 'bytes', model: '0.1' });
    expect(denoiser.diagnostics().reasons[0]).to.include('DataCloneError');
  });

  it('runs 0.1 from bytes where the Module is lost on the way without a word', async () => {
    window.AudioWorkletNode = class extends AudioWorkletNode {
      constructor(where: BaseAudioContext, name: string, options: AudioWorkletNodeOptions = {}) {
        const given = options.processorOptions as { code?: unknown };
        super(where, name, given.code instanceof WebAssembly.Module ? { ...options, processorOptions: null } : options);
      }
    };
    create().suppress(true);
    await until(() => denoiser.phase === 'running');
    expect(denoiser.diagnostics()).to.include({ rung: 'bytes', model: '0.1' });
  });

  it('fails where its files cannot be had, and says why', async () => {
    create(`${assets}nowhere/`).suppress(true);
    await until(() => denoiser.phase === 'failed');
    expect(slots).to.deep.equal([]);
    expect(denoiser.diagnostics().reasons).to.have.lengthOf(2);
  });

  it('tries once more, at another address, what could not be had, when it is wanted again', async () => {
    const { addModule } = AudioWorklet.prototype;
    const asked: string[] = [];
    AudioWorklet.prototype.addModule = (url) => {
      asked.push(String(url).replace(/.*worklets/, ''));
      return Promise.reject(new DOMException('503', 'AbortError'));
    };
    create().suppress(true);
    await until(() => denoiser.phase === 'failed');
    AudioWorklet.prototype.addModule = function (url) {
      asked.push(String(url).replace(/.*worklets/, ''));
      return addModule.call(this, url);
    };
    denoiser.suppress(false);
    expect(denoiser.phase).to.equal('off');
    denoiser.suppress(true);
    expect(denoiser.phase).to.equal('loading');
    await until(() => denoiser.phase === 'running').finally(() => (AudioWorklet.prototype.addModule = addModule));
    expect(asked).to.deep.equal(['/denoiser.js', '/denoiser-scripted.js', '/denoiser.js?1']);
  });

  it('runs only when it is heard, and says how late its sound is', async () => {
    let hear: () => void = () => undefined;
    inserted = new Promise((resolve) => (hear = resolve));
    create().suppress(true);
    await until(() => meters.length > 0);
    expect(denoiser.phase).to.equal('loading');
    expect(slots).to.have.lengthOf(1);
    expect(slots[0]).to.have.property('delay', denoiser.diagnostics().delay / context.sampleRate);
    hear();
    await until(() => denoiser.phase === 'running');
  });

  it('fails where its files never arrive', async () => {
    const { timeout } = AbortSignal;
    const { setTimeout } = window;
    const { addModule } = AudioWorklet.prototype;
    const patience = new Set<number>();
    const wait = (ms: number): void => void patience.add(ms);
    AbortSignal.timeout = (ms) => {
      wait(ms);
      return AbortSignal.abort(new DOMException('signal timed out', 'TimeoutError'));
    };
    window.setTimeout = ((late: () => void, ms: number) => {
      if (ms < 10_000) return setTimeout(late, ms);
      wait(ms);
      return setTimeout(late);
    }) as unknown as typeof setTimeout;
    window.fetch = (_, how) => new Promise((_, reject) => how?.signal?.aborted && reject(how.signal.reason as Error));
    AudioWorklet.prototype.addModule = () => new Promise(() => undefined);
    create(`${assets}late/`).suppress(true);
    await until(() => denoiser.phase === 'failed').finally(() => {
      Object.assign(AbortSignal, { timeout });
      window.setTimeout = setTimeout;
      AudioWorklet.prototype.addModule = addModule;
      window.fetch = fetch;
    });
    expect(slots).to.deep.equal([]);
    expect([...patience]).to.deep.equal([20_000]);
    expect(denoiser.diagnostics().reasons).to.deep.equal(['wasm: Error: the worklet does not arrive', 'script: Error: the worklet does not arrive']);
  });

  it('fails where the model never arrives, though its worklet does', async () => {
    const { timeout } = AbortSignal;
    AbortSignal.timeout = () => AbortSignal.abort(new DOMException('signal timed out', 'TimeoutError'));
    window.fetch = (_, how) => new Promise((_, reject) => how?.signal?.aborted && reject(how.signal.reason as Error));
    const { addModule } = AudioWorklet.prototype;
    AudioWorklet.prototype.addModule = () => Promise.resolve();
    create(`${assets}mute/`).suppress(true);
    await until(() => denoiser.diagnostics().reasons.length > 0).finally(() => {
      Object.assign(AbortSignal, { timeout });
      AudioWorklet.prototype.addModule = addModule;
    });
    expect(denoiser.diagnostics().reasons[0]).to.equal('wasm: TimeoutError: signal timed out');
  });

  it('stops suppressing and starts again on the same node', async () => {
    create().suppress(true);
    await until(() => denoiser.phase === 'running');
    denoiser.suppress(false);
    expect(denoiser.phase).to.equal('off');
    denoiser.suppress(true);
    expect(denoiser.phase).to.equal('running');
    await until(() => denoiser.diagnostics().model === '0.1');
    expect(slots).to.have.lengthOf(1);
  });

  it('leaves it to the browser in a context whose rate RNNoise was not made for, and takes 44.1 kHz', async () => {
    const shared = context;
    for (const [sampleRate, phase] of [
      [16_000, 'failed'],
      [96_000, 'failed'],
      [44_100, 'running'],
    ] as const) {
      context = new AudioContext({ sampleRate });
      await context.resume();
      create().suppress(true);
      await until(() => denoiser.phase === phase);
      expect(denoiser.diagnostics().reasons).to.deep.equal(phase === 'failed' ? [`rate: the audio context runs at ${sampleRate} Hz`] : []);
      denoiser.close();
      await context.close();
    }
    context = shared;
  });

  it('lets the sound through while microphones are exchanged, and says nothing of it', async () => {
    create().suppress(true);
    await until(() => denoiser.diagnostics().model === '0.1');
    denoiser.pass(true);
    await until(() => denoiser.diagnostics().model === null);
    expect(denoiser.phase).to.equal('running');
    denoiser.pass(false);
    await until(() => denoiser.diagnostics().model === '0.1');
    expect(slots).to.have.lengthOf(1);
  });

  it('leaves the path at once when its node dies', async () => {
    create().suppress(true);
    await until(() => denoiser.phase === 'running');
    slots[0]?.node?.dispatchEvent(Object.assign(new Event('processorerror'), { message: 'Uncaught Error: boom' }));
    expect(denoiser.phase).to.equal('failed');
    expect(slots.at(-1)).to.deep.equal({ node: null, isDead: true });
    expect(denoiser.diagnostics().reasons.at(-1)).to.include('boom');
  });

  it('starts nothing that stays when it is closed while loading', async () => {
    create().suppress(true);
    denoiser.close();
    await Promise.allSettled([context.audioWorklet.addModule(new URL('worklets/denoiser.js', assets).href)]);
    await new Promise((nextTask) => setTimeout(nextTask));
    expect(slots).to.deep.equal([]);
  });

  it('takes 0.2 after some seconds of sound', async () => {
    create().suppress(true);
    await until(() => denoiser.diagnostics().model === '0.2');
    expect(denoiser.diagnostics().reasons).to.deep.equal([]);
  });

  it('takes 0.2 as bytes where a message loses the Module', async () => {
    const { postMessage } = MessagePort.prototype;
    MessagePort.prototype.postMessage = function (this: MessagePort, message: { code?: unknown }) {
      if (message.code instanceof WebAssembly.Module) throw new DOMException('a Module cannot be cloned', 'DataCloneError');
      postMessage.call(this, message);
    };
    create().suppress(true);
    await until(() => denoiser.diagnostics().model === '0.2').finally(() => (MessagePort.prototype.postMessage = postMessage));
    expect(denoiser.diagnostics().reasons[0]).to.include('DataCloneError');
  });

  it('stays on 0.1 where data is to be saved', async () => {
    Object.defineProperty(navigator, 'connection', { configurable: true, value: { saveData: true, effectiveType: '4g' } });
    create().suppress(true);
    await until(() => denoiser.diagnostics().reasons.length > 0).finally(() => Reflect.deleteProperty(navigator, 'connection'));
    expect(denoiser.diagnostics()).to.include({ model: '0.1', phase: 'running' });
  });
});
