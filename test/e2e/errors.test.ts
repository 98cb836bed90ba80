import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe } from 'node:test';
import type { Answer } from '../support/endpoint.js';
import { it } from '../support/left-out.js';
import { openStage } from '../support/stage.js';
import type { Stage, Visit } from '../support/stage.js';

/** What an endpoint answers, and what `join()` makes of it. */
const answers: [answer: Answer, code: string, reason: string][] = [
  ['not-found', 'token-unreachable', 'not-found'],
  ['server-error', 'token-unreachable', 'server-error'],
  ['hanging', 'token-unreachable', 'timeout'],
  ['html', 'token-invalid', 'html'],
  ['empty', 'token-invalid', 'empty'],
  ['other-json', 'token-invalid', 'no-token'],
  ['no-jwt', 'token-invalid', 'malformed'],
  ['expired', 'token-invalid', 'expired'],
  ['other-room', 'token-invalid', 'wrong-room'],
  ['huge', 'token-invalid', 'too-large'],
  ['endless', 'token-invalid', 'too-large'],
  ['circle', 'token-unreachable', 'network'],
  ['script-url', 'token-invalid', 'server-url'],
  ['forged', 'token-rejected', 'refused-by-server'],
  ['server-gone', 'unreachable', 'signal'],
];

describe('<vc-room> in trouble', () => {
  let stage: Stage;
  before(async () => (stage = await openStage()));
  afterEach(() => stage.clear());
  after(() => stage.stop());

  async function visit(options: Partial<Parameters<Stage['visit']>[0]> = {}): Promise<Visit> {
    stage.newRoom();
    return stage.visit({ as: 'ada', ...options });
  }

  /** Fails as it should: rejected, with an event, idle, in words, with nothing left open and no token in what it says. */
  async function assertFails(ada: Visit, code: string, reason: string): Promise<void> {
    await ada.run((room) => {
      room.addEventListener('error', () => (room.dataset['fired'] = String(Number(room.dataset['fired'] ?? 0) + 1)));
    });
    const outcome = await ada.attempt();
    assert.notEqual(outcome, 'joined');
    const { message, ...what } = outcome as Exclude<typeof outcome, string>;
    assert.deepEqual(what, { code, reason });
    assert.doesNotMatch(message, /eyJ/, 'a token in a message');
    assert.deepEqual(await ada.run((room) => [room.connectionState, room.error?.code as string, room.dataset['fired']]), ['idle', code, '1']);
    await ada.part('notice').waitFor();
    await ada.until('nothing is open', () => Object.values(window.probe.open).every((count) => count === 0));
  }

  /** A person can get in on the same page once the cause has gone. */
  async function assertJoinable(ada: Visit): Promise<void> {
    await ada.run((room, endpoint) => (room.tokenEndpoint = endpoint), stage.endpoint.at('valid'));
    await ada.join();
    assert.equal(await ada.run((room) => room.error), null);
  }

  for (const [answer, code, reason] of answers) {
    it(`says ${code} (${reason}) when the endpoint's answer is: ${answer}`, async () => {
      const ada = await visit({ attributes: { 'token-endpoint': stage.endpoint.at(answer) } });
      await assertFails(ada, code, reason);
      await assertJoinable(ada);
    });
  }

  it('says not-configured without an endpoint', async () => {
    const ada = await visit({ attributes: { 'token-endpoint': null } });
    await assertFails(ada, 'not-configured', 'no-endpoint');
    await assertJoinable(ada);
  });

  it('says token-unreachable (network) where no endpoint listens', async () => {
    const ada = await visit({ attributes: { 'token-endpoint': 'http://127.0.0.1:9/token' } });
    await assertFails(ada, 'token-unreachable', 'network');
    await assertJoinable(ada);
  });

  it('says timeout when the server takes the call and says nothing', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const ada = await visit({ attributes: { 'token-endpoint': stage.endpoint.at('valid', `ws://127.0.0.1:${(silent.address() as AddressInfo).port}`) } });
    await assertFails(ada, 'timeout', 'signal');
    silent.close();
    await assertJoinable(ada);
  });

  it('says insecure-context on a page without https, where one can still listen', async () => {
    const ada = await visit({ host: 'insecure.test', microphone: 'denied' });
    await assertFails(ada, 'insecure-context', 'http');
    await ada.run((room) => (room.listenOnly = true));
    assert.equal(await ada.attempt(), 'joined');
  });

  it('says unsupported without WebRTC', async () => {
    const ada = await visit({ before: 'window.kept = RTCPeerConnection; delete window.RTCPeerConnection;' });
    await assertFails(ada, 'unsupported', 'webrtc');
    await ada.run((room) => {
      const page = window as unknown as Record<string, unknown>;
      page['RTCPeerConnection'] = page['kept'];
      return room.join();
    });
    assert.equal(await ada.run((room) => room.connectionState), 'joined');
  });

  const others = (url: URL) => url.pathname !== '/vc-room.js' && url.pathname.endsWith('.js');

  async function withoutChunks(): Promise<Visit> {
    const ada = await visit();
    await ada.page.route(others, (route) => route.abort());
    await assertFails(ada, 'assets-blocked', 'chunk');
    return ada;
  }

  it('says assets-blocked when its other files cannot be fetched, and lets one join after a reload', async () => {
    const ada = await withoutChunks();
    await ada.page.unroute(others);
    await ada.page.reload();
    await assertJoinable(ada);
  });

  it('lets one join as soon as its other files can be fetched', async () => {
    const ada = await withoutChunks();
    await ada.page.unroute(others);
    await assertJoinable(ada);
  });

  it('takes a join back without an error', async () => {
    const ada = await visit({ attributes: { 'token-endpoint': stage.endpoint.at('hanging') } });
    const outcome = await ada.run(async (room) => {
      const events: string[] = [];
      room.addEventListener('error', () => events.push('error'));
      const joining = room.join().then(
        () => 'joined',
        (thrown: unknown) => (thrown as { code: string }).code,
      );
      const during = room.connectionState;
      room.leave();
      return { during, code: await joining, after: room.connectionState, error: room.error, events };
    });
    assert.deepEqual(outcome, { during: 'joining', code: 'aborted', after: 'idle', error: null, events: [] });
    await assertJoinable(ada);
  });

  it('tells who is put out by a moderator, and lets them in again', async () => {
    const ada = await visit({ attributes: { identity: 'ada' } });
    await ada.join();
    await stage.liveKit.rooms.removeParticipant(await ada.run((room) => room.room), 'ada');
    await ada.until('removed', (room) => room.connectionState === 'idle');
    assert.deepEqual(await ada.run((room) => [room.error?.code as string, window.probe.open.microphones]), ['removed', 0]);
    await assertJoinable(ada);
  });

  it('tells the first of two with one identity', async () => {
    const ada = await visit({ attributes: { identity: 'ada' } });
    await ada.join();
    const again = await stage.visit({ as: 'ada', attributes: { identity: 'ada' } });
    await again.join();
    await ada.until('put out', (room) => room.connectionState === 'idle');
    assert.equal(await ada.run((room) => room.error?.code as string), 'duplicate-identity');
    assert.equal(await again.run((room) => room.connectionState), 'joined');
  });
});
