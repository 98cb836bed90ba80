import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as pass } from 'node:timers/promises';
import { assertAccessible, axe } from '../support/axe.js';
import { briefly } from '../support/endpoint.js';
import type { Answer } from '../support/endpoint.js';
import { eachOther } from '../support/pair.js';
import { Mortal } from '../support/mortal.js';
import { openStage } from '../support/stage.js';
import type { Stage, Visit } from '../support/stage.js';

/** What livekit-client needs to see that the server has gone, to find it again and to start over. */
const recoveryLimit = 40_000;

describe('<vc-room> whose server dies', () => {
  let stage: Stage;
  let server: Mortal;
  before(async () => {
    stage = await openStage();
    server = new Mortal(stage.liveKit);
  });
  beforeEach(async () => {
    stage.newRoom();
    await server.comeBack();
  });
  afterEach(() => stage.clear());
  after(async () => {
    await server.stop();
    await stage.stop();
  });

  /** Resolves once everybody has noticed: until then all are joined, and what was said last still counts as heard. */
  async function dieBefore(...visits: readonly Visit[]): Promise<void> {
    await server.die();
    await Promise.all(visits.map((visit) => visit.until('reconnecting', (room) => room.connectionState === 'reconnecting', undefined, recoveryLimit)));
  }

  const joinedAgain = (visits: readonly Visit[]) =>
    Promise.all(visits.map((visit) => visit.until('joined again', (room) => room.connectionState === 'joined', undefined, recoveryLimit)));

  /** The two, with grants of this kind, and how often Ada and Ben have asked for one since. */
  async function pair(answer: Answer): Promise<readonly [Visit, Visit, asked: () => readonly number[]]> {
    const attributes = { 'token-endpoint': stage.endpoint.at(answer) };
    const [ada, ben] = await Promise.all([stage.visit({ as: 'ada', attributes }), stage.visit({ as: 'ben', attributes })]);
    await Promise.all([ada.join(), ben.join()]);
    await eachOther([ada, ben]);
    const before = stage.endpoint.requests.length;
    return [ada, ben, () => ['Ada', 'Ben'].map((name) => stage.endpoint.requests.slice(before).filter(({ participant_name: asker }) => asker === name).length)];
  }

  it('keeps the roster, says that it reconnects, and carries voices again once there is a server', async () => {
    const [ada, ben] = await Promise.all([stage.visit({ as: 'ada', before: axe }), stage.visit({ as: 'ben' })]);
    await Promise.all([ada.join(), ben.join()]);
    await ada.hears('ben');
    await dieBefore(ada, ben);
    await ada.sees('Ben');
    assert.equal(await ada.run((room) => room.error), null);
    await assertAccessible(ada, 'reconnecting');
    await server.comeBack();
    await joinedAgain([ada, ben]);
    await eachOther([ada, ben]);
    await ada.sees('Ben');
  });

  it('asks for a fresh grant when its own has expired', async () => {
    const [ada, ben, asked] = await pair('brief');
    // How long a grant lives is the case itself.
    await pass(1000 * briefly);
    assert.deepEqual(asked(), [0, 0]);
    await dieBefore(ada, ben);
    await server.comeBack();
    await joinedAgain([ada, ben]);
    await eachOther([ada, ben]);
    for (const often of asked()) assert.ok(often > 0);
  });

  it('can be left while it reconnects', async () => {
    const ada = await stage.visit({ as: 'ada' });
    await ada.join();
    await dieBefore(ada);
    await ada.part('leave-button').click();
    await ada.until('idle with nothing open', (room) => room.connectionState === 'idle' && Object.values(window.probe.open).every((count) => count === 0));
  });

  it('asks for one fresh grant when the room is gone and only a grant makes it', async () => {
    const [ada, ben, asked] = await pair('making-room');
    await dieBefore(ada, ben);
    await server.comeBack({ roomAutoCreate: false });
    await joinedAgain([ada, ben]);
    await eachOther([ada, ben]);
    // Who comes first makes the room, and the other one may find it.
    assert.ok(Math.max(...asked()) === 1, `asked ${asked().join(' and ')} times`);
  });
});
