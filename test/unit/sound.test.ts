import { expect } from '@open-wc/testing';
import type { Sound, SoundReport } from '../../src/room/suppliers.js';
import { listDevices } from '../../src/sound/devices.js';
import { holdContext } from '../../src/sound/press.js';
import { pressed } from '../support/pressed.js';
import type { PressedSettings } from '../support/pressed.js';
import { createSound } from '../../src/sound/sound.js';
import type { StudioDiagnostics } from '../../src/sound/studio.js';
import { record } from '../support/record.js';

const settings: PressedSettings = { microphone: true, echoCancellation: true, autoGainControl: true, noiseSuppression: 'browser' };
const assets = new URL('/', location.href).href;

describe('createSound', () => {
  const { getUserMedia } = navigator.mediaDevices;
  let sounds: Sound[];
  let granted: MediaStream[];
  let granting: Promise<unknown>[];

  beforeEach(() => {
    sounds = [];
    granted = [];
    const mine = granted;
    granting = [];
    navigator.mediaDevices.getUserMedia = (wish) => {
      const opening = getUserMedia.call(navigator.mediaDevices, wish);
      granting.push(opening.then((stream) => mine.push(stream)));
      return opening;
    };
  });

  afterEach(() => {
    navigator.mediaDevices.getUserMedia = getUserMedia;
    for (const sound of sounds) sound.close();
  });

  function create(
    changes: Partial<PressedSettings> = {},
    from = assets,
  ): {
    sound: Sound;
    until: (type: SoundReport['type'], value: unknown) => Promise<void>;
    reports: SoundReport[];
  } {
    const sound = createSound(pressed({ ...settings, ...changes }), { ...settings, ...changes, assets: from });
    sound.denoise();
    sounds.push(sound);
    const reports: SoundReport[] = [];
    let look = (): void => undefined;
    sound.start((report) => {
      reports.push(report);
      look();
    });
    const until = (type: SoundReport['type'], value: unknown): Promise<void> =>
      new Promise((resolve) => {
        look = () => reports.some((report) => report.type === type && Object.values(report).includes(value)) && resolve();
        look();
      });
    return { sound, until, reports };
  }

  it('tells once of another list of devices, with a microphone and without', async () => {
    const { sound, until, reports } = create();
    const told = (): number => reports.filter(({ type }) => type === 'devices').length;
    const change = (): boolean => navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    change();
    expect(told()).to.equal(1);
    sound.openMicrophone();
    await until('capture', 'open');
    const before = told();
    change();
    expect(told()).to.equal(before + 1);
    sound.closeMicrophone();
    change();
    expect(told()).to.equal(before + 2);
    expect(reports.at(-1)).to.deep.equal({ type: 'devices', input: null });
    sound.close();
    change();
    expect(told()).to.equal(before + 2);
  });

  it('has its outgoing track at once and keeps it', async () => {
    const { sound, until } = create();
    const { outgoing } = sound;
    expect((outgoing as MediaStreamTrack).readyState).to.equal('live');
    sound.openMicrophone();
    await until('capture', 'open');
    expect(sound.outgoing).to.equal(outgoing);
  });

  it('takes over the microphone that the press asked for, and asks for no other', async () => {
    const { sound, until, reports } = create();
    sound.openMicrophone();
    sound.openMicrophone();
    await until('capture', 'open');
    expect(granted).to.have.lengthOf(1);
    expect(reports.filter(({ type }) => type === 'capture')).to.deep.equal([
      { type: 'capture', capture: 'requesting' },
      { type: 'capture', capture: 'open' },
    ]);
  });

  it('opens the microphone later where the press did not', async () => {
    const { sound, until } = create({ microphone: false });
    expect(granted).to.have.lengthOf(0);
    sound.openMicrophone();
    await until('capture', 'open');
    expect(granted).to.have.lengthOf(1);
  });

  it('sends the voice once the gate is open', async () => {
    const { sound, until } = create();
    sound.openMicrophone();
    sound.setTransmitting(true);
    await until('capture', 'open');
    const samples = await record(sound.outgoing as MediaStreamTrack, 1);
    expect(Math.max(...samples)).to.be.above(0.02);
    expect(sound.level()).to.be.above(0);
  });

  it('tells that the browser suppresses noise', async () => {
    const { sound, until } = create();
    sound.openMicrophone();
    await until('noisesuppression', 'browser');
  });

  it('suppresses with RNNoise once that runs, without the browser suppressing too, and changes while talking', async () => {
    const { sound, until, reports } = create({ noiseSuppression: 'rnnoise' });
    sound.openMicrophone();
    await until('noisesuppression', 'rnnoise');
    expect(granted[0]?.getAudioTracks()[0]?.getSettings()).to.include({ noiseSuppression: false, echoCancellation: true, autoGainControl: true });
    sound.setNoiseSuppression('off');
    expect(reports.at(-1)).to.deep.equal({ type: 'noisesuppression', active: 'off' });
    sound.setNoiseSuppression('rnnoise');
    expect(reports.at(-1)).to.deep.equal({ type: 'noisesuppression', active: 'rnnoise' });
    sound.setNoiseSuppression('browser');
    await until('noisesuppression', 'browser');
    expect(sound.diagnostics()).to.have.nested.property('processing.noiseSuppression', true);
  });

  it('has the browser suppress where RNNoise cannot be had, and keeps the same track', async () => {
    const { sound, until } = create({ noiseSuppression: 'rnnoise' }, `${assets}nowhere/`);
    sound.openMicrophone();
    sound.setTransmitting(true);
    await until('noisesuppression', 'browser');
    expect((sound.outgoing as MediaStreamTrack).readyState).to.equal('live');
    const samples = await record(sound.outgoing as MediaStreamTrack, 1);
    expect(Math.max(...samples)).to.be.above(0.02);
  });

  it('tells that the browser suppresses also where RNNoise had failed before there was a microphone', async () => {
    const { sound, until } = create({ noiseSuppression: 'rnnoise', microphone: false }, `${assets}nowhere/`);
    const working = navigator.mediaDevices.getUserMedia;
    let grant = (): void => undefined;
    const answered = new Promise<void>((resolve) => (grant = resolve));
    navigator.mediaDevices.getUserMedia = async (wish) => {
      await answered;
      return working.call(navigator.mediaDevices, wish);
    };
    sound.openMicrophone();
    while ((sound.diagnostics() as StudioDiagnostics).denoiser.phase !== 'failed') await new Promise((nextFrame) => requestAnimationFrame(nextFrame));
    grant();
    await until('noisesuppression', 'browser');
  });

  it('tells which device it captures from, and changes it', async () => {
    const { sound, until, reports } = create();
    sound.openMicrophone();
    await until('capture', 'open');
    const inputs = (await listDevices()).inputs;
    await sound.setInputDevice(inputs[0]?.id ?? null);
    expect(reports.at(-1)).to.deep.equal({ type: 'devices', input: inputs[0] });
  });

  it('has no hint left of a microphone that is gone, or of a context that the system has stopped', async () => {
    const { sound, reports } = create();
    const hints: unknown[] = [];
    let look = (): void => undefined;
    const hint = (wanted: string | null): Promise<void> =>
      new Promise((resolve) => {
        look = () => hints.at(-1) === wanted && resolve();
        look();
      });
    sound.start((report) => {
      reports.push(report);
      if (report.type === 'hint') hints.push(report.hint);
      look();
    });
    sound.openMicrophone();
    await hint('talking-while-muted');
    const context = holdContext();
    await context.value?.suspend();
    await hint(null);
    await context.value?.resume();
    context.release();
    await hint('talking-while-muted');
    sound.closeMicrophone();
    expect(hints.at(-1)).to.equal(null);
  });

  it('ends microphone, track and context in the task in which it is closed', async () => {
    const { sound, until } = create();
    const context = holdContext();
    context.release();
    sound.openMicrophone();
    await until('capture', 'open');
    sound.close();
    expect(granted.flatMap((stream) => stream.getTracks()).map((track) => track.readyState)).to.deep.equal(['ended']);
    expect((sound.outgoing as MediaStreamTrack).readyState).to.equal('ended');
    if (context.value?.state === 'running') await new Promise((resolve) => context.value?.addEventListener('statechange', resolve, { once: true }));
    expect(context.value?.state).to.equal('closed');
  });

  it('says nothing after it was closed, and takes no further orders', async () => {
    const { sound, reports } = create();
    sound.openMicrophone();
    sound.close();
    sound.close();
    const told = reports.length;
    sound.openMicrophone();
    sound.setTransmitting(true);
    await sound.resume();
    await Promise.allSettled([navigator.mediaDevices.enumerateDevices()]);
    expect(reports).to.have.lengthOf(told);
    expect(sound.level()).to.equal(0);
  });

  it('shares one microphone among the rooms of a page, until the last is left', async () => {
    const [first, second] = [create(), create()];
    first.sound.openMicrophone();
    second.sound.openMicrophone();
    await first.until('capture', 'open');
    await second.until('capture', 'open');
    expect(granted).to.have.lengthOf(1);
    first.sound.close();
    expect(granted[0]?.getAudioTracks()[0]?.readyState).to.equal('live');
    second.sound.setTransmitting(true);
    const samples = await record(second.sound.outgoing as MediaStreamTrack, 1);
    expect(Math.max(...samples)).to.be.above(0.02);
    second.sound.close();
    expect(granted[0]?.getAudioTracks()[0]?.readyState).to.equal('ended');
  });

  it('opens nothing that stays when its press was released before', async () => {
    const made: AudioContext[] = [];
    const { AudioContext } = window;
    window.AudioContext = class extends AudioContext {
      constructor(options?: AudioContextOptions) {
        super(options);
        made.push(this);
      }
    };
    const gesture = pressed(settings);
    gesture.release();
    createSound(gesture, { ...settings, assets }).close();
    window.AudioContext = AudioContext;
    await Promise.all(granting);
    // After the last render of each.
    while (made.some(({ state }) => state !== 'closed')) await new Promise((nextTask) => setTimeout(nextTask));
    expect(made.length).to.equal(2);
    expect(granted.flatMap((stream) => stream.getTracks()).map((track) => track.readyState)).to.deep.equal(['ended']);
  });
});
