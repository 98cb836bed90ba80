import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as pass } from 'node:timers/promises';
import { Mortal } from '../support/mortal.js';
import { openStage } from '../support/stage.js';
import type { Stage, Visit } from '../support/stage.js';

describe('<vc-room standby>', () => {
  let stage: Stage;
  before(async () => (stage = await openStage()));
  beforeEach(() => stage.newRoom());
  afterEach(() => stage.clear());
  after(() => stage.stop());

  /** Ben is in the room, Ada has come to the door by pointing at hers. */
  async function atDoor(attributes: Record<string, string> = {}): Promise<{ ada: Visit; ben: Visit }> {
    const ben = await stage.visit({ as: 'ben' });
    await ben.join();
    const ada = await stage.visit({ as: 'ada', attributes: { standby: '', ...attributes } });
    await ada.part('join-button').hover();
    await ben.until('Ada stands at the door', (room) => room.standbyCount === 1);
    return { ada, ben };
  }

  it('connects on hover, unseen and without a microphone, and is heard from the click on', async () => {
    const { ada, ben } = await atDoor();
    assert.deepEqual(await ada.run((room) => [room.connectionState, window.probe.microphoneRequests, room.remoteParticipants.length]), ['idle', 0, 0]);
    assert.deepEqual(await ben.run((room) => room.remoteParticipants), []);
    await ada.until('the lobby says who is in', (room) => /People in the room: Ben/.test(room.shadowRoot?.querySelector('#line')?.textContent ?? ''));
    await ada.join();
    await Promise.all([ben.hears('ada'), ada.hears('ben'), ben.sees('Ada'), ada.sees('Ben')]);
    assert.equal(await ben.run((room) => room.standbyCount), 0);
    const steps = await ada.run((room) => Object.fromEntries(room.timeline.map(({ name, at }) => [name as string, at])));
    assert.ok((steps['signal'] ?? 1) < 0, JSON.stringify(steps));
    const participants = await stage.participants();
    assert.equal(participants.length, 2);
  });

  it('is heard after a press that had the microphone open before its click, unmuted for every client', async () => {
    const { ada, ben } = await atDoor();
    await ada.page.mouse.down();
    await ada.until('the microphone is open', () => window.probe.open.microphones > 0);
    await ada.until('RNNoise runs behind the shut gate', (room) => JSON.stringify(room.diagnostics()).includes('"phase":"running"'));
    assert.equal(await ben.run((room) => room.standbyCount), 1);
    await ada.page.mouse.up();
    await Promise.all([ben.hears('ada'), ada.hears('ben')]);
    const speaker = (await stage.participants()).find(({ name }) => name === 'Ada');
    assert.deepEqual(
      speaker?.tracks.map(({ muted }) => muted),
      [false],
    );
    assert.equal(await ada.run(() => window.probe.microphoneRequests), 1);
  });

  it('is listed when it comes in muted, and hears', async () => {
    const { ada, ben } = await atDoor({ 'mic-muted': '' });
    await ada.join();
    await Promise.all([ben.sees('Ada'), ada.hears('ben')]);
    assert.equal(await ben.run((room) => room.remoteParticipants[0]?.muted), true);
    assert.equal(await ada.run(() => window.probe.microphoneRequests), 0);
  });

  it('counts once, however often the pointer comes back', async () => {
    const { ada, ben } = await atDoor();
    await ben.run((room) =>
      room.addEventListener('participantschange', () => (room.dataset['most'] = String(Math.max(Number(room.dataset['most'] ?? 0), room.standbyCount)))),
    );
    await ada.page.mouse.move(1, 1);
    await ada.part('join-button').hover();
    await ada.page.mouse.move(1, 1);
    await ada.part('join-button').hover();
    await ada.until('a connection stands', () => window.probe.open.connections === 1);
    await ben.until('one is at the door', (room) => room.standbyCount === 1);
    while ((await stage.participants()).length !== 2) await pass(20);
    assert.deepEqual(await ben.run((room) => [room.remoteParticipants, Number(room.dataset['most'] ?? 1)]), [[], 1]);
  });

  it('does not connect ahead where the grant allows no data messages: nobody could be told of the click', async () => {
    const ben = await stage.visit({ as: 'ben' });
    await ben.join();
    const ada = await stage.visit({ as: 'ada', attributes: { standby: '', 'token-endpoint': stage.endpoint.at('no-data') } });
    const asked = stage.endpoint.requests.length;
    await ada.part('join-button').hover();
    while (stage.endpoint.requests.length === asked) await pass(20);
    // Long enough for whoever would connect.
    await pass(1_500);
    assert.equal((await stage.participants()).length, 1);
    await ada.join();
    await Promise.all([ben.hears('ada'), ada.hears('ben')]);
  });

  it('goes away with the pointer', async () => {
    const { ada, ben } = await atDoor();
    await ada.until('the lobby says who is in', (room) => /People in the room: Ben/.test(room.shadowRoot?.querySelector('#line')?.textContent ?? ''));
    await ada.page.mouse.move(1, 1);
    await ada.until('the lobby knows nobody any more', (room) => !/Ben/.test(room.shadowRoot?.querySelector('#line')?.textContent ?? ''));
    await ben.until('nobody is at the door', (room) => room.standbyCount === 0);
    await ada.until('all is closed', () => window.probe.open.connections + window.probe.open.contexts === 0);
  });

  it('is not at the door again after it has left', async () => {
    const { ada, ben } = await atDoor();
    await ada.join();
    await ben.sees('Ada');
    await ada.part('leave-button').click();
    await ben.sees();
    await ada.until('all is closed', () => window.probe.open.connections === 0);
    assert.equal(await ben.run((room) => room.standbyCount), 0);
  });
});

const tellWay = `window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...how) {
    super(...how);
    this.addEventListener('connectionstatechange', () => (document.body.dataset.way = this.connectionState));
  }
}`;

describe('<vc-room standby> whose server dies', () => {
  let stage: Stage;
  let server: Mortal;
  before(async () => {
    stage = await openStage();
    server = new Mortal(stage.liveKit);
  });
  beforeEach(() => stage.newRoom());
  afterEach(() => stage.clear());
  after(async () => {
    await server.stop();
    await stage.stop();
  });

  it('is joined by a click only once the server is back', async () => {
    const ada = await stage.visit({ as: 'ada', attributes: { standby: '' }, before: tellWay });
    await ada.part('join-button').hover();
    await ada.until('a way stands', () => document.body.dataset['way'] === 'connected');
    await server.die();
    await ada.until('the browser has lost it', () => document.body.dataset['way'] === 'disconnected');
    await ada.run((room) => room.addEventListener('connectionstatechange', () => (room.dataset['states'] += ` ${room.connectionState}`)));
    await ada.click('join-button');
    await ada.until('joining', (room) => room.connectionState === 'joining');
    await server.comeBack();
    await ada.until('joined', (room) => room.connectionState === 'joined');
    const ben = await stage.visit({ as: 'ben' });
    await ben.join();
    await Promise.all([ada.hears('ben'), ben.hears('ada')]);
    assert.equal(await ada.run((room) => room.dataset['states']), 'undefined joining joined');
  });
});
