import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { serve } from '../support/serve.js';
import { visitSite } from '../support/site.js';
import { openStage } from '../support/stage.js';
import type { Stage } from '../support/stage.js';
import { unpackTarball } from '../support/tarball.js';
import type { Tarball } from '../support/tarball.js';

const here = import.meta.dirname;
const root = join(here, '../..');

/** A whole site, but for the example itself and the worklets: path -> content. */
const files: Readonly<Record<string, string>> = {
  'package.json': '{ "private": true, "type": "module" }',
  'svelte.config.js': 'export default {};',
  'vite.config.js': "import { sveltekit } from '@sveltejs/kit/vite'; export default { plugins: [sveltekit()] };",
  'src/app.html': '<!doctype html><html lang="en"><head>%sveltekit.head%</head><body><div>%sveltekit.body%</div></body></html>',
  'src/routes/+page.svelte': '<script>import Call from "../Call.svelte";</script><Call room="lounge" />',
  'src/routes/api/token/+server.js': `export const POST = async ({ request, fetch }) =>
    fetch(process.env.ENDPOINT, { method: 'POST', body: await request.text(), headers: { 'content-type': 'application/json' } });`,
};

/** What npm would have installed: for the site, and for the package. */
const dependencies = [
  ...['svelte', '@sveltejs/kit', '@sveltejs/vite-plugin-svelte', 'vite'].map((name) => [name, here] as const),
  ...['lit', 'livekit-client', 'idb-keyval', '@jitsi/rnnoise-wasm'].map((name) => [name, root] as const),
];

describe('a site by SvelteKit, of the packed package', () => {
  let stage: Stage;
  let tarball: Tarball;
  const vite = (...args: string[]) => [join(here, 'node_modules/vite/bin/vite.js'), ...args];
  before(async () => {
    stage = await openStage();
    stage.newRoom();
    tarball = unpackTarball();
    const { site, dist } = tarball;
    for (const [name, place] of dependencies) {
      mkdirSync(dirname(join(site, 'node_modules', name)), { recursive: true });
      symlinkSync(join(place, 'node_modules', name), join(site, 'node_modules', name), 'junction');
    }
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(site, path)), { recursive: true });
      writeFileSync(join(site, path), content);
    }
    cpSync(join(root, 'demo/examples/Call.svelte'), join(site, 'src/Call.svelte'));
    cpSync(join(dist, 'worklets'), join(site, 'static/vc-room/worklets'), { recursive: true });
    await promisify(execFile)(process.execPath, vite('build', '--logLevel', 'error'), { cwd: site });
  });
  after(async () => {
    await stage.stop();
    tarball.remove();
  });

  it('renders the tag on the server, takes it over, joins and hangs up', async () => {
    const probe = await serve(() => undefined);
    const { port, origin } = new URL(probe.origin);
    await probe.stop();
    const child = spawn(process.execPath, vite('preview', '--host', '127.0.0.1', '--port', port, '--strictPort'), {
      cwd: tarball.site,
      env: { ...process.env, ENDPOINT: stage.endpoint.at('valid') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      // It says its address once it listens.
      await once(child.stdout, 'data');
      const html = await (await fetch(origin)).text();
      assert.match(html, /<vc-room token-endpoint="\/api\/token" assets="\/vc-room\/" room="lounge"><\/vc-room>/);
      const ben = await stage.visit({ as: 'ben', attributes: { room: 'lounge' } });
      await ben.join();
      const ada = await visitSite(stage, { origin }, '/');
      await ada.join();
      await ada.page.waitForFunction(() => document.querySelector('#people')?.textContent === 'Ben');
      await Promise.all([ada.hears('ben'), ben.hears('ada')]);
      await ada.until('RNNoise runs', (room) => room.activeNoiseSuppression === 'rnnoise');
      assert.equal(await ada.page.locator('vc-room').count(), 1);
      await ada.page.getByText('Hang up').click();
      await ada.until('idle', (room) => room.connectionState === 'idle');
      await stage.clear();
    } finally {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    }
  });
});
