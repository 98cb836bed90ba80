import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { writeNoisyVoice } from '../support/noisy-wav.js';
import { openStage } from '../support/stage.js';
import type { Stage, Visit, VisitOptions } from '../support/stage.js';
import { choose, runs } from '../support/suppression.js';

const folder = join(import.meta.dirname, '../../.cache/voices');

describe('the sound of <vc-room>', () => {
  let stage: Stage;
  before(async () => (stage = await openStage()));
  beforeEach(() => stage.newRoom());
  afterEach(() => stage.clear());
  after(() => stage.stop());

  /** Ada, who speaks, and Ben, who only listens. */
  async function speakerAndListener(options: Omit<VisitOptions, 'as'>): Promise<readonly [Visit, Visit]> {
    const visits = await Promise.all([stage.visit({ as: 'ada', ...options }), stage.visit({ as: 'ben', attributes: { 'listen-only': '' } })]);
    await Promise.all(visits.map((visit) => visit.join()));
    await visits[1].until('sound arrives', () => window.probe.arrives);
    return visits;
  }

  it('has less noise in its pauses by RNNoise, and the same voice', async (test) => {
    const [ada, ben] = await speakerAndListener({ plays: writeNoisyVoice(folder), attributes: { 'noise-suppression': 'off', 'auto-gain-control': 'off' } });
    await runs(ada, 'off');
    const raw = await heard(ben, 4.5);
    await choose(ada, 'rnnoise');
    await runs(ada, 'rnnoise');
    const clean = await heard(ben, 4.5);
    const [fallen, changed] = [raw.noise - clean.noise, clean.voice - raw.voice];
    test.diagnostic(`noise ${-Math.round(fallen)} dB, voice ${changed.toFixed(1)} dB`);
    assert.ok(fallen > 15, `noise fell by ${fallen} dB`);
    assert.ok(Math.abs(changed) < 2, `the voice changed by ${changed} dB`);
  });

  it('comes from one microphone for two elements of a page', async () => {
    const endpoint = stage.endpoint.at('valid');
    const room = stage.newRoom();
    const [ada, ben] = await Promise.all([
      stage.visit({ as: 'ada', body: `<div>*</div><vc-room token-endpoint="${endpoint}" room="${room}-too" display-name="Ada"></vc-room>` }),
      stage.visit({ as: 'ben', attributes: { 'listen-only': '' } }),
    ]);
    await ada.page.evaluate(() => Promise.all([...document.querySelectorAll('vc-room')].map((element) => element.join())));
    await ben.join();
    await ben.hears('ada');
    assert.deepEqual(await ada.page.evaluate(() => [window.probe.microphoneRequests, window.probe.open.microphones]), [1, 1]);
    await ada.page.evaluate(() => document.querySelector<HTMLElementTagNameMap['vc-room']>('main > vc-room')?.leave());
    await ben.hears('ada');
    assert.equal(await ada.page.evaluate(() => window.probe.open.microphones), 1);
    await ada.page.evaluate(() => document.querySelector<HTMLElementTagNameMap['vc-room']>('div > vc-room')?.leave());
    assert.equal(await ada.page.evaluate(() => window.probe.open.microphones), 0);
  });
});

/** Loudness in dB of what arrives: of its pauses, which are a quarter of the time, and of its loudest syllables. */
async function heard(visit: Visit, seconds: number): Promise<{ noise: number; voice: number }> {
  const levels = (await visit.run((_, length) => window.probe.record(length), seconds)).map(({ level }) => Math.max(level, 1e-5));
  return { noise: decibels(quantile(levels, 0.15)), voice: decibels(quantile(levels, 0.9)) };
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((one, other) => one - other)[Math.floor(share * (values.length - 1))] ?? 0;
}

function decibels(level: number): number {
  return 20 * Math.log10(level);
}
