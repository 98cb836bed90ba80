import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe } from 'node:test';
import { it } from '../support/left-out.js';
import { openStage } from '../support/stage.js';
import type { Stage, VisitOptions } from '../support/stage.js';

function failing(name: string, message: string): string {
  return `navigator.mediaDevices.getUserMedia = async () => { throw new DOMException(${JSON.stringify(message)}, ${JSON.stringify(name)}); };`;
}

/** Each way in which a page gets no microphone, and what is said about it. */
const refusals: Record<string, { options: Omit<VisitOptions, 'as'>; code: string; reason: string; microphone: string }> = {
  'the person refuses': { options: { microphone: 'denied' }, code: 'mic-blocked', reason: 'person', microphone: 'blocked' },
  'the system refuses': {
    options: { before: failing('NotAllowedError', 'Permission denied by system') },
    code: 'mic-blocked',
    reason: 'system',
    microphone: 'blocked',
  },
  'the page may not': { options: { headers: { 'permissions-policy': 'microphone=()' } }, code: 'mic-blocked', reason: 'page-policy', microphone: 'blocked' },
  'there is none': {
    options: { before: failing('NotFoundError', 'Requested device not found') },
    code: 'mic-missing',
    reason: 'no-device',
    microphone: 'missing',
  },
  'another program has it': {
    options: { before: failing('NotReadableError', 'Could not start audio source') },
    code: 'mic-in-use',
    reason: 'busy',
    microphone: 'blocked',
  },
};

describe('<vc-room> without a microphone', () => {
  let stage: Stage;
  before(async () => (stage = await openStage()));
  beforeEach(() => stage.newRoom());
  afterEach(() => stage.clear());
  after(() => stage.stop());

  for (const [why, { options, code, reason, microphone }] of Object.entries(refusals)) {
    it(`joins, hears and says why when ${why}`, async () => {
      const ben = await stage.visit({ as: 'ben' });
      const ada = await stage.visit({ as: 'ada', ...options });
      await Promise.all([ada.join(), ben.join()]);
      await ada.hears('ben');
      await ada.until('the refusal is known', (room) => room.error !== null);
      const seen = await ada.run((room) => ({ code: room.error?.code, reason: room.error?.reason, microphone: room.microphone }));
      assert.deepEqual(seen, { code, reason, microphone });
      await ada.part('notice').waitFor();
      await ben.until('Ada is marked as muted', (room) => room.remoteParticipants[0]?.muted === true);
    });
  }

  it('is heard as soon as the person allows the microphone', async () => {
    const ben = await stage.visit({ as: 'ben' });
    const ada = await stage.visit({ as: 'ada', microphone: 'denied' });
    await Promise.all([ada.join(), ben.join()]);
    await ada.until('blocked', (room) => room.microphone === 'blocked');
    await ada.allowMicrophone();
    await ben.hears('ada');
    assert.deepEqual(await ada.run((room) => [room.microphone, room.error]), ['live', null]);
  });

  it('hears after a tap where the browser plays nothing without a gesture', async () => {
    const ben = await stage.visit({ as: 'ben' });
    await ben.join();
    const ada = await stage.visit({ as: 'ada', autoplay: false, microphone: 'denied', attributes: { autojoin: '', 'listen-only': '' } });
    assert.equal(await ada.run((room) => room.playbackBlocked), true);
    await ada.page.getByRole('button', { name: 'Tap to hear' }).click();
    await ada.hears('ben');
    assert.equal(await ada.run((room) => room.playbackBlocked), false);
  });

  it('comes in muted by autojoin, and is heard once unmuted', async () => {
    const ben = await stage.visit({ as: 'ben' });
    await ben.join();
    const ada = await stage.visit({ as: 'ada', attributes: { autojoin: '' } });
    await ada.until('joined', (room) => room.connectionState === 'joined');
    assert.deepEqual(await ada.run((room) => [room.micMuted, window.probe.microphoneRequests]), [true, 0]);
    await ada.part('mute-button').click();
    await ben.hears('ada');
  });
});
