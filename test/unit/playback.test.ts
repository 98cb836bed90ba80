import { expect } from '@open-wc/testing';
import { Playback } from '../../src/sound/playback.js';
import { idleElements } from '../../src/sound/press.js';
import { pressed } from '../support/pressed.js';

const settings = { microphone: false, echoCancellation: true, autoGainControl: true, noiseSuppression: 'browser' } as const;

describe('Playback', () => {
  const { play } = HTMLMediaElement.prototype;
  const { sinkId, setSinkId } = Object.getOwnPropertyDescriptors(HTMLMediaElement.prototype);
  let context: AudioContext;
  let playback: Playback;
  let blocked: boolean[];

  beforeEach(() => {
    context = new AudioContext();
    pressed(settings).release();
    blocked = [];
    playback = new Playback((now) => blocked.push(now));
  });

  afterEach(async () => {
    HTMLMediaElement.prototype.play = play;
    Object.defineProperties(HTMLMediaElement.prototype, { sinkId, setSinkId });
    playback.close();
    await context.close();
  });

  function voice(gain = 1): MediaStreamTrack {
    const destination = new MediaStreamAudioDestinationNode(context);
    const oscillator = new OscillatorNode(context);
    oscillator.connect(new GainNode(context, { gain })).connect(destination);
    oscillator.start();
    const [track] = destination.stream.getAudioTracks();
    if (!track) throw new Error('no track');
    return track;
  }

  /** What an element plays, once it is steady: two readings in a row, which share no sample, differ by less than 1 %. */
  async function samples(element: HTMLAudioElement | undefined): Promise<Float32Array> {
    const analyser = new AnalyserNode(context, { fftSize: 8192 });
    const source = new MediaStreamAudioSourceNode(context, { mediaStream: element?.srcObject as MediaStream });
    source.connect(analyser);
    const [heard, silence] = [new Float32Array(analyser.fftSize), 0.001];
    for (let last = 0, now = 0; now < silence || Math.abs(now - last) > 0.01 * now;) {
      const from = context.currentTime;
      while (context.currentTime < from + 0.18) await new Promise(requestAnimationFrame);
      analyser.getFloatTimeDomainData(heard);
      [last, now] = [now, rms(heard)];
    }
    source.disconnect();
    return heard;
  }

  const rms = (heard: Float32Array): number => Math.sqrt(heard.reduce((sum, sample) => sum + sample * sample, 0) / heard.length);
  const level = async (element: HTMLAudioElement | undefined): Promise<number> => rms(await samples(element)) * (element?.volume ?? 0);
  const peak = async (element: HTMLAudioElement | undefined): Promise<number> => Math.max(...(await samples(element)).map(Math.abs));

  /** The elements that play somebody, as far as they came from those kept ready. */
  function taken(before: readonly HTMLAudioElement[]): HTMLAudioElement[] {
    return before.filter((element) => !idleElements.includes(element));
  }

  it('plays each person on an element of their own, taken from those that may play', async () => {
    const before = [...idleElements];
    const [ada, ben] = [voice(), voice()];
    playback.setGains(
      new Map([
        ['ada', 1],
        ['ben', 0.25],
      ]),
    );
    playback.play('ada', ada);
    playback.play('ben', ben);
    const elements = taken(before);
    await Promise.all(elements.map(playing));
    const volumes = new Map(elements.map((element) => [(element.srcObject as MediaStream).getAudioTracks()[0], element.volume]));
    expect([volumes.get(ada), volumes.get(ben)]).to.deep.equal([1, 0.25]);
  });

  it('swaps the track of a person on the same element, and frees the element with them', () => {
    const before = [...idleElements];
    const [first, second] = [voice(), voice()];
    playback.play('ada', first);
    playback.play('ada', second);
    const elements = taken(before);
    expect(elements.map((element) => (element.srcObject as MediaStream).getAudioTracks())).to.deep.equal([[second]]);
    playback.play('ada', null);
    expect(taken(before)).to.deep.equal([]);
    expect(elements[0]?.srcObject).to.equal(null);
    expect(elements[0]?.paused).to.equal(true);
  });

  it('mutes who has a gain of 0 or none yet, and gives at most full volume for now', () => {
    const before = [...idleElements];
    playback.play('ada', voice());
    const [element] = taken(before);
    expect(element?.muted).to.equal(true);
    playback.setGains(new Map([['ada', 2]]));
    expect([element?.muted, element?.volume]).to.deep.equal([false, 1]);
    playback.setGains(new Map([['ada', 0]]));
    expect(element?.muted).to.equal(true);
  });

  it('is twice as loud at 200 %, 6 dB and no more, on the same element, and clean where it would clip', async () => {
    const loud = new Playback(() => undefined, context);
    await context.resume();
    const track = voice(0.2);
    const before = [...idleElements];
    loud.setGains(new Map([['ada', 1]]));
    loud.play('ada', track);
    const [element] = taken(before);
    const plain = await level(element);
    loud.setGains(new Map([['ada', 2]]));
    expect(taken(before)).to.deep.equal([element]);
    expect(element?.volume).to.equal(1);
    const boosted = await level(element);
    expect(20 * Math.log10(boosted / plain)).to.be.within(5.9, 6.1);
    loud.setGains(new Map([['ada', 0.5]]));
    expect(20 * Math.log10((await level(element)) / plain)).to.be.within(-6.2, -5.8);
    loud.play('ada', voice(0.9));
    loud.setGains(new Map([['ada', 2]]));
    expect(await peak(element)).to.be.within(0.7, 1);
    loud.close();
    expect(element?.srcObject).to.equal(null);
  });

  it('tells when the browser refuses, once, and when a gesture has lifted it', async () => {
    playback.setGains(
      new Map([
        ['ada', 1],
        ['ben', 1],
      ]),
    );
    HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException('play() failed', 'NotAllowedError'));
    playback.play('ada', voice());
    playback.play('ben', voice());
    await playback.resume();
    expect(blocked).to.deep.equal([true]);
    HTMLMediaElement.prototype.play = play;
    await playback.resume();
    expect(blocked).to.deep.equal([true, false]);
  });

  it('is no longer blocked when those whom the browser refused have gone', async () => {
    HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException('play() failed', 'NotAllowedError'));
    playback.play('ada', voice());
    await playback.resume();
    playback.play('ada', null);
    expect(blocked).to.deep.equal([true, false]);
  });

  it('plays everybody, and whoever comes later, on the device that is chosen', () => {
    const routes: string[] = [];
    HTMLMediaElement.prototype.setSinkId = (id) => {
      routes.push(id);
      return Promise.resolve();
    };
    playback.play('ada', voice());
    playback.play('ben', voice());
    expect(routes).to.deep.equal([]);
    playback.setSink('head');
    playback.play('eve', voice());
    expect(routes).to.deep.equal(['head', 'head', 'head']);
  });

  it('goes on playing where a device is refused, and where none can be chosen', async () => {
    const before = [...idleElements];
    playback.setGains(new Map([['ada', 1]]));
    HTMLMediaElement.prototype.setSinkId = () => Promise.reject(new DOMException('The device is gone', 'NotFoundError'));
    playback.play('ada', voice());
    const [element] = taken(before);
    if (!element) throw new Error('nobody is played');
    playback.setSink('gone');
    await playing(element);
    for (const name of ['sinkId', 'setSinkId']) Reflect.deleteProperty(HTMLMediaElement.prototype, name);
    playback.setSink('head');
    expect(element.paused).to.equal(false);
    expect(blocked).to.deep.equal([]);
  });

  it('plays more people than there are elements ready', () => {
    const count = idleElements.length + 3;
    for (let person = 0; person < count; person++) playback.play(`person ${person}`, voice());
    expect(idleElements).to.have.lengthOf(0);
    playback.close();
    expect(idleElements.every((element) => element.srcObject === null)).to.equal(true);
  });
});

function playing(element: HTMLAudioElement): Promise<unknown> {
  return element.paused || element.readyState < element.HAVE_CURRENT_DATA
    ? new Promise((resolve) => element.addEventListener('playing', resolve, { once: true }))
    : Promise.resolve();
}
