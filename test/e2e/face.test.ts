import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe } from 'node:test';
import { assertAccessible, axe } from '../support/axe.js';
import { it } from '../support/left-out.js';
import { openStage } from '../support/stage.js';
import type { Stage, VisitOptions } from '../support/stage.js';

describe('the face of <vc-room>', () => {
  let stage: Stage;
  before(async () => (stage = await openStage()));
  beforeEach(() => stage.newRoom());
  afterEach(() => stage.clear());
  after(() => stage.stop());

  const visit = (options: Partial<VisitOptions> = {}) => stage.visit({ as: 'ada', before: axe, ...options });

  it('passes axe in the lobby, on the way in, inside alone, with others, muted, deafened and after leaving', async () => {
    const ada = await visit({ attributes: { 'token-endpoint': stage.endpoint.at('hanging') } });
    await assertAccessible(ada, 'lobby');
    await ada.part('join-button').click();
    await ada.until('joining', (room) => room.connectionState === 'joining');
    await assertAccessible(ada, 'joining');
    await ada.run((room, endpoint) => {
      room.leave();
      room.tokenEndpoint = endpoint;
    }, stage.endpoint.at('valid'));
    await ada.join();
    await assertAccessible(ada, 'alone');
    const ben = await visit({ as: 'ben' });
    await ben.join();
    await ada.until('Ben speaks', (room) => room.remoteParticipants[0]?.speaking === true);
    await assertAccessible(ada, 'with somebody who speaks');
    await ada.part('mute-button').click();
    await assertAccessible(ada, 'muted');
    await ada.part('deafen-button').click();
    await ada.until('deafened', (room) => room.deafened);
    await assertAccessible(ada, 'deafened');
    await ada.part('leave-button').click();
    await ada.until('idle', (room) => room.connectionState === 'idle');
    await assertAccessible(ada, 'after leaving');
  });

  it('passes axe on a dark page', async () => {
    const ada = await visit({
      before: `${axe};addEventListener('DOMContentLoaded', () => { document.documentElement.style.colorScheme = 'dark'; document.body.style.background = 'Canvas'; })`,
    });
    await assertAccessible(ada, 'lobby');
    await ada.join();
    await assertAccessible(ada, 'inside');
  });

  it('passes axe after an error', async () => {
    const ada = await visit({ attributes: { 'token-endpoint': stage.endpoint.at('not-found') } });
    await ada.part('join-button').click();
    await ada.until('an error', (room) => room.error !== null);
    await ada.part('notice').waitFor();
    await assertAccessible(ada, 'error');
  });

  it('passes axe without a microphone, and while listening only', async () => {
    const ada = await visit({ microphone: 'denied' });
    await ada.join();
    await ada.until('blocked', (room) => room.microphone === 'blocked');
    await assertAccessible(ada, 'microphone blocked');
    const ben = await visit({ as: 'ben', attributes: { 'listen-only': '' } });
    await ben.join();
    await assertAccessible(ben, 'listening');
  });

  it('passes axe while the browser holds the sound back', async () => {
    const ben = await visit({ as: 'ben' });
    await ben.join();
    const ada = await visit({ autoplay: false, microphone: 'denied', attributes: { autojoin: '', 'listen-only': '' } });
    await ada.page.getByRole('button', { name: 'Tap to hear' }).waitFor();
    await assertAccessible(ada, 'tap to hear');
  });

  it('can be used by keyboard alone', async () => {
    const ada = await visit();
    const { keyboard } = ada.page;
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await ada.until('joined', (room) => room.connectionState === 'joined');
    assert.equal(await ada.page.evaluate(() => document.activeElement?.localName), 'vc-room', 'focus stays inside');
    const focus = (part: string) => ada.part(part).focus();
    await focus('mute-button');
    await keyboard.press('Space');
    await ada.until('muted', (room) => room.micMuted);
    await keyboard.press('Space');
    await ada.until('unmuted', (room) => !room.micMuted);
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await ada.until('deafened: the next button by Tab', (room) => room.deafened);
    await focus('leave-button');
    await keyboard.press('Enter');
    await ada.until('left', (room) => room.connectionState === 'idle');
    assert.equal(await ada.page.evaluate(() => document.activeElement?.localName), 'vc-room', 'focus stays inside');
  });

  it('has its settings in the lobby, where no device opens before somebody tests it', async () => {
    const ada = await visit({ attributes: { preload: 'none' } });
    const asked = () => ada.run(() => window.probe.microphoneRequests);
    await ada.part('settings-button').click();
    await ada.part('settings').waitFor();
    await assertAccessible(ada, 'settings in the lobby');
    assert.equal(await asked(), 0);
    await ada.part('try-button').click();
    await ada.part('meter').waitFor();
    await ada.until('the meter moves', (room) => Number(room.shadowRoot?.querySelector('[part=meter]')?.ariaValueNow) > 0);
    await assertAccessible(ada, 'a test of the microphone');
    assert.deepEqual([await asked(), await ada.run(() => window.probe.hears('ada')), await ada.run((room) => room.connectionState)], [1, false, 'idle']);
    await ada.part('listen-button').click();
    await ada.hears('ada');
    await ada.page.keyboard.press('Escape');
    await ada.part('settings').waitFor({ state: 'detached' });
    assert.equal(await ada.run((room) => room.shadowRoot?.activeElement?.getAttribute('part')), 'settings-button');
    await ada.until('the microphone is closed', () => window.probe.open.microphones === 0 && !window.probe.playedTracks.length);
    await ada.part('settings-button').click();
    await ada.part('test-button').click();
    await ada.until('the test sound plays', () => window.probe.playedTracks.length === 1);
    await ada.until('and ends', () => !window.probe.playedTracks.length);
    await ada.join();
    await ada.part('roster').waitFor();
  });

  it('is a group with the name of the room to assistive technology', async () => {
    const ada = await visit();
    // Playwright's own roles know nothing of ElementInternals.
    const { nodes } = await (await ada.page.context().newCDPSession(ada.page)).send('Accessibility.getFullAXTree');
    const room = await ada.run((element) => element.room);
    assert.ok(
      nodes.some(({ role, name }) => role?.value === 'group' && name?.value === room),
      JSON.stringify(nodes),
    );
  });

  it('tells assistive technology who comes and what is pressed', async () => {
    const ada = await visit();
    await ada.join();
    const ben = await visit({ as: 'ben' });
    await ben.join();
    await ada.page.getByRole('list').getByText('Ben').waitFor();
    await ada.page.locator('vc-room [role=status], vc-room [aria-live=polite]').filter({ hasText: 'Ben' }).first().waitFor({ state: 'attached' });
    await ada.page.getByRole('button', { name: /^Mute/, pressed: false }).click();
    await ada.page.getByRole('button', { name: /mute/i, pressed: true }).waitFor();
  });

  it('shows the custom states that sites style by', async () => {
    const ada = await visit({ attributes: { 'mic-muted': '' } });
    await ada.join();
    const matches = (...states: string[]) => ada.run((room, names) => names.filter((name) => room.matches(`:state(${name})`)), states);
    assert.deepEqual(await matches('joined', 'joining', 'mic-muted', 'mic-live', 'deafened', 'error'), ['joined', 'mic-muted']);
    await ada.run((room) => {
      room.micMuted = false;
    });
    await ada.until('live', (room) => room.matches(':state(mic-live)') && room.matches(':state(transmitting)'));
    await ada.run((room) => room.leave());
    assert.deepEqual(await matches('joined', 'mic-live', 'transmitting'), []);
  });
});
