import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as pass } from 'node:timers/promises';
import { startFirefox } from '../support/firefox.js';
import type { Firefox, FirefoxVisit } from '../support/firefox.js';
import { oneIsLeft } from '../support/pair.js';
import { openStage } from '../support/stage.js';
import type { Stage, Visit } from '../support/stage.js';

/** What the end-to-end suite, which runs in Firefox too (VC_BROWSER=firefox), does not try: its real devices, and Firefox against Chromium. */
describe('<vc-room> in Firefox', () => {
  let stage: Stage;
  let adas: Firefox;
  const opened: { stop(): Promise<void> }[] = [];
  before(async () => {
    opened.push((adas = await startFirefox('ada')));
    // Without a microphone Firefox tells no address but that of the way into the network, which does not lead to 127.0.0.1.
    opened.push((stage = await openStage('all')));
  });
  beforeEach(() => stage.newRoom());
  afterEach(async () => {
    await adas.clear();
    await stage.clear();
  });
  after(async () => {
    for (const one of opened.reverse()) await one.stop();
  });

  /** Ada in Firefox, Ben in Chromium. */
  async function adaAndBen(attributes: Readonly<Record<string, string>> = {}): Promise<readonly [FirefoxVisit, Visit]> {
    const [ada, ben] = await Promise.all([
      adas.open(stage.page({ as: 'ada', attributes })),
      stage.visit({ as: 'ben', attributes: { 'noise-suppression': 'off', 'auto-gain-control': 'off', cues: 'off' } }),
    ]);
    await Promise.all([ada.join(), ben.join()]);
    return [ada, ben];
  }

  it('talks with Chromium', async () => {
    const ada = await adas.open(stage.page({ as: 'ada' }));
    const ben = await stage.visit({ as: 'ben' });
    await Promise.all([ada.join(), ben.join()]);
    await Promise.all([adas.sound.hears('ben'), ben.hears('ada')]);
  });

  it('frees the microphone when left, and joins again', async () => {
    const ada = await adas.open(stage.page({ as: 'ada' }));
    const ben = await stage.visit({ as: 'ben' });
    await Promise.all([ada.join(), ben.join()]);
    await ben.hears('ada');
    assert.equal(adas.sound.recording(), 1);
    await ada.click('leave-button');
    await ada.until('left', (room) => room.connectionState === 'idle');
    await ben.sees();
    await adas.sound.free();
    await ada.join();
    await ben.hears('ada');
  });

  it('is twice as loud at 200 %, and silent at nothing', async () => {
    const [ada, ben] = await adaAndBen({ 'listen-only': '', cues: 'off' });
    await Promise.all([ada.hears('ben'), ben.sees('Ada')]);
    /** Of a second and more, so that only what is loud now counts. */
    const loudness = async (): Promise<number> => {
      const readings: number[] = [];
      while (readings.length < 12) {
        readings.push(adas.sound.peak('ben'));
        await pass(120);
      }
      return readings.at(-1) ?? 0;
    };
    const plain = await loudness();
    await ada.run((room) => (room.volume = 2));
    const gain = 20 * Math.log10((await loudness()) / plain);
    assert.ok(Math.abs(gain - 6.02) < 1.5, `${gain.toFixed(1)} dB`);
    await ada.run((room) => (room.volume = 0));
    await adas.sound.silent('ben');
    await ada.run((room) => (room.volume = 0.5));
    await ada.hears('ben');
  });

  it('lets out nothing until a key of push-to-talk is held', async () => {
    const [ada, ben] = await adaAndBen({ 'push-to-talk': 'KeyT', 'push-to-talk-scope': 'page' });
    await ada.until('the microphone is ready', (room) => room.microphone === 'live' && room.activeNoiseSuppression === 'rnnoise');
    await ben.silent('ada');
    await ada.page.keyboard.down('t');
    await ben.hears('ada');
    await ada.page.keyboard.up('t');
    await ben.silent('ada');
  });

  it('lists the devices, and tells the one in use', async () => {
    const [ada, ben] = await adaAndBen();
    await ben.hears('ada');
    const [listed, used] = await ada.run(async (room) => [await room.listDevices(), room.inputDevice] as const);
    assert.ok(
      listed.inputs.some(({ label }) => label.includes('Microphone')),
      JSON.stringify(listed),
    );
    assert.match(used?.label ?? '', /Microphone/);
    await ada.run((room) => room.setInputDevice(room.inputDevice?.id ?? null));
    await ben.hears('ada');
  });

  it('asks for one token through leaving, joining again and a reload', async () => {
    const [ada] = await adaAndBen();
    const asked = () => stage.endpoint.requests.filter(({ participant_name }) => participant_name === 'Ada').length;
    const once = asked();
    await ada.click('leave-button');
    await ada.join();
    await ada.click('leave-button');
    await ada.reload();
    await ada.join();
    await ada.hears('ben');
    assert.equal(asked(), once);
  });

  it('is gone from the room as soon as its page is left, and comes back to one that stays', async () => {
    const [ada, ben] = await adaAndBen();
    const states = await ada.run(
      (room) =>
        new Promise<string[]>((resolve) => {
          const seen: string[] = [];
          room.addEventListener('connectionstatechange', () => {
            if (seen.push(room.connectionState) === 2) resolve(seen);
          });
          dispatchEvent(new Event('beforeunload', { cancelable: true }));
        }),
    );
    assert.deepEqual(states, ['reconnecting', 'joined']);
    await Promise.all([ada.hears('ben'), ben.hears('ada')]);
    await ada.page.goto('about:blank');
    await oneIsLeft(stage);
    await ben.until('nobody else', (room) => room.remoteParticipants.length === 0);
  });
});
