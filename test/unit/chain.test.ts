import { expect } from '@open-wc/testing';
import { Chain, type ChainOptions } from '../../worklets/chain.js';
import type { DenoiserMeter } from '../../worklets/protocol.js';
import type { Denoiser } from '../../worklets/rnnoise.js';

const frame = 480;

/** Stands in for a model: its latency, a gain, a speech probability, and a frame at which it throws. */
class Stand implements Denoiser {
  gone = false;
  frames = 0;
  readonly #held: Float32Array[];

  constructor(
    latency: number,
    readonly gain = 1,
    readonly throwsAt = Infinity,
    readonly speech = 1,
  ) {
    this.#held = Array.from({ length: latency / frame }, () => new Float32Array(frame));
  }

  process(input: Float32Array, output: Float32Array): number {
    if (this.frames++ >= this.throwsAt) throw new WebAssembly.RuntimeError('unreachable');
    this.#held.push(input.slice());
    output.set((this.#held.shift() ?? input).map((sample) => sample * this.gain));
    return this.speech;
  }

  destroy(): void {
    this.gone = true;
  }
}

/** Loud and busy, but with small steps: a click would stand out. */
const sound = (length: number) => Float32Array.from({ length }, (_, index) => 0.4 * Math.sin(index * 0.031) + 0.2 * Math.sin(index * 0.0117 + 1));
const largestStep = (samples: Float32Array) =>
  samples.reduce((most, sample, index) => (index ? Math.max(most, Math.abs(sample - (samples[index - 1] ?? 0))) : 0), 0);

interface Setup {
  chain: Chain;
  log: string[];
  meters: DenoiserMeter[];
  run(frames: number, before?: (at: number) => void): Float32Array;
  heard: Float32Array;
}

function setup({ expectSwap = false, suppress = true, budget = 0.2, clock = () => 0 }: Partial<ChainOptions> = {}): Setup {
  const log: string[] = [];
  const meters: DenoiserMeter[] = [];
  const chain = new Chain(
    {
      changed: () => log.push(`${chain.model ?? 'dry'}${chain.next ? `+${chain.next}` : ''} ${chain.delay}`),
      failed: (model, fault, message) => log.push(`failed ${model} ${fault} ${message}`),
      metered: (meter) => meters.push({ ...meter }),
    },
    { expectSwap, suppress, budget, clock },
  );
  const input = sound(frame * 2000);
  let at = 0;
  const all = {
    chain,
    log,
    meters,
    heard: new Float32Array(0),
    run(frames: number, before?: (at: number) => void) {
      const out = new Float32Array(frames * frame);
      for (let each = 0; each < frames; each++) {
        before?.(each);
        chain.step(input.subarray(at, at + frame), out.subarray(each * frame, (each + 1) * frame));
        at += frame;
      }
      all.heard = Float32Array.from([...all.heard, ...out]);
      return out;
    },
  };
  return all;
}

/** Largest difference from the input `delay` samples earlier. */
function distance(heard: Float32Array, delay: number, from = delay): number {
  const input = sound(heard.length);
  let most = 0;
  for (let index = from; index < heard.length; index++) most = Math.max(most, Math.abs((heard[index] ?? 0) - (input[index - delay] ?? 0)));
  return most;
}

describe('Chain', () => {
  it('lets sound through, later by what a model would need, while there is none', () => {
    const all = setup();
    all.run(20);
    expect(distance(all.heard, 480)).to.equal(0);
  });

  it('is heard from the first sample with a model that came at once', () => {
    const all = setup();
    all.chain.load('0.1', new Stand(480, 0.5), true);
    const out = all.run(10);
    const input = sound(out.length);
    expect(out[5 * frame]).to.be.closeTo((input[4 * frame] ?? 0) / 2, 1e-6);
    expect(all.log).to.deep.equal(['0.1 480']);
  });

  it('fades to a model that came later, once it has heard 200 ms, linearly over 20 ms', () => {
    const all = setup();
    all.run(5);
    all.chain.load('0.1', new Stand(480, 0));
    all.run(40);
    expect(all.log).to.deep.equal(['dry+0.1 480', '0.1 480']);
    const start = 24 * frame;
    expect(distance(all.heard.subarray(0, start), 480)).to.equal(0);
    const input = sound(all.heard.length);
    for (const part of [0.25, 0.5, 0.75]) {
      const at = start + part * 960 - 1;
      expect(all.heard[at]).to.be.closeTo((input[at - 480] ?? 0) * (1 - part), 1e-5);
    }
    expect(Math.max(...all.heard.subarray(start + 960).map(Math.abs))).to.equal(0);
  });

  it('swaps to 0.2 after 150 frames without moving a sample when it was expected', () => {
    const all = setup({ expectSwap: true });
    all.chain.load('0.1', new Stand(480), true);
    all.run(20);
    const large = new Stand(960);
    all.chain.load('0.2', large);
    all.run(200);
    expect(all.log).to.deep.equal(['0.1 960', '0.1+0.2 960', '0.2 960']);
    expect(distance(all.heard, 960)).to.be.below(1e-6);
    expect(large.frames).to.equal(200);
  });

  it('stops running 0.1 once it has faded out', () => {
    const all = setup({ expectSwap: true });
    const small = new Stand(480);
    all.chain.load('0.1', small, true);
    all.chain.load('0.2', new Stand(960));
    all.run(300);
    expect(small.frames).to.equal(151);
  });

  it('glides to the longer delay within a second, without a step, when 0.2 was not expected', () => {
    const all = setup();
    all.chain.load('0.1', new Stand(480), true);
    all.run(20);
    const before = all.heard.length;
    all.chain.load('0.2', new Stand(960));
    all.run(200);
    expect(distance(all.heard.subarray(0, before), 480)).to.be.below(1e-6);
    expect(distance(all.heard, 960, before + 48_000)).to.be.below(1e-6);
    expect(largestStep(all.heard.subarray(before))).to.be.at.most(largestStep(sound(all.heard.length)) * 1.02);
  });

  it('turns suppression off and on by aligned fades, again and again, in the middle of one too', () => {
    const all = setup({ expectSwap: true });
    all.chain.load('0.1', new Stand(480), true);
    all.chain.load('0.2', new Stand(960));
    all.run(400, (at) => {
      if (at % 7 === 0 || at % 11 === 0) all.chain.setSuppress(at % 2 === 0);
    });
    expect(distance(all.heard, 960)).to.be.below(1e-6);
  });

  it('is unprocessed with suppression off, and keeps the model warm', () => {
    const all = setup({ suppress: false });
    const small = new Stand(480, 0.1);
    all.chain.load('0.1', small, true);
    all.run(50);
    expect(distance(all.heard, 480)).to.equal(0);
    expect(small.frames).to.equal(50);
    expect(all.log).to.deep.equal(['dry 480']);
  });

  it('lets delayed sound through within the frame in which the model throws, without a step, and says so once', () => {
    const all = setup();
    all.chain.load('0.1', new Stand(480, 0.6, 10), true);
    const out = all.run(40);
    expect(all.log).to.deep.equal(['0.1 480', 'failed 0.1 exception RuntimeError: unreachable', 'dry 480']);
    expect(distance(out, 480, 11 * frame)).to.be.below(1e-4);
    expect(largestStep(out.subarray(960))).to.be.below(largestStep(sound(out.length)) * 1.5);
  });

  it('falls from a 0.2 that throws back to 0.1, through unprocessed sound', () => {
    const all = setup({ expectSwap: true });
    all.chain.load('0.1', new Stand(480), true);
    all.chain.load('0.2', new Stand(960, 1, 170));
    all.run(250);
    expect(all.log).to.deep.equal(['0.1 960', '0.1+0.2 960', '0.2 960', 'failed 0.2 exception RuntimeError: unreachable', 'dry+0.1 960', '0.1 960']);
    expect(distance(all.heard, 960)).to.be.below(1e-6);
  });

  it('stays with 0.1, unheard, when 0.2 throws before its turn', () => {
    const all = setup({ expectSwap: true });
    all.chain.load('0.1', new Stand(480), true);
    all.chain.load('0.2', new Stand(960, 1, 100));
    all.run(200);
    expect(all.log.slice(2)).to.deep.equal(['failed 0.2 exception RuntimeError: unreachable', '0.1 960']);
    expect(distance(all.heard, 960)).to.be.below(1e-6);
  });

  it('gives up a model that costs more than the budget twice in a row, and not for one bad moment', () => {
    let now = 0;
    let cost = 3;
    const clock = () => (now += cost / 2);
    const all = setup({ clock });
    all.chain.load('0.1', new Stand(480), true);
    all.run(75 * 4);
    cost = 0.5;
    all.run(75 * 4);
    expect(all.log).to.deep.equal(['0.1 480']);
    cost = 6;
    all.run(75 * 8);
    expect(all.log.slice(1)).to.deep.equal(['failed 0.1 too-slow 30 % of real time', 'dry 480']);
    expect(all.meters.at(-1)?.load).to.be.closeTo(0.3, 0.001);
  });

  it('reports levels and the largest speech probability every 50 ms', () => {
    const all = setup();
    all.chain.load('0.1', new Stand(480, 0.5, Infinity, 0.9), true);
    all.run(200);
    expect(all.meters.length).to.equal(40);
    const last = all.meters.at(-1);
    expect(last?.speech).to.equal(0.9);
    expect(last?.input).to.be.within(0.2, 0.4);
    expect(last?.output).to.be.within(0.1, 0.27);
  });

  it('counts holes, which are neither the silence of somebody who pauses nor a moment at zero', () => {
    const { chain, meters } = setup();
    const output = new Float32Array(frame);
    const hear = (samples: Float32Array): void => {
      for (let at = 0; at < samples.length; at += frame) chain.step(samples.subarray(at, at + frame), output);
    };
    const voice = sound(10 * frame).map((sample) => sample || 0.1);
    const without = (from: number, length: number): Float32Array => voice.map((sample, index) => (index >= from && index < from + length ? 0 : sample));
    const counted = (samples: Float32Array): number | undefined => {
      hear(samples);
      return meters.at(-1)?.holes;
    };
    expect(counted(new Float32Array(5 * frame))).to.equal(0);
    expect(counted(without(700, 383))).to.equal(0);
    expect(counted(without(700, frame))).to.equal(1);
    hear(new Float32Array(15 * frame));
    expect(counted(voice)).to.equal(1);
    expect(counted(without(9 * frame, frame))).to.equal(1);
    expect(counted(voice)).to.equal(2);
  });

  it('frees its models', () => {
    const { chain } = setup();
    const models = [new Stand(480), new Stand(960)] as const;
    chain.load('0.1', models[0], true);
    chain.load('0.2', models[1]);
    chain.close();
    expect(models.map(({ gone }) => gone)).to.deep.equal([true, true]);
  });
});
