import { expect } from '@open-wc/testing';
import { holdContext } from '../../src/sound/press.js';
import type { Hold } from '../../src/sound/press.js';
import { holdStudio } from '../../src/sound/studio.js';
import type { Studio, StudioListener } from '../../src/sound/studio.js';
import { brittleModel } from '../support/brittle-model.js';

const settings = {
  echoCancellation: true,
  autoGainControl: true,
  noiseSuppression: 'rnnoise',
  assets: new URL('/', location.href).href,
} as const;

describe('Studio', () => {
  const { getUserMedia, enumerateDevices } = navigator.mediaDevices;
  let context: Hold<AudioContext | null>;
  let hold: Hold<Studio>;
  let studio: Studio;
  let wishes: MediaTrackConstraints[];
  let active: string;
  let speech: number | null;
  let look: () => void;
  let voice: GainNode;

  const listener: StudioListener = {
    changed: () => look(),
    noiseSuppressionChanged: (now) => {
      active = now;
      look();
    },
    devicesChanged: () => undefined,
    heard: (moment) => {
      speech = moment?.speech ?? null;
      look();
    },
  };

  beforeEach(async () => {
    wishes = [];
    active = 'off';
    speech = null;
    look = () => undefined;
    context = holdContext();
    if (!context.value) throw new Error('no AudioContext');
    await context.value.resume();
    voice = talker(context.value);
    const microphone = new MediaStreamAudioDestinationNode(context.value, { channelCount: 1 });
    voice.connect(microphone);
    // A device whose processing can be chosen only when it is opened, and that is listed once.
    navigator.mediaDevices.enumerateDevices = () => Promise.resolve([]);
    navigator.mediaDevices.getUserMedia = (wish) => {
      const audio = wish?.audio as MediaTrackConstraints;
      wishes.push(audio);
      const track = microphone.stream.getAudioTracks()[0]?.clone();
      if (!track) throw new TypeError();
      track.getSettings = () => ({ deviceId: 'one', groupId: 'one', noiseSuppression: audio.noiseSuppression === true });
      track.applyConstraints = () => Promise.resolve();
      return Promise.resolve(new MediaStream([track]));
    };
    hold = holdStudio(settings);
    studio = hold.value;
  });

  afterEach(() => {
    studio.leave(listener);
    hold.release();
    context.release();
    Object.assign(navigator.mediaDevices, { getUserMedia, enumerateDevices });
  });

  function until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      look = () => isSo() && resolve();
      look();
    });
  }

  it('opens the device anew for the browser to suppress only when the person pauses, and RNNoise goes on until then', async () => {
    const outlet = studio.addOutlet();
    outlet.setOpen(true);
    studio.open(listener, null);
    studio.denoise();
    await until(() => active === 'rnnoise' && (speech ?? 0) > 0.5);
    studio.setNoiseSuppression('browser');
    for (let reports = 0; reports < 10; reports++) {
      speech = null;
      await until(() => speech !== null);
    }
    expect(wishes).to.have.lengthOf(1);
    expect(active).to.equal('rnnoise');
    voice.gain.value = 0;
    await until(() => active === 'browser');
    expect(wishes.map(({ noiseSuppression }) => noiseSuppression)).to.deep.equal([false, true]);
    studio.removeOutlet(outlet);
  });

  it('does not wait for a pause while nobody listens', async () => {
    studio.open(listener, null);
    studio.denoise();
    await until(() => active === 'rnnoise' && (speech ?? 0) > 0.5);
    // Nobody pauses here: who waits for it waits until the longest wait is over, and that timer never rings.
    const { setTimeout: native } = window;
    window.setTimeout = ((work: () => void, ms: number) => (ms >= 5000 ? 0 : native(work, ms))) as typeof setTimeout;
    studio.setNoiseSuppression('browser');
    await until(() => active === 'browser').finally(() => (window.setTimeout = native));
  });

  it('brings back soon what a hole has delayed the microphone by, in a pause', async () => {
    const { MediaStreamAudioSourceNode } = window;
    let sources = 0;
    window.MediaStreamAudioSourceNode = class extends MediaStreamAudioSourceNode {
      constructor(where: AudioContext, options: MediaStreamAudioSourceOptions) {
        super(where, options);
        sources++;
      }
    };
    studio.open(listener, null);
    studio.denoise();
    await until(() => active === 'rnnoise' && (speech ?? 0) > 0.5);
    const { value } = context;
    if (!value) throw new Error('no AudioContext');
    const now = value.currentTime;
    voice.gain
      .setValueAtTime(0, now + 0.1)
      .setValueAtTime(1, now + 0.13)
      .setValueAtTime(0, now + 0.5);
    Object.defineProperty(value, 'currentTime', { configurable: true, value: now + 6 });
    await until(() => sources > 1);
    Reflect.deleteProperty(value, 'currentTime');
    window.MediaStreamAudioSourceNode = MediaStreamAudioSourceNode;
  });

  it('brings back without a denoiser too what holes have delayed the microphone by, after a minute, and not while somebody speaks', async () => {
    const { MediaStreamAudioSourceNode } = window;
    let sources = 0;
    window.MediaStreamAudioSourceNode = class extends MediaStreamAudioSourceNode {
      constructor(where: AudioContext, options: MediaStreamAudioSourceOptions) {
        super(where, options);
        sources++;
      }
    };
    const outlet = studio.addOutlet();
    outlet.setOpen(true);
    studio.setNoiseSuppression('off');
    studio.open(listener, null);
    const reports = async (count: number): Promise<void> => {
      for (let report = 0; report < count; report++) {
        speech = 1;
        await until(() => speech === null);
      }
    };
    await until(() => studio.level() > 0.01);
    await reports(5);
    expect(sources).to.equal(1);
    const { value } = context;
    if (!value) throw new Error('no AudioContext');
    const since = value.currentTime;
    Object.defineProperty(value, 'currentTime', { configurable: true, value: since + 61 });
    await reports(5);
    expect(sources).to.equal(1);
    voice.gain.value = 0;
    await until(() => sources > 1);
    await reports(5);
    Reflect.deleteProperty(value, 'currentTime');
    window.MediaStreamAudioSourceNode = MediaStreamAudioSourceNode;
    expect(sources).to.equal(2);
    studio.removeOutlet(outlet);
  });

  it('leaves it to the browser when the model breaks down', async () => {
    const { fetch } = window;
    const { addModule } = AudioWorklet.prototype;
    const assets = new URL('/brittle/', location.href).href;
    window.fetch = () => Promise.resolve(new Response(brittleModel(60), { headers: { 'content-type': 'application/wasm' } }));
    AudioWorklet.prototype.addModule = function (url) {
      return addModule.call(this, String(url).replace(assets, settings.assets));
    };
    hold.release();
    hold = holdStudio({ ...settings, assets });
    studio = hold.value;
    const seen: string[] = [];
    studio.open(listener, null);
    studio.denoise();
    await until(() => {
      seen.push(active);
      return active === 'browser' && seen.includes('rnnoise');
    }).finally(() => {
      window.fetch = fetch;
      AudioWorklet.prototype.addModule = addModule;
    });
    expect(studio.diagnostics().denoiser).to.include({ phase: 'failed', rung: null });
    expect(studio.diagnostics().denoiser.reasons.join()).to.include('0.1 exception');
    await until(() => studio.level() > 0.01);
  });

  it('leaves it to the browser until RNNoise runs', async () => {
    studio.setNoiseSuppression('browser');
    studio.open(listener, null);
    studio.denoise();
    await until(() => active === 'browser');
    const seen: string[] = [];
    studio.setNoiseSuppression('rnnoise');
    await until(() => {
      seen.push(active);
      return active === 'rnnoise';
    });
    expect(seen).to.not.include('off');
  });
});

/** A vowel that moves in pitch and never pauses. */
function talker(context: AudioContext): GainNode {
  const pitch = new OscillatorNode(context, { type: 'sawtooth', frequency: 160 });
  const sway = new OscillatorNode(context, { frequency: 4 });
  const throat = new BiquadFilterNode(context, { type: 'peaking', frequency: 700, gain: 15, Q: 3 });
  const voice = new GainNode(context, { gain: 0.05 });
  sway.connect(new GainNode(context, { gain: 20 })).connect(pitch.frequency);
  pitch.connect(throat).connect(voice);
  pitch.start();
  sway.start();
  return voice;
}
