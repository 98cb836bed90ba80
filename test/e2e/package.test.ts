import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { serveSite, visitSite } from '../support/site.js';
import { openStage, serveBuilt, strictest } from '../support/stage.js';
import type { Stage } from '../support/stage.js';
import { unpackTarball } from '../support/tarball.js';
import type { Tarball } from '../support/tarball.js';

/** How sites load the element, all from another origin than the page. */
const tags: Record<string, (assets: string) => string> = {
  'a module': (assets) => `<script type="module" src="${assets}/vc-room.js"></script>`,
  'a module under a version': (assets) => `<script type="module" src="${assets}/vc-room.js?v=2"></script>`,
  'the classic script': (assets) => `<script src="${assets}/vc-room.classic.js"></script>`,
  'an async classic script': (assets) => `<script async src="${assets}/vc-room.classic.js"></script>`,
};

describe('the packed package', () => {
  let tarball: Tarball;
  let stage: Stage;
  before(async () => {
    tarball = unpackTarball();
    stage = await openStage('loopback', tarball.dist);
  });
  beforeEach(() => stage.newRoom());
  afterEach(() => stage.clear());
  after(async () => {
    await stage.stop();
    tarball.remove();
  });

  for (const [how, script] of Object.entries(tags)) {
    it(`carries voices from another origin, under the strictest policy, loaded by ${how}`, async () => {
      const headers = { 'content-security-policy': strictest(stage) };
      const [ada, ben] = await Promise.all([stage.visit({ as: 'ada', script, headers }), stage.visit({ as: 'ben', headers })]);
      await Promise.all([ada.join(), ben.join()]);
      await Promise.all([ada.hears('ben'), ben.hears('ada')]);
    });
  }

  it('carries voices under a policy that forbids WebAssembly', async () => {
    const [ada, ben] = await Promise.all([stage.visit({ as: 'ada', wasm: false }), stage.visit({ as: 'ben', wasm: false })]);
    await Promise.all([ada.join(), ben.join()]);
    await Promise.all([ada.hears('ben'), ben.hears('ada')]);
  });

  it('fetches one file until somebody shows interest, then the rest', async () => {
    const ada = await stage.visit({ as: 'ada' });
    const scripts = () => ada.page.evaluate(() => performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).length);
    assert.equal(await scripts(), 1);
    await ada.part('join-button').hover();
    await ada.page.waitForFunction(() => performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).length > 3);
  });

  it('takes all but the entry from where `assets` says', async () => {
    const elsewhere = await serveBuilt(tarball.dist);
    try {
      const ada = await stage.visit({
        as: 'ada',
        attributes: { layout: 'compact', lang: 'de', assets: elsewhere.origin },
        scripts: (assets) => `${assets}/vc-room.js ${elsewhere.origin} 'wasm-unsafe-eval'`,
      });
      await ada.page.getByRole('button', { name: 'Beitreten' }).click();
      await ada.until('RNNoise runs', (room) => room.activeNoiseSuppression === 'rnnoise');
      const fetched = await ada.page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
      assert.deepEqual(
        fetched.filter((url) => url.startsWith(stage.assets)),
        [`${stage.assets}/vc-room.js`],
      );
    } finally {
      await stage.clear();
      await elsewhere.stop();
    }
  });

  it('leaves the first of two copies on a page', async () => {
    const ada = await stage.visit({
      as: 'ada',
      script: (assets) => `<script type="module" src="${assets}/vc-room.js"></script><script type="module" src="${assets}/vc-room.js?again"></script>`,
    });
    await ada.join();
  });

  it('keeps what was set on the tag before the script arrived', async () => {
    const ada = await stage.visit({
      as: 'ada',
      attributes: { 'display-name': null },
      before: `addEventListener('DOMContentLoaded', () => { document.querySelector('vc-room').displayName = 'Grace'; })`,
      script: (assets) => `<script async type="module" src="${assets}/vc-room.js"></script>`,
    });
    await ada.join();
    assert.equal(await ada.run((room) => room.localParticipant?.name), 'Grace');
  });

  it('joins, shows who is there, and hangs up on the page that the README shows as an example', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../demo/examples/page.html'), 'utf8');
    const site = await serveSite(stage, (path) => (path === '/' ? [page, { 'content-type': 'text/html' }] : undefined));
    try {
      const ben = await stage.visit({ as: 'ben', attributes: { room: 'lounge' } });
      await ben.join();
      const ada = await visitSite(stage, site, '/');
      await ada.join();
      await ada.page.waitForFunction(() => document.querySelector('#people')?.textContent === 'Ben');
      await Promise.all([ada.hears('ben'), ben.hears('ada')]);
      await ada.until('RNNoise runs', (room) => room.activeNoiseSuppression === 'rnnoise');
      await ada.page.getByText('Hang up').click();
      await ada.until('idle', (room) => room.connectionState === 'idle');
      await ben.sees();
    } finally {
      await stage.clear();
      await site.stop();
    }
  });
});
