import { expect } from '@open-wc/testing';
import { frameSize, prefillOf, Reframer } from '../../worklets/reframer.js';

const pass = (input: Float32Array, output: Float32Array) => output.set(input);
/** Every sample its own number, exact in 32 bits. */
const ramp = (length: number) => Float32Array.from({ length }, (_, index) => (index + 1) / 2 ** 20);

function through(reframer: Reframer, sound: Float32Array, quantum: number): Float32Array {
  const out = new Float32Array(sound.length);
  for (let at = 0; at + quantum <= sound.length; at += quantum) reframer.run([sound.subarray(at, at + quantum)], out.subarray(at, at + quantum));
  return out;
}

describe('prefillOf', () => {
  it('is nothing at multiples of a frame and 448 at 128', () => {
    expect([480, 960, 1440].map(prefillOf)).to.deep.equal([0, 0, 0]);
    expect([128, 256, 512, 441, 240].map(prefillOf)).to.deep.equal([448, 448, 448, 477, 240]);
  });

  it('is the most that ever waits for its frame, and no sample more', () => {
    for (let quantum = 64; quantum <= 1024; quantum++) {
      let most = 0;
      for (let block = 1; block <= frameSize; block++) most = Math.max(most, (block * quantum) % frameSize);
      expect(prefillOf(quantum), `quantum ${quantum}`).to.equal(most);
    }
  });
});

describe('Reframer', () => {
  it('gives back every sample, later by exactly the prefill, at every quantum from 64 to 1,024', () => {
    const sound = ramp(12_000);
    for (let quantum = 64; quantum <= 1024; quantum++) {
      const reframer = new Reframer(pass);
      const out = through(reframer, sound, quantum);
      const length = sound.length - (sound.length % quantum);
      const delay = prefillOf(quantum);
      expect(reframer.delay).to.equal(delay);
      let wrong = -1;
      for (let index = 0; index < length && wrong < 0; index++) if (out[index] !== (index < delay ? 0 : sound[index - delay])) wrong = index;
      expect(wrong, `first wrong sample at quantum ${quantum}`).to.equal(-1);
    }
  });

  it('hands over frames of 480 whatever the quantum', () => {
    const lengths = new Set<number>();
    let frames = 0;
    const reframer = new Reframer((input, output) => {
      lengths.add(input.length).add(output.length);
      frames++;
    });
    through(reframer, new Float32Array(128 * 75), 128);
    expect([...lengths]).to.deep.equal([480]);
    expect(frames).to.equal(20);
  });

  it('stays in phase through blocks without channels', () => {
    const reframer = new Reframer(pass);
    const sound = ramp(128 * 40);
    const out = new Float32Array(sound.length);
    for (let at = 0; at < sound.length; at += 128) {
      const block = sound.subarray(at, at + 128);
      const gone = (at / 128) % 7 === 3;
      if (gone) block.fill(0);
      reframer.run(gone ? (at % 256 ? undefined : []) : [block], out.subarray(at, at + 128));
    }
    expect(out.findIndex((sample, index) => sample !== (sound[index - 448] ?? 0))).to.equal(-1);
  });

  it('averages channels', () => {
    const reframer = new Reframer(pass);
    const out = new Float32Array(480);
    reframer.run([new Float32Array(480).fill(0.5), new Float32Array(480).fill(0.25)], out);
    expect(out[0]).to.equal(0.375);
  });

  it('lets in nothing that is no number or beyond 12 dB over full scale', () => {
    const reframer = new Reframer(pass);
    const block = new Float32Array(480);
    block.set([NaN, Infinity, -Infinity, 1e30, -1e30, 1, -1, 1e-40]);
    const out = new Float32Array(480);
    reframer.run([block], out);
    expect([...out.subarray(0, 7)]).to.deep.equal([0, 4, -4, 4, -4, 1, -1]);
    expect(out.every(Number.isFinite)).to.equal(true);
  });

  it('loses and repeats nothing when the quantum changes on the way', () => {
    const sound = ramp(40_000);
    const reframer = new Reframer(pass);
    const out: number[] = [];
    let at = 0;
    for (const quantum of [128, 128, 480, 96, 441, 1024, 128, 333, 128, 480, 480, 64, 1000]) {
      for (let block = 0; block < 5; block++) {
        const part = new Float32Array(quantum);
        reframer.run([sound.subarray(at, at + quantum)], part);
        out.push(...part);
        at += quantum;
      }
    }
    const heard = out.filter((sample) => sample !== 0);
    expect(heard).to.deep.equal([...sound.subarray(0, heard.length)]);
    expect(out.length - heard.length).to.equal(reframer.delay);
    expect(reframer.delay).to.equal(479);
  });

  it('refuses a quantum that it has no room for', () => {
    const reframer = new Reframer(pass, 0, 1024);
    expect(() => reframer.run(undefined, new Float32Array(1025))).to.throw(RangeError);
  });
});
