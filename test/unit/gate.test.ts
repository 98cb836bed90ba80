import { expect } from '@open-wc/testing';
import { DryFloor, VoiceGate } from '../../worklets/gate.js';

const decibels = (gain: number) => 20 * Math.log10(gain);
const repeat = (times: number, step: () => number) => Array.from({ length: times }, step);

describe('VoiceGate', () => {
  /** Long enough without a voice to be shut. */
  function shut(): VoiceGate {
    const gate = new VoiceGate();
    repeat(60, () => gate.step(0));
    return gate;
  }

  it('is open to begin with, so that the first word is whole', () => {
    expect(new VoiceGate().step(0)).to.equal(1);
  });

  it('holds for 350 ms after the voice, then falls by 5 dB a frame to -12 dB', () => {
    const gate = new VoiceGate();
    gate.step(1);
    const gains = repeat(50, () => gate.step(0));
    expect(gains.slice(0, 34).every((gain) => gain === 1)).to.equal(true);
    expect(gains.slice(34, 37).map((gain) => Math.round(decibels(gain)))).to.deep.equal([-5, -10, -12]);
    expect(decibels(gains.at(-1) ?? 0)).to.be.closeTo(-12, 0.001);
  });

  it('opens within one frame from 0.3 on', () => {
    expect(shut().step(0.3)).to.equal(1);
    expect(decibels(shut().step(0.29))).to.be.closeTo(-12, 0.001);
  });

  it('stays open while the probability is 0.15 or more', () => {
    const gate = shut();
    gate.step(0.9);
    expect(repeat(200, () => gate.step(0.15)).every((gain) => gain === 1)).to.equal(true);
    expect(repeat(50, () => gate.step(0.14)).at(-1)).to.be.below(0.3);
  });
});

describe('DryFloor', () => {
  /** What the model takes away of a noise that lasts. */
  const hum = 1e-4;

  it('rests at nothing for 0.1 and at -26 dB for 0.2', () => {
    expect(new DryFloor('0.1').step(0, hum)).to.equal(0);
    expect(decibels(new DryFloor('0.2').step(0, hum))).to.be.closeTo(-26, 0.001);
  });

  it('stays there for somebody who pauses for a fifth of the time', () => {
    const floor = new DryFloor('0.2');
    let frame = 0;
    const shares = repeat(3000, () => floor.step(frame++ % 100 < 78 ? 1 : 0, hum));
    expect(decibels(Math.max(...shares))).to.be.below(-22);
  });

  it('rises to a third where speech never ends, as among other voices', () => {
    for (const [model, most] of [
      ['0.1', 0.35],
      ['0.2', 0.3],
    ] as const) {
      const floor = new DryFloor(model);
      expect(repeat(1500, () => floor.step(0.7, hum)).at(-1)).to.be.closeTo(most, 0.001);
    }
  });

  it('comes back within a second of quiet, and never jumps', () => {
    const floor = new DryFloor('0.2');
    const shares = [...repeat(1500, () => floor.step(0.7, hum)), ...repeat(100, () => floor.step(0, hum))];
    expect(decibels(shares.at(-1) ?? 0)).to.be.closeTo(-26, 0.001);
    expect(Math.max(...shares.slice(1).map((share, index) => Math.abs(share - (shares[index] ?? 0))))).to.be.below(0.01);
  });

  it('gives back no clicks, not even among other voices', () => {
    for (const model of ['0.1', '0.2'] as const) {
      const floor = new DryFloor(model);
      let frame = 0;
      const shares = repeat(1500, () => floor.step(0.7, frame++ % 20 === 0 ? 1e-2 : 1e-7));
      expect(shares.at(-1)).to.be.below(0.01);
    }
  });

  it('is not moved by silence, and gives back what lasts once the clicks are over', () => {
    const floor = new DryFloor('0.2');
    let frame = 0;
    repeat(1500, () => floor.step(0.7, hum));
    expect(floor.step(0.7, hum)).to.be.closeTo(0.3, 0.001);
    repeat(1500, () => floor.step(0.7, 0));
    expect(floor.step(0.7, 0)).to.be.closeTo(0.3, 0.001);
    repeat(1500, () => floor.step(0.7, frame++ % 10 === 0 ? 1e-1 : 1e-7));
    repeat(3000, () => floor.step(0.7, hum));
    expect(floor.step(0.7, hum)).to.be.closeTo(0.3, 0.001);
  });
});
