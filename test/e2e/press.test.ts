import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Request } from 'playwright-core';
import { oneIsLeft } from '../support/pair.js';
import { openStage } from '../support/stage.js';
import type { Stage, Visit } from '../support/stage.js';

/** What a page has asked for since it was loaded, without the page and the entry. */
async function requestsOf(visit: Visit): Promise<{ readonly all: readonly Request[]; readonly sockets: readonly string[]; names(): string[] }> {
  const { requests: all, sockets } = visit.asks();
  await visit.page.reload();
  await visit.page.waitForFunction(() => customElements.get('vc-room') !== undefined);
  await visit.part('join-button').waitFor();
  const others = (request: Request) => !request.isNavigationRequest() && !request.url().endsWith('/vc-room.js');
  return { all, sockets, names: () => all.filter(others).map((request) => `${request.method()} ${request.url()}`) };
}

describe('<vc-room> before the click', () => {
  let stage: Stage;
  before(async () => (stage = await openStage()));
  beforeEach(() => stage.newRoom());
  afterEach(() => stage.clear());
  after(() => stage.stop());

  const centre = async (visit: Visit): Promise<[number, number]> => {
    const box = await visit.part('join-button').boundingBox();
    assert.ok(box);
    return [box.x + box.width / 2, box.y + box.height / 2];
  };

  const grants = () => stage.endpoint.requests.length;

  it('fetches nothing before somebody shows intent', async () => {
    const ada = await stage.visit({ as: 'ada' });
    const { names } = await requestsOf(ada);
    await ada.page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
    assert.deepEqual(names(), []);
    assert.equal(await ada.run(() => window.probe.microphoneRequests), 0);
  });

  it('fetches on hover what the click needs, and nothing twice', async () => {
    const ada = await stage.visit({ as: 'ada' });
    const { names } = await requestsOf(ada);
    await ada.page.mouse.move(...(await centre(ada)));
    await ada.run((room) => room.prefetch());
    await ada.page.mouse.move(1, 1);
    await ada.page.mouse.move(...(await centre(ada)));
    await ada.run((room) => room.prefetch());
    // The sound's parts come once the page is idle; the large model, which a slow join would still see, much later.
    while (!names().some((name) => name.includes('rnnoise-0.1'))) await ada.page.evaluate(() => new Promise(requestAnimationFrame));
    const ahead = names();
    assert.equal(ahead.filter((name) => name.startsWith('HEAD http://127.0.0.1')).length, 1, ahead.join('\n'));
    await ada.join();
    await ada.until('RNNoise runs', (room) => room.activeNoiseSuppression === 'rnnoise');
    const fetched = names().filter((name) => !name.includes(stage.liveKit.url.replace('ws', 'http')));
    assert.deepEqual(fetched, [...new Set(fetched)]);
    const later = names().filter((name) => !ahead.includes(name) && !name.includes('rnnoise-0.2'));
    assert.deepEqual(later, []);
  });

  it('fetches the grant and no more where data is to be saved', async () => {
    const saving = `Object.defineProperty(navigator, 'connection', { value: { saveData: true } });`;
    const ada = await stage.visit({ as: 'ada', before: saving });
    const { names } = await requestsOf(ada);
    const asked = grants();
    await ada.part('join-button').hover();
    await ada.run((room) => room.prefetch());
    assert.equal(grants(), asked + 1);
    assert.deepEqual(
      names().filter((name) => !/compose|\/valid$/.test(name)),
      [],
    );
  });

  it('opens the microphone at the press where it is allowed, and joins with it at the click', async () => {
    const ada = await stage.visit({ as: 'ada' });
    const ben = await stage.visit({ as: 'ben' });
    await ben.join();
    await ada.part('join-button').hover();
    await ada.run((room) => room.prefetch());
    await ada.page.mouse.down();
    await ada.until('the microphone is open', () => window.probe.open.microphones > 0);
    assert.deepEqual(await ada.run((room) => [room.connectionState, room.microphone]), ['idle', 'off']);
    await ada.page.mouse.up();
    await ben.hears('ada');
    assert.equal(await ada.run(() => window.probe.microphoneRequests), 1);
    const names = await ada.run((room) => room.timeline.map(({ name }) => name as string));
    assert.ok(names.indexOf('grant') < names.indexOf('joined'), names.join());
  });

  it('sends no sample and leaves nobody behind when a press of 3 s is dragged off the button', async (test) => {
    const ben = await stage.visit({ as: 'ben' });
    await ben.join();
    const ada = await stage.visit({ as: 'ada' });
    await ada.run((room) => {
      const events: string[] = [];
      for (const type of ['connectionstatechange', 'microphonechange', 'error', 'participantschange']) room.addEventListener(type, () => events.push(type));
      Object.assign(window, { events });
    });
    const pressed = Date.now();
    await ada.page.mouse.move(...(await centre(ada)));
    await ada.page.mouse.down();
    await ada.until('the microphone is open', () => window.probe.open.microphones > 0);
    await ben.until('Ada stands at the door', (room) => room.standbyCount === 1);
    assert.match((await ada.part('join-button').textContent()) ?? '', /^\s*Join\s*$/);
    // As long as somebody hesitates.
    await ada.page.waitForTimeout(3_000);
    await ada.page.mouse.move(1, 1);
    await ada.page.mouse.up();
    const letGo = Date.now();
    await ada.until('all is closed', () => window.probe.open.microphones + window.probe.open.connections + window.probe.open.contexts === 0);
    await oneIsLeft(stage);
    test.diagnostic(`gone from the server within ${Date.now() - letGo} ms`);
    assert.deepEqual(await ada.run((room) => [room.connectionState, room.error, Reflect.get(window, 'events') as unknown]), ['idle', null, []]);
    assert.ok((await ben.run(() => window.probe.lastHeard('ada'))) < pressed);
    await ben.until('nobody is at the door', (room) => room.standbyCount === 0);
    assert.deepEqual(await ben.run((room) => room.remoteParticipants), []);
  });

  it('begins nothing but code and grant at a touch, and joins at its end', async () => {
    const ada = await stage.visit({ as: 'ada' });
    const asked = grants();
    await ada.part('join-button').dispatchEvent('pointerdown', { isPrimary: true, pointerType: 'touch' });
    while (grants() === asked) await ada.page.evaluate(() => new Promise(requestAnimationFrame));
    assert.deepEqual(await ada.run((room) => [room.connectionState, window.probe.microphoneRequests, window.probe.open.contexts]), ['idle', 0, 0]);
    await ada.join();
    assert.equal(grants(), asked + 1);
    const names = await ada.run((room) => room.timeline.map(({ name }) => name as string));
    assert.equal(names[0], 'press');
    assert.ok((await ada.run((room) => room.timeline.find(({ name }) => name === 'click')?.at ?? 0)) > 0, 'the clock starts with the touch');
  });

  it('begins the join with a pen as with a mouse', async () => {
    const ada = await stage.visit({ as: 'ada' });
    const pen = { isPrimary: true, pointerType: 'pen' };
    await ada.part('join-button').dispatchEvent('pointerdown', pen);
    await ada.until('the microphone is open', () => window.probe.open.microphones > 0);
    assert.equal(await ada.run((room) => room.connectionState), 'idle');
    // In one task, as browsers do it: a press that ends without a click is over soon after.
    await ada.part('join-button').evaluate((button, how) => {
      button.dispatchEvent(new PointerEvent('pointerup', { ...how, bubbles: true, composed: true }));
      (button as HTMLElement).click();
    }, pen);
    await ada.until('joined', (room) => room.connectionState === 'joined');
    assert.equal(await ada.run(() => window.probe.microphoneRequests), 1);
  });

  it('asks once for two tabs of one person', async () => {
    const ada = await stage.visit({ as: 'ada', attributes: { identity: 'ada' } });
    const tab = await ada.page.context().newPage();
    await tab.goto(ada.page.url());
    await tab.waitForFunction(() => customElements.get('vc-room') !== undefined);
    const asked = grants();
    await Promise.all([ada.page, tab].map((page) => page.evaluate(() => document.querySelector('vc-room')?.prefetch())));
    assert.equal(grants(), asked + 1);
    await tab.close();
  });

  it('joins again in the task in which it left', async () => {
    const [ada, ben] = [await stage.visit({ as: 'ada' }), await stage.visit({ as: 'ben' })];
    await Promise.all([ada.join(), ben.join()]);
    await ben.hears('ada');
    const [gone, again] = await ada.run(async (room) => {
      room.leave();
      const idle = [room.connectionState as string, room.microphone as string];
      await room.join();
      return [idle, room.connectionState];
    });
    assert.deepEqual([gone, again], [['idle', 'off'], 'joined']);
    const left = Date.now();
    while ((await ben.run(() => window.probe.lastHeard('ada'))) < left) await ben.page.evaluate(() => new Promise(requestAnimationFrame));
    await ben.sees('Ada');
  });

  it('joins with the space bar, from the press on', async () => {
    const ada = await stage.visit({ as: 'ada' });
    await ada.part('join-button').focus();
    await ada.run((room) => room.prefetch());
    await ada.page.keyboard.down('Space');
    await ada.until('the microphone is open', () => window.probe.open.microphones > 0);
    assert.equal(await ada.run((room) => room.connectionState), 'idle');
    await ada.page.keyboard.up('Space');
    await ada.until('joined', (room) => room.connectionState === 'joined');
    assert.equal(await ada.run(() => window.probe.microphoneRequests), 1);
  });

  it('shows its token to nobody but the server', async () => {
    const ada = await stage.visit({ as: 'ada' });
    const said: string[] = [];
    ada.page.on('console', (message) => said.push(message.text()));
    const { all, sockets } = await requestsOf(ada);
    const answers: Promise<string>[] = [];
    ada.page.on('response', (response) => {
      if (response.url().startsWith(stage.endpoint.origin) && response.request().method() === 'POST') answers.push(response.text());
    });
    await ada.part('join-button').hover();
    await ada.run((room) => room.prefetch());
    await ada.join();
    const shown = await ada.run((room) => {
      const entries = performance.getEntries().map((entry) => JSON.stringify(entry));
      const stored = JSON.stringify([{ ...localStorage }, { ...sessionStorage }]);
      return [...entries, stored, document.documentElement.outerHTML, room.shadowRoot?.innerHTML ?? '', JSON.stringify(room.diagnostics()), document.cookie];
    });
    assert.deepEqual(await ada.run(async () => (await indexedDB.databases()).map(({ name }) => name)), ['vc-room-grants']);
    const texts = await Promise.all(answers);
    const tokens = texts.map((text) => (JSON.parse(text) as { participant_token: string }).participant_token);
    assert.equal(tokens.length, 1);
    for (const token of tokens) {
      const secret = token.split('.')[2] ?? '';
      assert.ok(secret.length > 20);
      const seen = [...shown, ...said, ...all.map((request) => request.url())];
      assert.deepEqual(
        seen.filter((text) => text.includes(secret)),
        [],
      );
      assert.ok(sockets.length > 0 && sockets.every((url) => url.includes(secret)), 'the server itself gets it');
    }
  });
});
