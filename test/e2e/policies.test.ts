import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe } from 'node:test';
import { it } from '../support/left-out.js';
import { moduleScript, openStage, says, strictest } from '../support/stage.js';
import type { Stage, VisitOptions } from '../support/stage.js';

const root = join(import.meta.dirname, '../..');

describe('<vc-room> under policies', () => {
  let stage: Stage;
  before(async () => (stage = await openStage()));
  beforeEach(() => stage.newRoom());
  afterEach(() => stage.clear());
  after(() => stage.stop());

  const policy = (over: Readonly<Record<string, string>> = {}): NonNullable<VisitOptions['headers']> => ({
    'content-security-policy': strictest(stage, over),
  });
  const without = (origin: string): NonNullable<VisitOptions['headers']> => {
    const all = [stage.endpoint.origin, stage.liveKit.url, stage.liveKit.url.replace('ws', 'http'), stage.assets];
    return policy({ 'connect-src': all.filter((other) => other.replace(/^ws/, 'http') !== origin).join(' ') });
  };

  it("needs under default-src 'none' no more than the README says, and asks nobody else for anything", async () => {
    const ada = await stage.visit({ as: 'ada', headers: policy() });
    const ben = await stage.visit({ as: 'ben', headers: policy() });
    const asked = [ada, ben].map((visit) => visit.asks());
    await Promise.all([ada.join(), ben.join()]);
    await Promise.all([ada.hears('ben'), ben.hears('ada')]);
    await ada.until('RNNoise runs', (room) => room.activeNoiseSuppression === 'rnnoise');
    const urls = asked.flatMap(({ requests, sockets }) => [...requests.map((request) => request.url()), ...sockets]);
    const origins = new Set(urls.map((url) => new URL(url.replace(/^ws/, 'http')).origin));
    assert.deepEqual([...origins].sort(), [stage.assets, stage.endpoint.origin, stage.liveKit.url.replace(/^ws/, 'http')].sort());
  });

  for (const [what, origin] of [
    ['the token endpoint', () => stage.endpoint.origin],
    ['the LiveKit server', () => stage.liveKit.url.replace(/^ws/, 'http')],
  ] as const)
    it(`names connect-src where it lacks ${what}`, async () => {
      const ada = await stage.visit({ as: 'ada', headers: without(origin()), violating: 'connect-src' });
      const outcome = await ada.attempt();
      assert.ok(outcome !== 'joined');
      assert.match(outcome.code, /^(token-)?unreachable$/);
      assert.match(outcome.message, /Content-Security-Policy forbids it: add /);
      assert.ok(outcome.message.includes(origin()) && outcome.message.includes('connect-src'), outcome.message);
    });

  it('names script-src where it lacks the chunks', async () => {
    const ada = await stage.visit({ as: 'ada', headers: policy({ 'script-src': `${stage.assets}/vc-room.js` }), violating: 'script-src' });
    const outcome = await ada.attempt();
    assert.ok(outcome !== 'joined');
    assert.deepEqual([outcome.code, outcome.reason], ['assets-blocked', 'chunk']);
    assert.match(outcome.message, /script-src/);
  });

  it("talks with the browser's own noise suppression, and says why, where script-src lacks the worklets, or connect-src their wasm", async () => {
    const scripts = policy({ 'script-src': `${stage.assets}/vc-room.js ${stage.assets}/chunks/ 'wasm-unsafe-eval'` });
    const ada = await stage.visit({ as: 'ada', headers: scripts, violating: 'script-src' });
    const ben = await stage.visit({ as: 'ben', headers: without(stage.assets), violating: 'connect-src' });
    await Promise.all([ada.join(), ben.join()]);
    await Promise.all([ada.hears('ben'), ben.hears('ada')]);
    // The fake microphone has no suppression of its own: what there is to see is that RNNoise gave up, and why.
    await ada.until('RNNoise has given up', (room) =>
      /"phase":"failed".*"reasons":\["wasm[^"]* allow it in script-src/.test(JSON.stringify(room.diagnostics())),
    );
    await ben.until('a fall-back is there', (room) =>
      /"reasons":\["[^\]]*policy: connect-src lacks the place of worklets/.test(JSON.stringify(room.diagnostics())),
    );
  });

  it('lives with Trusted Types, which must allow the one policy that Lit makes', async () => {
    const ada = await stage.visit({ as: 'ada', headers: policy({ 'require-trusted-types-for': "'script'", 'trusted-types': 'lit-html' }) });
    const ben = await stage.visit({ as: 'ben', headers: policy({ 'require-trusted-types-for': "'script'" }) });
    await Promise.all([ada.join(), ben.join()]);
    await Promise.all([ada.hears('ben'), ben.hears('ada')]);
  });

  for (const [how, script] of Object.entries({
    'a module': (assets: string) => `<script type="module" nonce="once" src="${assets}/vc-room.js"></script>`,
    'the classic script': (assets: string) => `<script nonce="once" src="${assets}/vc-room.classic.js"></script>`,
  }))
    it(`lives under a nonce and 'strict-dynamic', loaded by ${how}`, async () => {
      const headers = policy({ 'script-src': "'nonce-once' 'strict-dynamic' 'wasm-unsafe-eval'" });
      const [ada, ben] = [await stage.visit({ as: 'ada', headers, script }), await stage.visit({ as: 'ben' })];
      await Promise.all([ada.join(), ben.join()]);
      await Promise.all([ada.hears('ben'), ben.hears('ada')]);
      await ada.until('RNNoise runs', (room) => room.activeNoiseSuppression === 'rnnoise');
    });

  for (const [what, over, words] of [
    ['script-src lacks the entry', () => ({ 'script-src': `${stage.assets}/chunks/` }), /vc-room\.js.*script-src/s],
    [
      'trusted-types lacks lit-html',
      () => ({ 'require-trusted-types-for': "'script'", 'trusted-types': 'another' }),
      /lit-html.*trusted-types|blocked creating policy named 'lit-html'/s,
    ],
  ] as const)
    it(`does not appear, and the console says why, where ${what}`, async () => {
      const { page } = await stage.visit({ as: 'ada' });
      const other = await page.context().newPage();
      const said = says(other, words);
      await other.goto(stage.page({ as: 'ada', headers: policy(over()) }));
      assert.match(await said, /content.security.policy/i);
      assert.equal(await other.evaluate(() => customElements.get('vc-room')), undefined);
    });

  it('fetches nothing twice that the page has preloaded, with integrity', async () => {
    const { files } = JSON.parse(readFileSync(join(root, 'dist/sri.json'), 'utf8')) as { files: Record<string, string> };
    const chunks = Object.entries(files).filter(([path]) => /^chunks\/(compose|livekit-transport|joined)-/.test(path));
    assert.equal(chunks.length, 3);
    const ada = await stage.visit({
      as: 'ada',
      headers: policy(),
      script: (assets) =>
        chunks.map(([path, hash]) => `<link rel="modulepreload" href="${assets}/${path}" integrity="${hash}" crossorigin>`).join('') + moduleScript(assets),
    });
    await ada.join();
    const fetched = await ada.page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    for (const [path] of chunks) assert.deepEqual([path, fetched.filter((url) => url.endsWith(path)).length], [path, 1]);
  });

  it('lives on a page that isolates itself (COOP, COEP)', async () => {
    const headers = { ...policy(), 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
    const ada = await stage.visit({ as: 'ada', headers });
    assert.equal(await ada.run(() => crossOriginIsolated), true);
    await ada.join();
    await ada.until('RNNoise runs', (room) => room.activeNoiseSuppression === 'rnnoise');
  });

  it('is held to the hashes of the import map, entry and chunks, and says so where one differs', async () => {
    const { integrity } = JSON.parse(readFileSync(join(root, 'dist/importmap.json'), 'utf8')) as { integrity: Record<string, string> };
    const wrong = `sha384-${'A'.repeat(64)}`;
    /** `forged`: paths of files whose hash is another's. */
    const page = (as: 'ada' | 'ben', forged: RegExp): VisitOptions => {
      const map = Object.fromEntries(
        Object.entries(integrity).map(([url, hash]) => [stage.assets + url.slice(url.indexOf('/dist/') + '/dist'.length), forged.test(url) ? wrong : hash]),
      );
      return {
        as,
        headers: policy({ 'script-src': `'unsafe-inline' ${stage.assets} 'wasm-unsafe-eval'` }),
        script: (assets) => `<script type="importmap">${JSON.stringify({ integrity: map })}</script><script type="module" src="${assets}/vc-room.js"></script>`,
      };
    };
    const ada = await stage.visit(page('ada', /^$/));
    await ada.join();
    const ben = await stage.visit(page('ben', /\/chunks\//));
    const outcome = await ben.attempt();
    assert.ok(outcome !== 'joined');
    assert.equal(outcome.code, 'assets-blocked');

    const said = says(ben.page, /vc-room\.js/);
    await ben.page.goto(stage.page(page('ben', /\/vc-room\.js$/)));
    assert.match(await said, /integrity/);
    assert.equal(await ben.page.evaluate(() => customElements.get('vc-room')), undefined);
  });

  it('talks in a cross-origin iframe that may use microphone and autoplay, sandboxed or not', async () => {
    const ada = await stage.visit({ as: 'ada', headers: policy(), frame: 'allow="microphone; autoplay"' });
    const ben = await stage.visit({
      as: 'ben',
      headers: policy(),
      frame: 'allow="microphone; autoplay" sandbox="allow-scripts allow-same-origin"',
    });
    await Promise.all([ada.join(), ben.join()]);
    await Promise.all([ada.hears('ben'), ben.hears('ada')]);
  });

  it('keeps the screen awake and copies in a cross-origin iframe that may, as the README says, and in no other', async () => {
    const tried = async (as: 'ada' | 'ben', allow: string) => {
      const { frame, page } = await stage.visit({ as, headers: policy(), frame: `allow="${allow}"` });
      for (const place of [page, frame])
        await page.context().grantPermissions(['microphone', 'clipboard-write', 'screen-wake-lock'], { origin: new URL(place.url()).origin });
      await frame.getByRole('heading', { name: 'Test' }).click();
      return frame.evaluate(async () => {
        const outcome = (work: Promise<unknown>) =>
          work.then(
            () => 'done',
            (thrown: unknown) => (thrown as Error).name,
          );
        return [await outcome(navigator.wakeLock.request()), await outcome(navigator.clipboard.writeText('report'))];
      });
    };
    assert.deepEqual(await tried('ada', 'microphone; autoplay; speaker-selection; screen-wake-lock; clipboard-write'), ['done', 'done']);
    assert.deepEqual(await tried('ben', 'microphone; autoplay'), ['NotAllowedError', 'NotAllowedError']);
  });

  it('listens in an iframe that may not use the microphone, and says that the page forbids it', async () => {
    const ada = await stage.visit({ as: 'ada', headers: policy(), frame: 'allow="autoplay"' });
    const ben = await stage.visit({ as: 'ben', headers: policy() });
    await Promise.all([ada.join(), ben.join()]);
    await ada.hears('ben');
    await ada.until('the error says it', (room) => room.error?.code === 'mic-blocked' && room.error.reason === 'page-policy');
    assert.match(await ada.run((room) => room.error?.message ?? ''), /allow="microphone/);
    assert.match((await ada.part('notice').textContent()) ?? '', /may not use the microphone/);
  });

  it('listens in a sandbox without an origin of its own, where browsers give neither microphone nor storage', async () => {
    const ada = await stage.visit({ as: 'ada', headers: policy(), frame: 'allow="microphone; autoplay" sandbox="allow-scripts"' });
    const ben = await stage.visit({ as: 'ben', headers: policy() });
    await Promise.all([ada.join(), ben.join()]);
    await ada.hears('ben');
    await ada.until('it says that nobody hears', (room) => room.microphone === 'blocked' && room.error?.code === 'mic-blocked');
    assert.equal(await ada.run((room) => room.error?.reason), 'page-policy');
    assert.match(await ada.run((room) => room.error?.message ?? ''), /allow-same-origin/);
    assert.match((await ada.part('notice').textContent()) ?? '', /may not use the microphone/);
  });

  it('takes the ICE servers of the page in place of those that the server tells', async () => {
    const before = `
      window.iceServers = [];
      const note = (configuration) => window.iceServers.push(...(configuration?.iceServers ?? []).flatMap(({ urls }) => urls));
      const { setConfiguration } = RTCPeerConnection.prototype;
      RTCPeerConnection.prototype.setConfiguration = function (configuration) { note(configuration); return setConfiguration.call(this, configuration); };
      window.RTCPeerConnection = class extends RTCPeerConnection { constructor(configuration) { super(configuration); note(configuration); } };`;
    const told = async (as: 'ada' | 'ben', rtcConfig?: RTCConfiguration) => {
      const visit = await stage.visit({ as, headers: policy(), before });
      if (rtcConfig) await visit.run((room, config) => (room.rtcConfig = config), rtcConfig);
      await visit.join();
      return visit.run(() => [...new Set((window as unknown as { iceServers: string[] }).iceServers)]);
    };
    // What a LiveKit server without stun_servers tells would be Google's and Twilio's; ours names itself.
    assert.deepEqual(
      (await told('ada')).filter((url) => !/^stun:127\.0\.0\.1:\d+$/.test(url)),
      [],
    );
    assert.deepEqual(await told('ben', { iceServers: [{ urls: 'stun:127.0.0.1:3478' }] }), ['stun:127.0.0.1:3478']);
  });
});
