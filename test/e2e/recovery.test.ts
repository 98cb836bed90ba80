import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { startLiveKit } from '../../demo/livekit-server.js';
import type { LiveKit } from '../../demo/livekit-server.js';
import { assertAccessible, axe } from '../support/axe.js';
import { openStage } from '../support/stage.js';
import type { Stage } from '../support/stage.js';

/** What livekit-client needs to see that the server has gone, to find it again and to start over. */
const recoveryLimit = 40_000;

describe('<vc-room> whose server dies', () => {
  let stage: Stage;
  let successor: LiveKit | undefined;
  before(async () => (stage = await openStage()));
  beforeEach(() => stage.newRoom());
  afterEach(() => stage.clear());
  after(async () => {
    await successor?.stop();
    await stage.stop();
  });

  it('keeps the roster, says that it reconnects, and carries voices again once there is a server', async () => {
    const [ada, ben] = await Promise.all([stage.visit({ as: 'ada', before: axe }), stage.visit({ as: 'ben' })]);
    await Promise.all([ada.join(), ben.join()]);
    await ada.hears('ben');
    const { ports, apiKey, apiSecret, exited } = stage.liveKit;
    stage.liveKit.kill('SIGKILL');
    await exited;
    await ada.until('reconnecting', (room) => room.connectionState === 'reconnecting', undefined, recoveryLimit);
    await ada.sees('Ben');
    assert.equal(await ada.run((room) => room.error), null);
    await assertAccessible(ada, 'reconnecting');
    successor = await startLiveKit({ ports, keys: { apiKey, apiSecret } });
    await Promise.all([ada, ben].map((visit) => visit.until('joined again', (room) => room.connectionState === 'joined', undefined, recoveryLimit)));
    await Promise.all([ada.hears('ben'), ben.hears('ada')]);
    await ada.sees('Ben');
  });

  it('can be left while it reconnects', async () => {
    const ada = await stage.visit({ as: 'ada' });
    await ada.join();
    const running = successor ?? stage.liveKit;
    running.kill('SIGKILL');
    await running.exited;
    await ada.until('reconnecting', (room) => room.connectionState === 'reconnecting', undefined, recoveryLimit);
    await ada.part('leave-button').click();
    await ada.until('idle with nothing open', (room) => room.connectionState === 'idle' && Object.values(window.probe.open).every((count) => count === 0));
  });
});
