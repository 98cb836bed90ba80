import { expect } from '@open-wc/testing';
import { prepareSound } from '../../src/sound/ahead.js';
import { createSound } from '../../src/sound/sound.js';
import type { SoundSettings } from '../../src/sound/sound.js';
import type { Sound } from '../../src/room/suppliers.js';
import { pressed } from '../support/pressed.js';

const settings: SoundSettings = {
  assets: new URL('/dist/', location.href).href,
  echoCancellation: true,
  autoGainControl: true,
  noiseSuppression: 'rnnoise',
};

describe('prepareSound', () => {
  const { AudioContext: RealContext } = window;
  const { getUserMedia } = navigator.mediaDevices;
  let contexts: AudioContext[];
  let asked: (MediaStreamConstraints | undefined)[];
  let sounds: Sound[];

  beforeEach(() => {
    contexts = [];
    asked = [];
    sounds = [];
    window.AudioContext = class extends RealContext {
      constructor(options?: AudioContextOptions) {
        super(options);
        contexts.push(this);
      }
    };
    navigator.mediaDevices.getUserMedia = (wish) => {
      asked.push(wish);
      return getUserMedia.call(navigator.mediaDevices, wish);
    };
  });

  afterEach(async () => {
    for (const sound of sounds) sound.close();
    window.AudioContext = RealContext;
    navigator.mediaDevices.getUserMedia = getUserMedia;
    for (const context of contexts) while (context.state !== 'closed') await new Promise(requestAnimationFrame);
  });

  function create(change: Partial<SoundSettings> = {}): Sound {
    const own = { ...settings, ...change };
    const sound = createSound(pressed({ ...own, microphone: false }), own);
    sounds.push(sound);
    return sound;
  }

  it('has the graph ready for whoever comes, and the parts of the denoiser, without a device', async () => {
    const loaded = new Promise<void>((resolve) => {
      const { addModule } = AudioWorklet.prototype;
      AudioWorklet.prototype.addModule = async function (...module) {
        AudioWorklet.prototype.addModule = addModule;
        await addModule.apply(this, module).catch(() => undefined);
        resolve();
      };
    });
    prepareSound(settings);
    prepareSound(settings);
    await loaded;
    create();
    expect([contexts.length, asked.length]).to.deep.equal([1, 0]);
  });

  it('is not used under other settings', () => {
    prepareSound(settings);
    create({ echoCancellation: false }).openMicrophone();
    expect(asked.map((wish) => (wish?.audio as MediaTrackConstraints).echoCancellation)).to.deep.equal([false]);
  });
});
