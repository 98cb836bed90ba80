import { expect } from '@open-wc/testing';
import { Graph } from '../../src/sound/graph.js';
import { holdContext } from '../../src/sound/press.js';
import type { Hold } from '../../src/sound/press.js';
import { record } from '../support/record.js';

describe('Graph', () => {
  let hold: Hold<AudioContext | null>;
  let context: AudioContext;
  let graph: Graph;

  beforeEach(async () => {
    hold = holdContext();
    if (!hold.value) throw new Error('no AudioContext');
    context = hold.value;
    graph = new Graph(context);
    await context.resume();
  });

  afterEach(() => {
    graph.close();
    hold.release();
  });

  /** A tone as a microphone would bring it: 0.5 of full scale. */
  function tone(frequency = 440): MediaStream {
    const oscillator = new OscillatorNode(context, { frequency });
    const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    oscillator.connect(new GainNode(context, { gain: 0.5 })).connect(destination);
    oscillator.start();
    return destination.stream;
  }

  /** For `record`: a step each `apart` seconds of the context, which goes on as long after the last. A page that was held up hears several blocks at once. */
  function oneByOne(apart: number, ...steps: (() => void)[]): () => boolean {
    let next = context.currentTime + apart;
    return () => {
      if (context.currentTime < next) return true;
      const step = steps.shift();
      step?.();
      next = context.currentTime + apart;
      return step !== undefined;
    };
  }

  it('has a live track of silence before there is a microphone', async () => {
    const { track } = graph.outlet();
    expect(track.readyState).to.equal('live');
    const samples = await record(track, 0.1);
    expect(Math.max(...samples.map(Math.abs))).to.equal(0);
  });

  it('lets nothing out while its gate is shut, and still measures', async () => {
    const outlet = graph.outlet();
    graph.setInput(tone());
    const samples = await record(outlet.track, 0.3);
    expect(Math.max(...samples.map(Math.abs))).to.equal(0);
    expect(graph.level()).to.be.closeTo(0.5 / Math.SQRT2, 0.03);
  });

  it('opens and shuts within 10 ms and without a click', async () => {
    const outlet = graph.outlet();
    graph.setInput(tone());
    const samples = await record(
      outlet.track,
      0,
      oneByOne(
        0.2,
        () => outlet.setOpen(true),
        () => outlet.setOpen(false),
      ),
    );
    const loud = samples.map((sample) => Math.abs(sample) > 1e-4);
    const heard = samples.slice(loud.indexOf(true), loud.lastIndexOf(true) + 1);
    expect(Math.max(...heard)).to.be.closeTo(0.5, 0.01);
    // What a 440 Hz sine steps at most from one sample to the next, and what the opening gate adds at most.
    expect(steepest(samples)).to.be.below(0.5 * 2 * Math.PI * (440 / 48_000) + 0.5 / (Math.E * 0.0012 * 48_000));
    const firstPeak = heard.findIndex((sample) => Math.abs(sample) > 0.45);
    expect(firstPeak).to.be.below(0.012 * 48_000);
  });

  it('gives every room a gate of its own', async () => {
    const [open, shut] = [graph.outlet(), graph.outlet()];
    graph.setInput(tone());
    open.setOpen(true);
    const [heard, silent] = await Promise.all([record(open.track, 0.2), record(shut.track, 0.2)]);
    expect(Math.max(...heard)).to.be.above(0.4);
    expect(Math.max(...silent)).to.equal(0);
  });

  it('is silent again when the microphone is unplugged, on the same track', async () => {
    const outlet = graph.outlet();
    outlet.setOpen(true);
    graph.setInput(tone());
    const before = await record(outlet.track, 0.1);
    graph.setInput(null);
    expect(graph.level()).to.equal(0);
    const after = await record(outlet.track, 0.2);
    expect(Math.max(...before)).to.be.above(0.4);
    expect(Math.max(...after.slice(-2000))).to.equal(0);
    expect(outlet.track.readyState).to.equal('live');
  });

  it('gets a context that was suspended to run at the next touch, and the microphone to be heard again', async () => {
    const outlet = graph.outlet();
    outlet.setOpen(true);
    graph.setInput(tone());
    const told = (state: AudioContextState) =>
      new Promise<void>((resolve) => context.addEventListener('statechange', () => context.state === state && resolve()));
    await Promise.all([told('suspended'), context.suspend()]);
    const running = told('running');
    dispatchEvent(new PointerEvent('pointerup'));
    await running;
    expect(Math.max(...(await record(outlet.track, 0.3)))).to.be.above(0.4);
  });

  it('leaves a context alone that the system has interrupted, which would freeze for good', async () => {
    graph.setInput(tone());
    let resumed = 0;
    const state = { configurable: true, get: () => 'interrupted' };
    Object.defineProperties(context, { state, resume: { configurable: true, value: () => Promise.resolve(resumed++) } });
    try {
      context.dispatchEvent(new Event('statechange'));
      dispatchEvent(new PointerEvent('pointerup'));
      document.dispatchEvent(new Event('visibilitychange'));
      expect(resumed).to.equal(0);
    } finally {
      Reflect.deleteProperty(context, 'state');
      Reflect.deleteProperty(context, 'resume');
    }
    context.dispatchEvent(new Event('statechange'));
    const outlet = graph.outlet();
    outlet.setOpen(true);
    expect(Math.max(...(await record(outlet.track, 0.3)))).to.be.above(0.4);
  });

  it('gets a context to run by itself that is suspended once the interruption is over', () => {
    graph.setInput(tone());
    let [state, resumed] = ['interrupted', 0];
    Object.defineProperties(context, {
      state: { configurable: true, get: () => state },
      resume: { configurable: true, value: () => Promise.resolve(resumed++) },
    });
    try {
      for (state of ['interrupted', 'suspended', 'suspended']) context.dispatchEvent(new Event('statechange'));
      expect(resumed).to.equal(1);
    } finally {
      Reflect.deleteProperty(context, 'state');
      Reflect.deleteProperty(context, 'resume');
    }
    context.dispatchEvent(new Event('statechange'));
  });

  it('changes microphones, renews one, and takes the denoiser in and out, without a step or a hole', async () => {
    const outlet = graph.outlet();
    outlet.setOpen(true);
    const microphone = tone();
    graph.setInput(microphone);
    await record(outlet.track, 0.3, () => graph.level() < 0.3);
    const denoiser = new GainNode(context);
    const samples = await record(
      outlet.track,
      0,
      oneByOne(
        0.4,
        () => graph.setInput(microphone.clone()),
        () => graph.renewInput(),
        () => void graph.insertDenoiser(denoiser, 0, true),
        () => graph.removeDenoiser(false),
      ),
    );
    const steady = samples.slice(9600);
    // Two copies of one microphone need not be aligned: while they fade they may cancel each other in part, and never add up to more.
    expect(steepest(steady)).to.be.below(0.5 * 2 * Math.PI * (440 / 48_000) + 0.5 / 480);
    expect(longestSilence(steady)).to.be.below(48);
  });

  it('stays with the microphone before until the next one brings sound', async () => {
    const outlet = graph.outlet();
    outlet.setOpen(true);
    graph.setInput(tone());
    await record(outlet.track, 0.1);
    const late = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    let unplugged = false;
    graph.setInput(late.stream, () => (unplugged = true));
    const waiting = await record(outlet.track, 0.6);
    expect(longestSilence(waiting)).to.be.below(48);
    expect(unplugged).to.equal(false);
    const oscillator = new OscillatorNode(context, { frequency: 880 });
    oscillator.connect(late);
    oscillator.start();
    const samples = await record(outlet.track, 0.6, () => !unplugged);
    expect(longestSilence(samples)).to.be.below(48);
    expect(Math.max(...samples.slice(-4800))).to.be.closeTo(1, 0.01);
  });

  it('goes to the last of several microphones that came in haste, and gives all others back', async () => {
    const outlet = graph.outlet();
    outlet.setOpen(true);
    let unplugged = 0;
    graph.setInput(tone());
    for (let each = 0; each < 3; each++) graph.setInput(tone(440 + each), () => unplugged++);
    await record(outlet.track, 0.6, () => unplugged < 3);
    const samples = await record(outlet.track, 0.3);
    expect(Math.max(...samples)).to.be.closeTo(0.5, 0.01);
  });

  for (const isHeard of [true, false])
    it(`puts the denoiser ${isHeard ? 'beside the same sound, as late as it, where somebody hears it' : 'in at once where nobody does'}`, async () => {
      const outlet = graph.outlet();
      outlet.setOpen(true);
      // The delay is as long as 8.5 waves: the two cancel each other where they are not aligned.
      graph.setInput(tone(425));
      await record(outlet.track, 0.3, () => graph.level() < 0.3);
      let end = Infinity;
      const before = context.currentTime;
      void graph.insertDenoiser(new DelayNode(context, { delayTime: 0.02 }), 0.02, isHeard).then(() => (end = context.currentTime + 0.4));
      const samples = (await record(outlet.track, 0, () => context.currentTime < end)).slice(0, -2400);
      const loudness = Array.from({ length: Math.floor(samples.length / 240) }, (_, index) => Math.max(...samples.slice(240 * index, 240 * (index + 1))));
      expect(Math.min(...loudness) > 0.45).to.equal(isHeard);
      if (isHeard) expect(end - before).to.be.above(1);
      // A tone that is bent by 2 %, and what fades.
      expect(steepest(samples)).to.be.below(1.02 * 0.5 * 2 * Math.PI * (425 / 48_000) + 0.5 / 960);
    });

  it('goes on without the denoiser when that dies', async () => {
    const outlet = graph.outlet();
    outlet.setOpen(true);
    graph.setInput(tone());
    const denoiser = new GainNode(context);
    await graph.insertDenoiser(denoiser, 0, false);
    const samples = await record(
      outlet.track,
      0,
      oneByOne(0.4, () => {
        denoiser.gain.value = 0;
        graph.removeDenoiser(true);
      }),
    );
    expect(longestSilence(samples.slice(9600))).to.be.below(960);
    expect(Math.max(...samples.slice(-4800))).to.be.closeTo(0.5, 0.01);
  });

  it('ends the track with the room', () => {
    const outlet = graph.outlet();
    outlet.close();
    expect(outlet.track.readyState).to.equal('ended');
  });
});

function steepest(samples: readonly number[]): number {
  return samples.reduce((most, sample, index) => Math.max(most, index === 0 ? 0 : Math.abs(sample - (samples[index - 1] ?? 0))), 0);
}

/** In samples. */
function longestSilence(samples: readonly number[]): number {
  let longest = 0;
  let now = 0;
  for (const sample of samples) {
    now = Math.abs(sample) < 1e-3 ? now + 1 : 0;
    longest = Math.max(longest, now);
  }
  return longest;
}
