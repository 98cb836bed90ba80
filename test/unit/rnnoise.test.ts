import { expect } from '@open-wc/testing';
import { files } from '../../worklets/protocol.js';
import { instantiate, RNNoise } from '../../worklets/rnnoise.js';
import { loudness, noisyVoice } from '../support/noisy-voice.js';

const frame = 480;

describe('RNNoise', () => {
  const code = new Map<string, ArrayBuffer>();

  before(async () => {
    for (const model of ['0.1', '0.2'] as const) code.set(model, await (await fetch(`/${files[model]}`)).arrayBuffer());
  });

  function make(model: string): RNNoise {
    const bytes = code.get(model);
    if (!bytes) throw new Error('not fetched');
    return new RNNoise(instantiate(bytes));
  }

  function denoise(model: RNNoise, input: Float32Array): { sound: Float32Array; speech: number[] } {
    const sound = new Float32Array(input.length);
    const speech = [];
    for (let at = 0; at < input.length; at += frame) speech.push(model.process(input.subarray(at, at + frame), sound.subarray(at, at + frame)));
    return { sound, speech };
  }

  /** Comparing arrays as such would print both. */
  const differsAt = (one: Float32Array, other: Float32Array) => one.findIndex((sample, index) => sample !== other[index]);

  const correlation = (one: Float32Array, other: Float32Array) => {
    let sum = 0;
    for (let index = 0; index < one.length; index++) sum += (one[index] ?? 0) * (other[index] ?? 0);
    return sum / (one.length * loudness(one) * loudness(other));
  };

  for (const [model, latency] of [
    ['0.1', 480],
    ['0.2', 960],
  ] as const) {
    it(`${model} gives the voice back ${latency} samples later and takes the noise away`, () => {
      const voice = noisyVoice(4, 0);
      const input = noisyVoice(4, 0.02);
      const { sound, speech } = denoise(make(model), input);
      const late = sound.subarray(96_000 + latency);
      const voiced = voice.subarray(96_000, 96_000 + late.length);
      expect(correlation(late, voiced)).to.be.above(0.9);
      for (const off of [-240, 240]) expect(correlation(late, voice.subarray(96_000 + off, 96_000 + off + late.length - 240))).to.be.below(0.7);
      const pause = [1.7 * 48_000, 1.95 * 48_000] as const;
      expect(loudness(sound.subarray(...pause))).to.be.below(loudness(input.subarray(...pause)) / 3);
      expect(speech.every((probability) => probability >= 0 && probability <= 1)).to.equal(true);
      expect(Math.max(...speech)).to.be.above(0.8);
    });

    it(`${model} is as new after warming up`, () => {
      const input = noisyVoice(0.5);
      const warm = make(model);
      warm.warmUp();
      expect(differsAt(denoise(warm, input).sound, denoise(make(model), input).sound)).to.equal(-1);
    });
  }

  it('takes a compiled Module as well as bytes', async () => {
    const module = await WebAssembly.compileStreaming(fetch(`/${files['0.1']}`));
    const input = noisyVoice(0.2);
    expect(differsAt(denoise(new RNNoise(instantiate(module)), input).sound, denoise(make('0.1'), input).sound)).to.equal(-1);
  });

  it('throws rather than answer with what is no number', () => {
    const input = new Float32Array(frame).fill(NaN);
    const model = make('0.1');
    expect(() => denoise(model, Float32Array.from([...input, ...input, ...input]))).to.throw(RangeError);
  });

  it('refuses code that is damaged', () => {
    expect(() => instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]).buffer)).to.throw(TypeError);
    expect(() => instantiate(new ArrayBuffer(8))).to.throw(WebAssembly.CompileError);
  });
});
