import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { startDemoServer } from '../../demo/server.js';
import type { DemoServer } from '../../demo/server.js';
import { browserFlags, findBrowser } from '../support/browser.js';
import { writeNoisyVoice } from '../support/noisy-wav.js';

/** Keeps every microphone that the page gets. */
const keepMicrophones = `
  window.microphones = [];
  const getUserMedia = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => {
    const stream = await getUserMedia(wish);
    window.microphones.push(...stream.getTracks());
    return stream;
  };`;

describe('the demo', () => {
  let server: DemoServer;
  let browser: Browser;
  before(async () => {
    server = await startDemoServer({ tokens: () => Promise.resolve(new Response(null, { status: 404 })), port: 0 });
    browser = await chromium.launch({ executablePath: findBrowser(), args: browserFlags(writeNoisyVoice(join(import.meta.dirname, '../../.cache/voices'))) });
  });
  after(async () => {
    await browser.close();
    await server.close();
  });

  it('lets people hear their own voice, raw and clean, before they join, and opens no microphone until they ask for it', async (test) => {
    const context = await browser.newContext({ permissions: ['microphone'] });
    const page = await context.newPage();
    await page.addInitScript({ content: keepMicrophones });
    await page.goto(`http://127.0.0.1:${server.port}/`);
    await page.waitForFunction(() => customElements.get('vc-room') !== undefined);
    await page.waitForLoadState('networkidle');
    const microphones = () => page.evaluate(() => (window as Window & { microphones?: MediaStreamTrack[] }).microphones?.map(({ readyState }) => readyState));
    assert.deepEqual(await microphones(), []);

    await page.getByRole('button', { name: 'Hear myself' }).click();
    await page.getByText('RNNoise cleans your voice').waitFor();
    assert.deepEqual(await microphones(), ['live']);
    const clean = await page.evaluate(pauses);
    await page.getByLabel('Clean').uncheck();
    const raw = await page.evaluate(pauses);
    test.diagnostic(`pauses on the meter: ${raw.toFixed(2)} raw, ${clean.toFixed(2)} clean`);
    // A sixth of the meter is 10 dB.
    assert.ok(raw > clean + 1 / 6, `the meter reads ${raw} raw and ${clean} clean in pauses`);

    await page.getByRole('button', { name: 'Stop' }).click();
    assert.deepEqual(await microphones(), ['ended']);
    await context.close();
  });
});

/** What the meter shows in pauses, which are a quarter of 8 s. */
async function pauses(): Promise<number> {
  const values: number[] = [];
  for (const begun = performance.now(); performance.now() - begun < 8000;) {
    await new Promise((nextFrame) => requestAnimationFrame(nextFrame));
    values.push(document.querySelector('meter')?.value ?? 0);
  }
  return values.sort((one, other) => one - other)[Math.floor(0.15 * values.length)] ?? 0;
}
