import { expect } from '@open-wc/testing';
import { constraints, holdContext, idleElements, idleElementsKept, shared } from '../../src/sound/press.js';
import { pressed } from '../support/pressed.js';
import type { PressedSettings } from '../support/pressed.js';

const settings: PressedSettings = { microphone: true, echoCancellation: true, autoGainControl: true, noiseSuppression: 'browser' };

describe('press', () => {
  const { getUserMedia } = navigator.mediaDevices;

  afterEach(() => {
    navigator.mediaDevices.getUserMedia = getUserMedia;
  });

  it('asks for the microphone and makes the context in its own task', () => {
    let asked: MediaStreamConstraints | undefined;
    navigator.mediaDevices.getUserMedia = (wish) => {
      asked = wish;
      return new Promise(() => undefined);
    };
    const gesture = pressed(settings);
    const context = holdContext();
    expect(asked).to.deep.equal({ audio: { echoCancellation: true, autoGainControl: true, noiseSuppression: true, channelCount: 1 } });
    expect(context.value?.state).not.to.equal('closed');
    expect(context.value?.sampleRate).to.equal(48_000);
    gesture.release();
    context.release();
  });

  it('opens no microphone where none is wanted', () => {
    navigator.mediaDevices.getUserMedia = () => expect.fail('asked for a microphone');
    const gesture = pressed({ ...settings, microphone: false });
    expect(gesture.takeMicrophone()).to.equal(null);
    gesture.release();
  });

  it('closes what nobody took over, also a microphone that is granted later', async () => {
    const context = holdContext();
    context.release();
    const gesture = pressed(settings);
    const opened = holdContext();
    opened.release();
    let granted: Promise<MediaStream> | undefined;
    navigator.mediaDevices.getUserMedia = (wish) => (granted = getUserMedia.call(navigator.mediaDevices, wish));
    gesture.release();
    const late = pressed(settings);
    late.release();
    const stream = await granted;
    await nextTask();
    expect(stream?.getTracks().map((track) => track.readyState)).to.deep.equal(['ended']);
    expect(await closed(opened.value)).to.equal('closed');
  });

  it('leaves to its taker what was taken over', async () => {
    const gesture = pressed(settings);
    const microphone = gesture.takeMicrophone();
    gesture.release();
    const stream = await microphone?.value;
    expect(stream?.getAudioTracks()[0]?.readyState).to.equal('live');
    expect(gesture.takeMicrophone()).to.equal(null);
    microphone?.release();
    await nextTask();
    expect(stream?.getAudioTracks()[0]?.readyState).to.equal('ended');
  });

  it('does not throw in a page that may not have microphones', async () => {
    Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: undefined });
    const gesture = pressed(settings);
    const refused = await gesture.takeMicrophone()?.value.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    Reflect.deleteProperty(navigator, 'mediaDevices');
    expect(refused).to.be.instanceOf(TypeError);
    gesture.release();
  });

  it('makes a context without any wish where one of them is refused', async () => {
    const { AudioContext } = window;
    window.AudioContext = class extends AudioContext {
      constructor(options?: AudioContextOptions) {
        if (options?.sampleRate) throw new DOMException('no such rate', 'NotSupportedError');
        super(options);
      }
    };
    const gesture = pressed({ ...settings, microphone: false });
    window.AudioContext = AudioContext;
    const context = holdContext();
    expect(context.value?.state).not.to.equal('closed');
    context.release();
    gesture.release();
    expect(await closed(context.value)).to.equal('closed');
  });

  it('leaves a context alone that the system has interrupted, which would freeze for good', async () => {
    const context = holdContext();
    if (!context.value) throw new Error('no AudioContext');
    let resumed = 0;
    const state = { configurable: true, get: () => 'interrupted' };
    Object.defineProperties(context.value, { state, resume: { configurable: true, value: () => Promise.resolve(resumed++) } });
    pressed({ ...settings, microphone: false }).release();
    expect(resumed).to.equal(0);
    Reflect.deleteProperty(context.value, 'state');
    Reflect.deleteProperty(context.value, 'resume');
    context.release();
    expect(await closed(context.value)).to.equal('closed');
  });

  it('does not throw where no context can be made', () => {
    const { AudioContext } = window;
    Object.defineProperty(window, 'AudioContext', { configurable: true, writable: true, value: undefined });
    const gesture = pressed({ ...settings, microphone: false });
    expect(holdContext().value).to.equal(null);
    window.AudioContext = AudioContext;
    gesture.release();
  });

  it('keeps a few elements that may play later, no more with every press', () => {
    pressed({ ...settings, microphone: false }).release();
    pressed({ ...settings, microphone: false }).release();
    expect(idleElements).to.have.lengthOf(idleElementsKept);
  });
});

describe('shared', () => {
  it('opens for the first, ends in the task in which the last lets go, and opens anew after that', () => {
    const log: string[] = [];
    let made = 0;
    const hold = shared(
      () => {
        log.push(`open ${++made}`);
        return made;
      },
      (value) => log.push(`end ${value}`),
    );
    const [first, second] = [hold(), hold()];
    first.release();
    first.release();
    expect(log).to.deep.equal(['open 1']);
    second.release();
    expect(log).to.deep.equal(['open 1', 'end 1']);
    hold().release();
    expect(log).to.deep.equal(['open 1', 'end 1', 'open 2', 'end 2']);
  });
});

describe('constraints', () => {
  it('follow the settings', () => {
    expect(constraints({ echoCancellation: false, autoGainControl: false, noiseSuppression: false, inputDevice: 'usb' })).to.deep.equal({
      echoCancellation: false,
      autoGainControl: false,
      noiseSuppression: false,
      voiceIsolation: false,
      channelCount: 1,
      deviceId: { exact: 'usb' },
    });
  });
});

function nextTask(): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve));
}

async function closed(context: AudioContext | null): Promise<string | undefined> {
  if (context && context.state !== 'closed')
    await new Promise((resolve) => context.addEventListener('statechange', () => context.state === 'closed' && resolve(null)));
  return context?.state;
}
