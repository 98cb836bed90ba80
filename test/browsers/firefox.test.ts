import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { startFirefox } from '../support/firefox.js';
import type { Firefox, FirefoxVisit } from '../support/firefox.js';
import { Mortal } from '../support/mortal.js';
import { openStage } from '../support/stage.js';
import type { Stage } from '../support/stage.js';

describe('<vc-room> in Firefox', () => {
  let stage: Stage;
  let adas: Firefox;
  let bens: Firefox;
  const opened: { stop(): Promise<void> }[] = [];
  before(async () => {
    opened.push((adas = await startFirefox('ada')));
    opened.push((bens = await startFirefox('ben')));
    // Without a microphone Firefox tells no address but that of the way into the network, which does not lead to 127.0.0.1.
    opened.push((stage = await openStage('all')));
  });
  beforeEach(() => stage.newRoom());
  afterEach(async () => {
    await Promise.all([adas.clear(), bens.clear()]);
    await stage.clear();
  });
  after(async () => {
    for (const one of opened.reverse()) await one.stop();
  });

  async function bothJoin(): Promise<readonly [FirefoxVisit, FirefoxVisit]> {
    const ada = await adas.open(stage.page({ as: 'ada' }));
    const ben = await bens.open(stage.page({ as: 'ben' }));
    await ada.join();
    await ben.join();
    return [ada, ben];
  }

  it('talks with Firefox, without noise', async () => {
    const [ada, ben] = await bothJoin();
    await Promise.all([adas.sound.hears('ben'), bens.sound.hears('ada')]);
    for (const visit of [ada, ben]) await visit.until('RNNoise runs', (room) => room.activeNoiseSuppression === 'rnnoise');
    await Promise.all([adas.sound.hears('ben'), bens.sound.hears('ada')]);
    await ada.until('Ben speaks', (room) => room.remoteParticipants.some(({ name, speaking }) => name === 'Ben' && speaking));
    await ben.until('Ben speaks', (room) => room.localParticipant?.speaking === true);
  });

  it('talks with Chromium', async () => {
    const ada = await adas.open(stage.page({ as: 'ada' }));
    const ben = await stage.visit({ as: 'ben' });
    await Promise.all([ada.join(), ben.join()]);
    await Promise.all([adas.sound.hears('ben'), ben.hears('ada')]);
  });

  it('is silent at the far end when muted, and comes back', async () => {
    const [ada, ben] = await bothJoin();
    await bens.sound.hears('ada');
    await ada.click('mute-button');
    await bens.sound.silent('ada');
    await ben.until('the other one is marked as muted', (room) => room.remoteParticipants[0]?.muted === true);
    await ada.click('mute-button');
    await bens.sound.hears('ada');
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

  it('listens, and says why, when the person refuses the microphone', async (t) => {
    const refusing = await startFirefox('ada', 'denied');
    t.after(() => refusing.stop());
    const ada = await refusing.open(stage.page({ as: 'ada' }));
    const ben = await stage.visit({ as: 'ben' });
    await Promise.all([ada.join(), ben.join()]);
    await refusing.sound.hears('ben');
    await ada.until('the refusal is known', (room) => room.error !== null);
    const seen = await ada.run((room) => [room.error?.code, room.error?.reason, room.microphone]);
    assert.deepEqual(seen, ['mic-blocked', 'person', 'blocked']);
    assert.match(await ada.text('notice'), /\w/);
    await refusing.clear();
  });

  it('carries voices again after the server was killed and came back', async () => {
    const [ada, ben] = await bothJoin();
    await Promise.all([adas.sound.hears('ben'), bens.sound.hears('ada')]);
    const server = new Mortal(stage.liveKit);
    opened.push(server);
    await server.die();
    await Promise.all([ada, ben].map((visit) => visit.until('reconnecting', (room) => room.connectionState === 'reconnecting')));
    await server.comeBack({ media: 'all' });
    await Promise.all([ada, ben].map((visit) => visit.until('joined again', (room) => room.connectionState === 'joined')));
    await Promise.all([adas.sound.hears('ben'), bens.sound.hears('ada')]);
  });
});
