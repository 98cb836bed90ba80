import { expect } from '@open-wc/testing';
import { Chain } from '../../worklets/chain.js';
import {
  type DenoiserCommand,
  denoiserNodeOptions,
  type DenoiserOptions,
  type DenoiserReport,
  files,
  type ModelCode,
  processorName,
  scriptedProcessorName,
} from '../../worklets/protocol.js';
import { prefillOf, Reframer } from '../../worklets/reframer.js';
import { instantiate, RNNoise } from '../../worklets/rnnoise.js';
import { largestStep, loudness, noisyVoice } from '../support/noisy-voice.js';
import { brittleModel } from '../support/brittle-model.js';

const rate = 48_000;

/** Somewhere to hear the node: what it said, and what comes out when `input` goes in. */
interface Rendering {
  sound: Float32Array;
  reports: DenoiserReport[];
  quantum: number;
}

interface Request {
  input: Float32Array | readonly Float32Array[];
  options?: DenoiserOptions;
  scripted?: boolean;
  renderSizeHint?: number;
  /** Overrides of the node's own options, to see what it does with inputs that it did not ask for. */
  node?: AudioWorkletNodeOptions;
  /** Commands by second; each is answered by `state` or `failed` before the sound goes on. */
  commands?: readonly (readonly [number, DenoiserCommand])[];
  wire?: (context: OfflineAudioContext, source: AudioBufferSourceNode, node: AudioWorkletNode) => void;
}

async function render({ input, options = {}, scripted = false, renderSizeHint, node: overrides = {}, commands = [], wire }: Request): Promise<Rendering> {
  const channels = input instanceof Float32Array ? [input] : input;
  const length = channels[0]?.length ?? 0;
  const context = new OfflineAudioContext({
    numberOfChannels: 1,
    length,
    sampleRate: rate,
    ...(renderSizeHint ? { renderSizeHint } : {}),
  });
  await context.audioWorklet.addModule(`/${scripted ? files.scripted : files.processor}`);
  const node = new AudioWorkletNode(context, scripted ? scriptedProcessorName : processorName, {
    ...denoiserNodeOptions,
    outputChannelCount: [...denoiserNodeOptions.outputChannelCount],
    // How fast this machine is at the moment decides only where a test says so.
    processorOptions: { budget: Infinity, ...options },
    ...overrides,
  });
  const reports: DenoiserReport[] = [];
  let answered: (() => void) | null = null;
  node.port.onmessage = ({ data }: MessageEvent<DenoiserReport>) => {
    reports.push(data);
    if (data.type === 'state') answered?.();
  };
  const buffer = new AudioBuffer({ numberOfChannels: channels.length, length, sampleRate: rate });
  channels.forEach((channel, index) => buffer.copyToChannel(Float32Array.from(channel), index));
  const source = new AudioBufferSourceNode(context, { buffer });
  if (wire) wire(context, source, node);
  else source.connect(node);
  node.connect(context.destination);
  source.start();
  for (const [second, command] of commands) {
    void context.suspend(second).then(async () => {
      const answer = new Promise<void>((resolve) => (answered = resolve));
      node.port.postMessage(command);
      if (command.type !== 'close') await answer;
      answered = null;
      await context.resume();
    });
  }
  const rendered = await context.startRendering();
  return { sound: rendered.getChannelData(0), reports, quantum: (context as unknown as { renderQuantumSize?: number }).renderQuantumSize ?? 128 };
}

/** What must come out: reframer and chain as they are, without a worklet around them. */
function direct(input: Float32Array, model: RNNoise, quantum: number, expectSwap = false): Float32Array {
  const nothing = () => undefined;
  const chain = new Chain({ changed: nothing, failed: nothing, metered: nothing }, { suppress: true, expectSwap, budget: 1, clock: () => 0 });
  chain.load('0.1', model, true);
  const reframer = new Reframer((frame, output) => chain.step(frame, output));
  const out = new Float32Array(input.length);
  for (let at = 0; at < input.length; at += quantum) {
    const block = new Float32Array(quantum);
    block.set(input.subarray(at, at + quantum));
    const result = new Float32Array(quantum);
    reframer.run([block], result);
    out.set(result.subarray(0, Math.min(quantum, out.length - at)), at);
  }
  return out;
}

/** Comparing arrays as such would print both. */
function expectSame(heard: Float32Array, wanted: Float32Array): void {
  expect(heard.length).to.equal(wanted.length);
  expect(heard.findIndex((sample, index) => sample !== wanted[index])).to.equal(-1, 'first sample that differs');
}

const states = (reports: readonly DenoiserReport[]) =>
  reports.flatMap((report) => (report.type === 'state' ? [`${report.model ?? 'dry'}${report.next ? `+${report.next}` : ''} ${report.delay}`] : []));
const failures = (reports: readonly DenoiserReport[]) => reports.flatMap((report) => (report.type === 'failed' ? [`${report.model} ${report.fault}`] : []));

describe('vc-room-denoiser', () => {
  const code: Record<'0.1' | '0.2', ArrayBuffer> = { '0.1': new ArrayBuffer(0), '0.2': new ArrayBuffer(0) };
  const modules = new Map<string, WebAssembly.Module>();

  before(async () => {
    for (const model of ['0.1', '0.2'] as const) {
      code[model] = await (await fetch(`/${files[model]}`)).arrayBuffer();
      modules.set(model, await WebAssembly.compile(code[model]));
    }
  });

  const module = (model: string): ModelCode => modules.get(model) ?? new ArrayBuffer(0);
  const model = () => new RNNoise(instantiate(code['0.1']));

  for (const [name, make] of [
    ['a Module', () => module('0.1')],
    ['bytes', () => code['0.1']],
  ] as const) {
    it(`computes in the worklet, from ${name}, what the same code computes outside`, async () => {
      const input = noisyVoice(1);
      const { sound, reports, quantum } = await render({ input, options: { code: make() } });
      expectSame(sound, direct(input, model(), quantum));
      expect(states(reports)[0]).to.equal('0.1 480');
      expect(states(reports).at(-1)).to.equal(`0.1 ${480 + prefillOf(quantum)}`);
    });
  }

  it('needs no reframing where the quantum is 480', async () => {
    const input = noisyVoice(1);
    const { sound, reports, quantum } = await render({ input, options: { code: module('0.1') }, renderSizeHint: 480 });
    expectSame(sound, direct(input, model(), quantum));
    const last = reports.filter((report) => report.type === 'state').at(-1);
    expect(last).to.include({ quantum, delay: 480 + prefillOf(quantum) });
  });

  it('computes the same samples without WebAssembly', async () => {
    const input = noisyVoice(1);
    const wasm = await render({ input, options: { code: module('0.1') } });
    const scripted = await render({ input, scripted: true });
    expectSame(scripted.sound, wasm.sound);
    expect(states(scripted.reports)).to.deep.equal(states(wasm.reports));
  });

  it('lets sound through without code, delayed as if it had some, and fades to the model that comes', async () => {
    const input = noisyVoice(2);
    const { sound, reports, quantum } = await render({ input, commands: [[0.5, { type: 'load', model: '0.1', code: module('0.1') }]] });
    const delay = 480 + prefillOf(quantum);
    expectSame(sound.subarray(delay, rate / 2), input.subarray(0, rate / 2 - delay));
    expect(states(reports).slice(-2)).to.deep.equal([`dry+0.1 ${delay}`, `0.1 ${delay}`]);
  });

  it('says what is wrong with code that is damaged, and lets sound through', async () => {
    const input = noisyVoice(0.3);
    const { sound, reports, quantum } = await render({ input, options: { code: new ArrayBuffer(100) } });
    expect(failures(reports)).to.deep.equal(['0.1 load']);
    const delay = 480 + prefillOf(quantum);
    expectSame(sound.subarray(delay), input.subarray(0, input.length - delay));
  });

  it('stays with 0.1 when the code of 0.2 is damaged', async () => {
    const input = noisyVoice(0.6);
    const { sound, reports, quantum } = await render({
      input,
      options: { code: module('0.1') },
      commands: [[0.2, { type: 'load', model: '0.2', code: new ArrayBuffer(100) }]],
    });
    expect(failures(reports)).to.deep.equal(['0.2 load']);
    expectSame(sound, direct(input, model(), quantum));
  });

  it('swaps to 0.2 while somebody talks: no step larger than the sound’s own, no hole, from then on 0.2', async () => {
    const input = noisyVoice(5);
    const options = { code: module('0.1'), expectSwap: true };
    const before = await render({ input, options });
    const { sound, reports } = await render({ input, options, commands: [[1, { type: 'load', model: '0.2', code: module('0.2') }]] });
    expect(states(reports).slice(-2)).to.deep.equal(['0.1+0.2 1408', '0.2 1408']);
    const swap = Math.round(2.49 * rate);
    expectSame(sound.subarray(0, swap), before.sound.subarray(0, swap));
    const own = Math.max(largestStep(before.sound), largestStep(sound.subarray(rate * 3)));
    expect(largestStep(sound.subarray(swap, swap + 4800))).to.be.at.most(own);
    // The same clock on either side of the swap: syllables stay where they are.
    for (let second = 2.4; second < 2.8; second += 0.02) {
      const part = [Math.round(second * rate), Math.round((second + 0.02) * rate)] as const;
      const loud = loudness(before.sound.subarray(...part));
      if (loud > 0.02) expect(20 * Math.log10(loudness(sound.subarray(...part)) / loud), `at ${second} s`).to.be.within(-3, 3);
    }
    expect(loudness(sound.subarray(3.7 * rate, 3.9 * rate))).to.be.below(loudness(before.sound.subarray(3.7 * rate, 3.9 * rate)) + 0.001);
  });

  it('is turned off and on without a step, in phase', async () => {
    const input = noisyVoice(3);
    const { sound, reports, quantum } = await render({
      input,
      options: { code: module('0.1') },
      commands: [
        [1, { type: 'suppress', on: false }],
        [2, { type: 'suppress', on: true }],
      ],
    });
    const delay = 480 + prefillOf(quantum);
    expect(states(reports).slice(-2)).to.deep.equal([`dry ${delay}`, `0.1 ${delay}`]);
    const off = [1.05 * rate, 1.95 * rate] as const;
    expectSame(sound.subarray(...off), input.subarray(off[0] - delay, off[1] - delay));
    expect(largestStep(sound)).to.be.at.most(largestStep(input));
    expectSame(sound.subarray(2.1 * rate), direct(input, model(), quantum).subarray(2.1 * rate));
  });

  it('lets delayed sound through within the quantum in which the model traps, and says so once', async () => {
    const input = noisyVoice(2);
    const { sound, reports, quantum } = await render({ input, options: { code: brittleModel(60) } });
    expect(failures(reports)).to.deep.equal(['0.1 exception']);
    expect(states(reports).at(-1)).to.match(/^dry /);
    const delay = 480 + prefillOf(quantum);
    const trapped = 61 * 480 - 8 * 480 + prefillOf(quantum);
    const late = trapped + 4800;
    const difference = sound.subarray(late).map((sample, index) => sample - (input[late + index - delay] ?? 0));
    expect(Math.max(...difference.map(Math.abs))).to.be.below(1e-5);
    expect(loudness(sound.subarray(trapped, trapped + 480))).to.be.above(0.01);
    expect(largestStep(sound)).to.be.below(largestStep(input) * 1.5);
  });

  it('mixes a stereo source down instead of losing a side', async () => {
    const voice = noisyVoice(0.5);
    const silent = new Float32Array(voice.length);
    const half = Float32Array.from(voice, (sample) => sample / 2);
    const { sound, quantum } = await render({ input: [silent, voice], options: { code: module('0.1') } });
    expectSame(sound, direct(half, model(), quantum));
  });

  it('writes the same to every channel when it is made otherwise, and averages what comes in', async () => {
    const voice = noisyVoice(0.5);
    const half = Float32Array.from(voice, (sample) => sample / 2);
    const { sound, quantum } = await render({
      input: [voice, new Float32Array(voice.length)],
      options: { code: module('0.1') },
      node: { channelCountMode: 'max', channelCount: 2, outputChannelCount: [2] },
    });
    expectSame(sound, direct(half, model(), quantum));
  });

  it('stays finite and in phase through NaN, infinities, full scale, denormals, no channels and channel counts that change', async () => {
    const input = noisyVoice(4);
    const wrong = [NaN, Infinity, -Infinity, 1, -1, 1e-40, 1e30, -1e30];
    for (let index = 0; index < rate; index += 7) input[index] = wrong[(index / 7) % wrong.length] ?? 0;
    for (const channelCountMode of ['explicit', 'max'] as const) {
      const { sound, reports, quantum } = await render({
        input,
        options: { suppress: false, code: module('0.1') },
        node: { channelCountMode, channelCount: channelCountMode === 'max' ? 2 : 1 },
        wire(context, source, node) {
          // Nothing until 1.0 s but what is thrown in; a stereo source from 1.2 to 1.6 s; nothing connected from 2.0 to 2.4 s.
          const wide = new AudioBufferSourceNode(context, { buffer: new AudioBuffer({ numberOfChannels: 2, length: rate * 0.4, sampleRate: rate }) });
          wide.connect(node);
          wide.start(1.2);
          source.connect(node);
          // A source that nobody pulls would stand still.
          source.connect(new GainNode(context, { gain: 0 })).connect(context.destination);
          void context.suspend(2).then(() => {
            source.disconnect(node);
            return context.resume();
          });
          void context.suspend(2.4).then(() => {
            source.connect(node);
            return context.resume();
          });
        },
      });
      expect(sound.every(Number.isFinite)).to.equal(true);
      expect(failures(reports)).to.deep.equal([]);
      const delay = 480 + prefillOf(quantum);
      const tail = [2.5 * rate, 4 * rate] as const;
      expectSame(sound.subarray(...tail), input.subarray(tail[0] - delay, tail[1] - delay));
    }
  });

  it('recovers the voice after a second of nonsense', async () => {
    const input = noisyVoice(4);
    const clean = await render({ input, options: { code: module('0.1') } });
    for (let index = 0; index < rate; index++) input[index] = index % 3 ? NaN : (index % 5) * 1e20;
    const { sound } = await render({ input, options: { code: module('0.1') } });
    const part = [3 * rate, 4 * rate] as const;
    expect(20 * Math.log10(loudness(sound.subarray(...part)) / loudness(clean.sound.subarray(...part)))).to.be.within(-1, 1);
  });

  it('reports levels 20 times a second of sound, and a voice', async () => {
    const { reports } = await render({ input: noisyVoice(3), options: { code: module('0.1') } });
    const meters = reports.filter((report) => report.type === 'meter');
    expect(meters.length).to.be.within(58, 60);
    expect(Math.max(...meters.map(({ speech }) => speech))).to.be.above(0.8);
    expect(Math.max(...meters.map(({ input }) => input))).to.be.within(0.02, 1);
    expect(Math.min(...meters.map(({ output }) => output))).to.be.below(0.01);
  });

  it('is silent and says nothing once it is closed', async () => {
    const { sound, reports } = await render({ input: noisyVoice(2), options: { code: module('0.1') }, commands: [[1, { type: 'close' }]] });
    expect(loudness(sound.subarray(1.1 * rate))).to.equal(0);
    expect(reports.filter((report) => report.type === 'meter').length).to.be.at.most(20);
  });

  it('runs on a live context, at whatever quantum it has', async () => {
    const context = new AudioContext({ sampleRate: rate, renderSizeHint: 480 } as AudioContextOptions);
    try {
      await context.audioWorklet.addModule(`/${files.processor}`);
      const node = new AudioWorkletNode(context, processorName, {
        ...denoiserNodeOptions,
        outputChannelCount: [...denoiserNodeOptions.outputChannelCount],
        processorOptions: { code: module('0.1') },
      });
      const source = new AudioBufferSourceNode(context, { loop: true });
      const voice = noisyVoice(2);
      source.buffer = new AudioBuffer({ length: voice.length, sampleRate: rate });
      source.buffer.copyToChannel(voice, 0);
      source.connect(node).connect(new MediaStreamAudioDestinationNode(context, { channelCount: 1 }));
      const reports: DenoiserReport[] = [];
      const heard = new Promise<void>((resolve) => {
        node.port.onmessage = ({ data }: MessageEvent<DenoiserReport>) => {
          reports.push(data);
          if (data.type === 'meter' && data.speech > 0.8 && data.output > 0.02) resolve();
        };
      });
      source.start();
      await context.resume();
      await heard;
      const quantum = (context as unknown as { renderQuantumSize?: number }).renderQuantumSize ?? 128;
      const last = reports.filter((report) => report.type === 'state').at(-1);
      expect(last).to.include({ model: '0.1', quantum, delay: 480 + prefillOf(quantum) });
    } finally {
      await context.close();
    }
  });
});
