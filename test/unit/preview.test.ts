import { expect } from '@open-wc/testing';
import type { VcRoomError } from '../../src/room/errors.js';
import { Monitor } from '../../src/sound/monitor.js';
import { holdContext, idleElements } from '../../src/sound/press.js';
import { pressed } from '../support/pressed.js';
import { previewMicrophone } from '../../src/sound/preview.js';
import type { MicrophonePreview } from '../../src/sound/preview.js';
import { record } from '../support/record.js';

const settings = { echoCancellation: true, autoGainControl: true, noiseSuppression: 'rnnoise', assets: new URL('/', location.href).href } as const;

describe('previewMicrophone', () => {
  const { getUserMedia } = navigator.mediaDevices;
  let granted: MediaStream[];
  let preview: MicrophonePreview | undefined;

  beforeEach(() => {
    granted = [];
    const mine = granted;
    navigator.mediaDevices.getUserMedia = async (wish) => {
      const stream = await getUserMedia.call(navigator.mediaDevices, wish);
      mine.push(stream);
      return stream;
    };
  });

  afterEach(() => {
    preview?.stop();
    preview = undefined;
    navigator.mediaDevices.getUserMedia = getUserMedia;
  });

  /** What the next preview plays. */
  function player(): HTMLAudioElement {
    const element = new Audio();
    idleElements.push(element);
    return element;
  }

  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise((nextFrame) => requestAnimationFrame(nextFrame));
  }

  it('plays the microphone back, clean, and says how loud it is and what cleans it', async () => {
    const gesture = pressed({ ...settings, microphone: true });
    const element = player();
    preview = await previewMicrophone(gesture, settings);
    await until(() => preview?.activeNoiseSuppression === 'rnnoise');
    await until(() => (preview?.level() ?? 0) > 0.01);
    await until(() => !element.paused);
    expect(granted).to.have.lengthOf(1);
    expect(Math.max(...(await record((element.srcObject as MediaStream).getAudioTracks()[0] as MediaStreamTrack, 1)))).to.be.above(0.02);
  });

  it('ends in the task in which it is stopped', async () => {
    const gesture = pressed({ ...settings, microphone: true });
    const element = player();
    preview = await previewMicrophone(gesture, settings);
    preview.stop();
    preview.stop();
    expect(granted[0]?.getAudioTracks()[0]?.readyState).to.equal('ended');
    expect(element.srcObject).to.equal(null);
    expect([preview.level(), preview.activeNoiseSuppression]).to.deep.equal([0, 'off']);
  });

  it('leaves the microphone to whoever else uses it', async () => {
    const [one, other] = [pressed({ ...settings, microphone: true }), pressed({ ...settings, microphone: true })];
    preview = await previewMicrophone(one, settings);
    const second = await previewMicrophone(other, settings);
    second.stop();
    expect(granted).to.have.lengthOf(1);
    expect(granted[0]?.getAudioTracks()[0]?.readyState).to.equal('live');
  });

  it('rejects when there is no microphone, and keeps nothing open', async () => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('Requested device not found', 'NotFoundError'));
    const gesture = pressed({ ...settings, microphone: true });
    const context = holdContext();
    context.release();
    const error = await previewMicrophone(gesture, settings).then(
      () => null,
      (thrown: unknown) => thrown as VcRoomError,
    );
    expect(error).to.include({ code: 'mic-missing', reason: 'no-device' });
    await until(() => context.value?.state === 'closed');
  });
});

describe('Monitor', () => {
  it('changes from the clean to the captured sound and back, measured where it is heard', async () => {
    const hold = holdContext();
    if (!hold.value) throw new Error('no AudioContext');
    const context = hold.value;
    await context.resume();
    const [raw, clean] = [0.5, 0.125].map((offset) => new ConstantSourceNode(context, { offset }));
    if (!raw || !clean) throw new TypeError();
    raw.start();
    clean.start();
    const monitor = new Monitor(context, raw, clean);
    const [track] = monitor.stream.getAudioTracks();
    if (!track) throw new TypeError();
    expect((await record(track, 0.3)).at(-1)).to.be.closeTo(0.125, 0.001);
    monitor.setClean(false);
    expect((await record(track, 0.5)).at(-1)).to.be.closeTo(0.5, 0.001);
    expect(monitor.level()).to.be.closeTo(0.5, 0.01);
    monitor.setClean(true);
    expect((await record(track, 0.5)).at(-1)).to.be.closeTo(0.125, 0.001);
    monitor.close();
    hold.release();
  });
});
