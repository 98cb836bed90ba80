import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as pass } from 'node:timers/promises';
import { openStage } from '../support/stage.js';
import type { Stage, Visit } from '../support/stage.js';

describe('<vc-room> that comes back', () => {
  let stage: Stage;
  before(async () => (stage = await openStage()));
  beforeEach(() => stage.newRoom());
  afterEach(() => stage.clear());
  after(() => stage.stop());

  const reload = async ({ page }: Visit): Promise<void> => {
    await page.reload();
    await page.waitForFunction(() => customElements.get('vc-room') !== undefined);
  };

  it('returns after a reload, muted and without asking for the microphone, and is once in the room', async () => {
    const [ada, ben] = await Promise.all([stage.visit({ as: 'ada', attributes: { resume: '', identity: 'ada' } }), stage.visit({ as: 'ben' })]);
    await Promise.all([ada.join(), ben.join()]);
    await ben.sees('Ada');
    await reload(ada);
    await ada.until('joined again', (room) => room.connectionState === 'joined');
    assert.deepEqual(await ada.run((room) => [room.micMuted, room.microphone, window.probe.microphoneRequests]), [true, 'muted', 0]);
    await ben.until('Ada live and muted', ({ remoteParticipants: [ada, ...others] }) => ada?.connection === 'live' && ada.muted && others.length === 0);
  });

  it('stays outside after a reload when the person had left, and without the attribute', async () => {
    const [left, without] = await Promise.all([stage.visit({ as: 'ada', attributes: { resume: '' } }), stage.visit({ as: 'ben' })]);
    await Promise.all([left.join(), without.join()]);
    await left.run((room) => room.leave());
    await Promise.all([left, without].map(reload));
    await pass(500);
    for (const visit of [left, without]) assert.equal(await visit.run((room) => room.connectionState), 'idle');
  });

  it('hands over to a newer tab under the same identity, offers to take over again, and never fights', async () => {
    const attributes = { identity: 'same' };
    const [older, newer] = await Promise.all([stage.visit({ as: 'ada', attributes }), stage.visit({ as: 'ada', attributes })]);
    await older.join();
    await newer.join();
    await older.until('told', (room) => room.connectionState === 'idle' && room.error?.code === 'duplicate-identity');
    // Long enough for whoever would fight.
    await pass(1_500);
    assert.equal(await newer.run((room) => room.connectionState), 'joined');
    assert.equal(await older.run((room) => room.connectionState), 'idle');
    assert.match((await older.part('join-button').textContent()) ?? '', /here/);
    await older.join();
    await newer.until('told', (room) => room.connectionState === 'idle' && room.error?.code === 'duplicate-identity');
    await pass(1_500);
    assert.equal(await older.run((room) => room.connectionState), 'joined');
  });
});
