/** Through a real SFU to the far end: from a microphone to an ear, and what is left of the noise there; beside a track of livekit-client as it is. */
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { openStage } from '../../../support/stage.ts';
import { active } from '../corpus.mjs';
import { median, pauseLevel, place } from '../measures.mjs';
import { fixed, last, mixed, rate, root, signed, table, wav } from '../stage.mjs';

const runs = 5;
/** Until the jitter buffer has settled, and ours has renewed its source in a pause, in ms. */
const settling = 9000;
const seconds = 7;
const saved = `Object.defineProperty(navigator, 'connection', { value: Object.assign(new EventTarget(), { saveData: true, effectiveType: '4g' }) });`;

const flows = [
  { name: 'livekit-client, raw track', raw: true },
  { name: '<vc-room> as it starts: 0.1, ready for 0.2', suppression: 'rnnoise', model: '0.1', without: /rnnoise-0\.2/ },
  { name: '<vc-room> as it goes on: 0.2', suppression: 'rnnoise', model: '0.2' },
  { name: '<vc-room> saving data: 0.1', before: saved, suppression: 'rnnoise', model: '0.1' },
  { name: '<vc-room> without suppression', suppression: 'off' },
];

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function measure(wants) {
  const clean = last.speech;
  const plays = wav('far', mixed(last, 'pink', 5));
  const { outputFiles } = buildSync({
    entryPoints: [join(root, 'test/bench/sound/far-page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  });
  const page = outputFiles[0].text;
  const { pause: quiet } = active(clean);
  const stage = await openStage();
  const found = new Map(flows.filter(({ name }) => wants(name)).map(({ name }) => [name, []]));
  try {
    for (let run = 0; run < runs; run++) {
      for (const flow of flows) {
        if (!found.has(flow.name)) continue;
        const room = stage.newRoom();
        const before = page + (flow.before ?? '');
        const attributes = { 'auto-gain-control': 'off', 'noise-suppression': flow.suppression ?? 'off' };
        const near = await stage.visit({ as: 'ada', plays, before, attributes });
        const far = await stage.visit({ as: 'ben', plays, before, attributes: { 'listen-only': '' } });
        if (flow.without) await near.page.route(flow.without, (route) => route.abort());
        for (const [visit, identity] of [
          [far, 'far'],
          [near, 'near'],
        ]) {
          if (!flow.raw) await visit.join();
          else
            await visit.page.evaluate(
              ([url, token, speaks]) => window.bench.enter(url, token, speaks),
              [stage.liveKit.url, await stage.liveKit.token({ room, identity, name: identity }), identity === 'near'],
            );
        }
        await far.page.waitForFunction(() => window.bench.hears());
        if (flow.model) await near.until(flow.model, (element, model) => element.diagnostics().sound.denoiser.model === model, flow.model, 30_000);
        await pause(settling);
        const statsBefore = await far.page.evaluate(() => window.bench.arrived());
        const [spoken, heard] = await Promise.all([
          near.page.evaluate((length) => window.bench.spoken(length), seconds),
          far.page.evaluate((length) => window.bench.heard(length), seconds),
        ]);
        const stats = await far.page.evaluate(() => window.bench.arrived());
        const [mouth, ear] = [timed(spoken), timed(heard)];
        const since = (key) => stats[key] - statsBefore[key];
        found.get(flow.name).push({
          ms: lateness(mouth, ear),
          gaps: pausesOf(clean, quiet, mouth.samples, ear.samples),
          buffer: (1000 * since('delay')) / since('emitted'),
          target: (1000 * since('target')) / since('emitted'),
          concealed: (100 * since('concealed')) / since('total'),
        });
        await stage.clear();
      }
      console.error(`${run + 1} of ${runs} runs`);
    }
  } finally {
    await stage.stop();
  }
  const raw = found.get(flows[0].name) ?? [];
  const middle = (rows, key) => (rows.length ? median(rows.map((row) => row[key])) : NaN);
  table(`Mouth to ear through the SFU, ms, median of ${runs} (goal: at most 20 more than raw); noise in pauses at 5 dB (goal: 15 dB less than raw)`, [
    ['', 'mouth to ear', 'least', 'most', 'more than raw', 'jitter buffer', 'its target', 'concealed %', 'noise in pauses, dB'],
    ...[...found].map(([name, rows]) => [
      name,
      fixed(middle(rows, 'ms')),
      fixed(Math.min(...rows.map(({ ms }) => ms))),
      fixed(Math.max(...rows.map(({ ms }) => ms))),
      signed(middle(rows, 'ms') - middle(raw, 'ms')),
      fixed(middle(rows, 'buffer')),
      fixed(middle(rows, 'target')),
      fixed(middle(rows, 'concealed'), 2),
      signed(middle(rows, 'gaps') - middle(raw, 'gaps')),
    ]),
  ]);
}

/** Samples, and for each of them when it arrived, in ms since the epoch. */
function timed({ blocks, samples }) {
  const bytes = Buffer.from(samples, 'base64');
  const sound = Float32Array.from(new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2), (sample) => sample / 32767);
  const times = new Float64Array(sound.length);
  let at = 0;
  for (const [time, length] of blocks) {
    times.fill(time, at, at + length);
    at += length;
  }
  return { samples: sound, times };
}

/** Ms by which the ear is later than the mouth: median over windows of a second. Half a second either way is looked at. */
function lateness(mouth, ear) {
  const range = rate / 2;
  const found = [];
  for (let from = range; from + rate + range < Math.min(mouth.samples.length, ear.samples.length); from += rate / 2) {
    const at = place(mouth.samples, from, rate, ear.samples, from - range, from + range);
    found.push(ear.times[at + rate / 2] - mouth.times[from + rate / 2]);
  }
  return median(found);
}

/** Level in pauses of what is heard, dB below full scale. The file that the microphone plays in a loop tells where they are. */
function pausesOf(clean, quiet, spoken, heard) {
  const loop = Float32Array.from([...clean, ...clean, ...clean.subarray(0, rate)]);
  const from = rate;
  const start = place(spoken, from, 2 * rate, loop, 0, clean.length);
  const late = place(spoken, from, rate, heard, from - rate / 2, from + rate / 2) - from;
  const frames = Math.ceil(start / 480);
  const begin = from + late + (480 * frames - start);
  const length = Math.floor((heard.length - begin) / 480);
  return pauseLevel(
    heard.subarray(begin),
    Array.from({ length }, (_, frame) => quiet[(frames + frame) % quiet.length]),
  );
}
