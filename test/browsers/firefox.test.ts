import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as pass } from 'node:timers/promises';
import type { VcRoom } from '../../src/vc-room.js';
import { startFirefox } from '../support/firefox.js';
import type { Firefox, FirefoxVisit } from '../support/firefox.js';
import { Mortal } from '../support/mortal.js';
import { oneIsLeft } from '../support/pair.js';
import { openStage } from '../support/stage.js';
import type { Stage, Visit } from '../support/stage.js';

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

  /** Ada in Firefox, Ben in Chromium. */
  async function adaAndBen(attributes: Readonly<Record<string, string>> = {}): Promise<readonly [FirefoxVisit, Visit]> {
    const [ada, ben] = await Promise.all([
      adas.open(stage.page({ as: 'ada', attributes })),
      stage.visit({ as: 'ben', attributes: { 'noise-suppression': 'off', 'auto-gain-control': 'off', cues: 'off' } }),
    ]);
    await Promise.all([ada.join(), ben.join()]);
    return [ada, ben];
  }

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

  it('hears after a tap who came in by script alone, for whom Firefox plays nothing', async (t) => {
    // Who lets a page have the microphone lets it play, too.
    const untouched = await startFirefox('ada', 'denied');
    t.after(() => untouched.stop());
    const ben = await stage.visit({ as: 'ben' });
    await ben.join();
    const ada = await untouched.open(stage.page({ as: 'ada', attributes: { autojoin: '', 'listen-only': '' } }), { autoplay: false });
    await ada.until('Ben speaks', (room) => room.playbackBlocked && room.remoteParticipants.some(({ speaking }) => speaking));
    await untouched.sound.silent('ben');
    assert.equal((await ada.text('resume-button')).trim(), 'Tap to hear');
    await ada.click('resume-button');
    await ada.hears('ben');
    await ada.until('nothing is held back', (room) => !room.playbackBlocked);
    await untouched.clear();
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

  it('keeps voices while the WebSocket is cut, and takes it up again', async () => {
    const signalling = await signallingOf(stage.liveKit.ports.signal);
    opened.push(signalling);
    const [ada, ben] = await adaAndBen({ 'token-endpoint': stage.endpoint.at('valid', signalling.url) });
    await Promise.all([ada.hears('ben'), ben.hears('ada')]);
    signalling.cut();
    await Promise.all([ada.hears('ben'), ben.hears('ada')]);
    await signalling.again();
    await ben.run((room) => (room.micMuted = true));
    await ada.until('news arrive', (room) => room.connectionState === 'joined' && room.remoteParticipants[0]?.muted === true);
  });

  it('is silent at both ends while deafened', async () => {
    const [ada, ben] = await adaAndBen();
    await Promise.all([ada.hears('ben'), ben.hears('ada')]);
    await ada.click('deafen-button');
    await Promise.all([adas.sound.silent('ben'), ben.silent('ada')]);
    await ada.click('deafen-button');
    await Promise.all([ada.hears('ben'), ben.hears('ada')]);
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

  it('changes noise suppression while talking', async () => {
    const [ada, ben] = await adaAndBen();
    for (const run of [
      (room: VcRoom) => (room.noiseSuppression = 'browser'),
      (room: VcRoom) => (room.noiseSuppression = 'off'),
      (room: VcRoom) => (room.noiseSuppression = 'rnnoise'),
    ]) {
      await ada.run(run);
      await ada.until('what was chosen runs', (room) => room.microphone === 'live' && room.activeNoiseSuppression === room.noiseSuppression);
      await ben.hears('ada');
    }
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

  it('returns after a reload, muted, with the microphone untouched', async () => {
    const [ada, ben] = await adaAndBen({ resume: '', identity: 'ada' });
    await ben.hears('ada');
    await ada.reload();
    await ada.until('joined again', (room) => room.connectionState === 'joined');
    assert.deepEqual(await ada.run((room) => [room.micMuted, room.microphone]), [true, 'muted']);
    assert.equal(adas.sound.recording(), 0);
    await ben.until('Ada live and muted', ({ remoteParticipants: [first, ...others] }) => first?.connection === 'live' && first.muted && others.length === 0);
    await ada.click('mute-button');
    await ben.hears('ada');
  });

  it('is used by keys alone', async () => {
    const ada = await adas.open(stage.page({ as: 'ada' }));
    const focused = () => ada.run((room) => room.shadowRoot?.activeElement?.getAttribute('part') ?? '');
    const reach = async (part: string): Promise<void> => {
      for (let key = 0; key < 20; key++) {
        if ((await focused()).split(' ').includes(part)) return;
        await ada.page.keyboard.press('Tab');
      }
      assert.fail(`Tab does not lead to ${part}`);
    };
    await reach('join-button');
    await ada.page.keyboard.press('Enter');
    await ada.until('joined', (room) => room.connectionState === 'joined');
    await reach('mute-button');
    await ada.page.keyboard.press(' ');
    await ada.until('muted', (room) => room.micMuted);
    await reach('leave-button');
    await ada.page.keyboard.press('Enter');
    await ada.until('left', (room) => room.connectionState === 'idle');
  });

  it('is gone from the room as soon as its page is left, and comes back to one that stays', async () => {
    const [ada, ben] = await bothJoin();
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
    await Promise.all([adas.sound.hears('ben'), bens.sound.hears('ada')]);
    await ada.page.goto('about:blank');
    await oneIsLeft(stage);
    await ben.until('nobody else', (room) => room.remoteParticipants.length === 0);
  });

  it('shows names as what they are: text', async () => {
    const ada = await adas.open(stage.page({ as: 'ada' }));
    const ben = await stage.visit({ as: 'ben' });
    await ben.run((room) => (room.displayName = '<img src=x onerror="window.harmed = true">\u202E\u200B\u0000 Ben'.repeat(40)));
    await Promise.all([ada.join(), ben.join()]);
    await ada.until('Ben is listed', (room) => room.remoteParticipants.length === 1);
    const seen = await ada.run(async (room) => {
      await room.updateComplete;
      const { scrollWidth, clientWidth } = document.documentElement;
      return {
        harmed: (window as unknown as { harmed?: boolean }).harmed,
        elements: room.shadowRoot?.querySelectorAll('img, script').length,
        text: [...(room.shadowRoot?.querySelectorAll('[part~="name"]') ?? [])].some(({ textContent }) => textContent.includes('<img src=x')),
        fits: scrollWidth <= clientWidth,
      };
    });
    assert.deepEqual(seen, { harmed: undefined, elements: 0, text: true, fits: true });
  });
});

/** A way to the server's signalling that can be cut; media goes past it. */
async function signallingOf(port: number): Promise<{ readonly url: string; cut(): void; again(): Promise<void>; stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((browser) => {
    const upstream = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [browser, upstream],
      [upstream, browser],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => undefined).on('close', () => other.destroy() && sockets.delete(one));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let next = Promise.resolve();
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      next = new Promise((resolve) => server.once('connection', () => resolve()));
      for (const socket of sockets) socket.resetAndDestroy();
    },
    again: () => next,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
