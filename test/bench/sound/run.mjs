/**
 * npm run bench:sound [section ...]: what the denoiser costs and gives, beside its peers, measured here and now.
 * Sections: bytes, start, delay, cpu, heap, quality, browser, swaps. None means all. Wants a quiet machine, espeak-ng, flite and sox; apt's alsa-utils gives the recorded voices.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { findBrowser } from '../../support/browser.ts';
import { workletAsset } from '../../../worklets/rollup-assets.mjs';
import { active, corpus, noises } from './corpus.mjs';
import { lagOf, largestStep, median, pauseLevel, siSdr, stoi } from './measures.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const cache = join(here, '../../../.cache/bench-sound');
const rate = 48_000;
/** Seconds of the case itself before it, in which every denoiser settles and ours swaps. */
const leadIn = 3;
const sections = new Set(process.argv.slice(2));
const wants = (section) => sections.size === 0 || sections.has(section);

if (!existsSync(join(here, 'node_modules'))) execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: 'inherit' });
const peers = join(here, 'node_modules');
const timephy = await build({
  entryPoints: [join(peers, '@timephy/rnnoise-wasm/dist/NoiseSuppressorWorklet.js')],
  bundle: true,
  minify: true,
  format: 'esm',
  write: false,
  logLevel: 'error',
});
const pass = `registerProcessor('pass', class extends AudioWorkletProcessor { process([[input]], [[output]]) { if (input) output.set(input); return true; } });`;
const floats = (bytes) => new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));

const inputs = new Map();
const outputs = new Map();
const server = createServer((request, response) => {
  serve(request, response).catch((error) => {
    response.statusCode = 404;
    response.end(String(error));
  });
});

async function serve(request, response) {
  const { url } = request;
  if (request.method === 'POST') {
    const parts = [];
    for await (const part of request) parts.push(part);
    outputs.set(url, floats(Buffer.concat(parts)));
    return response.end();
  }
  const send = (type, body) => {
    response.setHeader('content-type', type);
    response.setHeader('cache-control', url.startsWith('/input/') ? 'no-store' : 'max-age=3600');
    response.end(body);
  };
  if (url === '/') return send('text/html', '<!doctype html><title>bench</title>');
  if (url === '/page.mjs') return send('text/javascript', readFileSync(join(here, 'page.mjs')));
  if (url === '/pass.js') return send('text/javascript', pass);
  if (url === '/timephy.js') return send('text/javascript', timephy.outputFiles[0].contents);
  if (inputs.has(url)) return send('application/octet-stream', Buffer.from(inputs.get(url).slice().buffer));
  const type = url.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
  if (url.startsWith('/sapphi/')) return send(type, readFileSync(join(peers, '@sapphi-red/web-noise-suppressor/dist', url.slice(8))));
  return send(type, Buffer.from(await workletAsset(url.slice(1))));
}

await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://localhost:${server.address().port}`;

/** A fresh browser whose microphone plays `wav` in a loop, and a function that calls one of page.mjs. */
async function withPage(work, wav) {
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: [
      ...(process.platform === 'linux' ? ['--no-sandbox'] : []),
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      ...(wav ? [`--use-file-for-fake-audio-capture=${wav}`] : []),
    ],
  });
  try {
    const page = await browser.newPage();
    await page.goto(origin);
    return await work(
      (name, ...values) => page.evaluate(async ([script, name, values]) => (await import(script))[name](...values), ['/page.mjs', name, values]),
      page,
    );
  } finally {
    await browser.close();
  }
}

function table(title, rows) {
  console.log(`\n${title}`);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  for (const row of rows)
    console.log(`  ${row.map((cell, column) => (column ? String(cell).padStart(widths[column]) : String(cell).padEnd(widths[column]))).join('   ')}`);
}

const fixed = (value, digits = 1) => value.toFixed(digits);
const signed = (value, digits) => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(digits)}`;

function wav(name, sound) {
  const file = join(cache, `${name}.wav`);
  const bytes = Buffer.alloc(44 + sound.length * 2);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + sound.length * 2, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(sound.length * 2, 40);
  sound.forEach((sample, index) => bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32767), 44 + index * 2));
  writeFileSync(file, bytes);
  return file;
}

const at = (set, noise, db) => set.speech.map((sample, index) => sample + set.noise[noise][index] * 10 ** (-db / 20));
const sets = corpus(cache);
const last = sets.at(-1);
console.log(
  `${cpus()[0].model}, ${cpus().length} cores, load ${fixed(loadavg()[0])}; voices: ${sets.map(({ name, speech }) => `${name} ${fixed(speech.length / rate, 0)} s`).join(', ')}`,
);

if (wants('bytes')) {
  const brotli = (content) => brotliCompressSync(content).length;
  const sapphi = (file) => readFileSync(join(peers, '@sapphi-red/web-noise-suppressor/dist', file));
  const ours = brotli(await workletAsset('worklets/denoiser.js')) + brotli(await workletAsset('worklets/rnnoise-0.1.wasm'));
  table('Bytes before the first clean frame, Brotli (goal: at most 100,000)', [
    ['ours 0.1', ours],
    ['ours 0.1 without wasm', brotli(await workletAsset('worklets/denoiser-scripted.js'))],
    ['ours, later: 0.2', brotli(await workletAsset('worklets/rnnoise-0.2.wasm'))],
    ['@sapphi-red (RNNoise 0.1, SIMD)', brotli(sapphi('rnnoise/workletProcessor.js')) + brotli(sapphi('rnnoise_simd.wasm'))],
    ['@timephy (RNNoise 0.2)', brotli(timephy.outputFiles[0].contents)],
  ]);
}

if (wants('start')) {
  const rows = [['', 'cold', 'warm']];
  for (const scripted of [false, true]) {
    const [cold, warm] = [[], []];
    for (let run = 0; run < 5; run++) {
      await withPage(async (call) => {
        cold.push(await call('firstFrame', scripted));
        warm.push(await call('firstFrame', scripted));
      });
    }
    rows.push([scripted ? 'ours 0.1 without wasm' : 'ours 0.1', fixed(median(cold)), fixed(median(warm))]);
  }
  table('First clean frame after the files are there, ms, median of 5 (goal: 40 cold, 20 warm)', rows);
}

if (wants('delay')) {
  const microphone = wav('microphone', at(last, 'pink', 10));
  const rows = [['', 'quantum', 'median', 'least', 'most', 'match']];
  for (const [denoiser, quantum] of [
    ['pass-through', 128],
    ['pass-through', 480],
    ['ours 0.1', 480],
    ['ours 0.2', 480],
    ['ours 0.1', 128],
    ['ours 0.2', 128],
    ['@sapphi-red', 128],
    ['@timephy', 128],
  ]) {
    const runs = [];
    for (let run = 0; run < 9; run++) runs.push(await withPage((call) => call('delay', denoiser, quantum), microphone));
    const ms = runs.map((run) => run.ms);
    rows.push([denoiser, runs[0].quantum, fixed(median(ms)), fixed(Math.min(...ms)), fixed(Math.max(...ms)), fixed(median(runs.map(({ match }) => match)), 2)]);
  }
  table('Processed track minus raw track, live in Chromium, ms, 9 runs (goals: 480: 26 for 0.1, 29 for 0.2; 128: 40, 50)', rows);
}

if (wants('cpu')) {
  const input = Float32Array.from({ length: rate * 60 }, (_, index) => {
    const from = index % last.speech.length;
    return last.speech[from] + last.noise.pink[from] * 0.56;
  });
  inputs.set('/input/cpu', input);
  const rows = [['', 'quantum', 'µs per frame', 'network alone']];
  await withPage(async (call) => {
    const alone = { 0.1: await call('networkCost', '0.1', '/input/cpu'), 0.2: await call('networkCost', '0.2', '/input/cpu') };
    const least = async (denoiser, quantum) => {
      const runs = [];
      for (let run = 0; run < 3; run++) runs.push(await call('cost', denoiser, '/input/cpu', quantum));
      return Math.min(...runs.map(({ ms }) => ms));
    };
    for (const quantum of [128, 480]) {
      const through = await least('pass-through', quantum);
      for (const denoiser of ['ours 0.1', 'ours 0.2', 'ours 0.1 without wasm', ...(quantum === 128 ? ['@sapphi-red', '@timephy'] : [])]) {
        const model = /0\.\d/.exec(denoiser)?.[0];
        rows.push([
          denoiser,
          quantum,
          fixed(((await least(denoiser, quantum)) - through) / 6),
          model && !denoiser.includes('without') ? fixed(alone[model]) : '',
        ]);
      }
    }
  });
  table('Above a pass-through worklet, offline, 60 s, best of 3 (goal: the network and 10 µs; ours 0.2 has both models in its first 2 s)', rows);
}

if (wants('heap')) {
  inputs.set('/input/heap', at(last, 'pink', 10));
  await withPage(async (call, page) => {
    const session = await page.context().newCDPSession(page);
    const worklet = new Promise((resolve) =>
      session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => targetInfo.type.includes('worklet') && resolve(sessionId)),
    );
    const replies = new Map();
    session.on('Target.receivedMessageFromTarget', ({ message }) => {
      const { id, result } = JSON.parse(message);
      replies.get(id)?.(result);
    });
    await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
    await call('keepRunning', '/input/heap');
    const sessionId = await worklet;
    let id = 0;
    const ask = (method) =>
      new Promise((resolve) => {
        replies.set(++id, resolve);
        void session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params: {} }) });
      });
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const settled = [];
    for (let step = 0; step < 7; step++) {
      await ask('HeapProfiler.collectGarbage');
      settled.push((await ask('Runtime.getHeapUsage')).usedSize);
      if (step < 6) await new Promise((resolve) => setTimeout(resolve, 10_000));
    }
    table('Heap of the worklet over 60 s, after collecting, bytes (goal: flat)', [settled, settled.map((value) => signed(value - settled[0], 0))]);
  });
}

if (wants('quality')) {
  const tested = ['ours 0.1', 'ours 0.2', '@sapphi-red', '@timephy'];
  const lead = leadIn * rate;
  const withLead = (sound) => Float32Array.from([...sound.subarray(0, lead), ...sound]);
  const gains = new Map();
  const worst = new Map();
  await withPage(async (call) => {
    for (const denoiser of tested) {
      inputs.set('/input/lag', withLead(last.speech));
      await call('process', denoiser, '/input/lag', '/output/lag');
      const lag = lagOf(inputs.get('/input/lag'), outputs.get('/output/lag'));
      for (const set of sets) {
        const { pause } = active(set.speech);
        for (const noise of noises) {
          for (const db of [0, 5, 10]) {
            const raw = at(set, noise, db);
            inputs.set('/input/case', withLead(raw));
            await call('process', denoiser, '/input/case', '/output/case');
            const heard = outputs.get('/output/case').subarray(lead + lag);
            const [clean, noisy] = [set.speech.subarray(0, heard.length), raw.subarray(0, heard.length)];
            const key = `${set.name} ${noise} ${db}`;
            const before = gains.get(key) ?? { sdr: siSdr(clean, noisy), stoi: stoi(clean, noisy), pause: pauseLevel(noisy, pause) };
            gains.set(key, before);
            const gain = { sdr: siSdr(clean, heard) - before.sdr, pause: before.pause - pauseLevel(heard, pause), stoi: stoi(clean, heard) - before.stoi };
            for (const cell of [`${denoiser}|${noise}`, `${denoiser}|${noise}|${db}`]) gains.set(cell, [...(gains.get(cell) ?? []), gain]);
            if (gain.stoi < (worst.get(denoiser)?.stoi ?? Infinity)) worst.set(denoiser, { key, stoi: gain.stoi });
          }
        }
      }
    }
  });
  const mean = (cells, figure) => cells.reduce((sum, cell) => sum + cell[figure], 0) / cells.length;
  const show = (cells) => `${signed(mean(cells, 'sdr'), 1)} / ${fixed(mean(cells, 'pause'), 0)} / ${signed(mean(cells, 'stoi'), 3)}`;
  table('SI-SDR gain dB / noise in pauses, dB less / STOI gain; three sets of voices, 0, 5 and 10 dB', [
    ['', ...tested],
    ...noises.map((noise) => [noise, ...tested.map((denoiser) => show(gains.get(`${denoiser}|${noise}`)))]),
    ['mean', ...tested.map((denoiser) => show(noises.flatMap((noise) => gains.get(`${denoiser}|${noise}`))))],
  ]);
  table('STOI gain by noise and level (goal: never below raw)', [
    ['', ...tested],
    ...noises.flatMap((noise) =>
      [0, 5, 10].map((db) => [`${noise} ${db} dB`, ...tested.map((denoiser) => signed(mean(gains.get(`${denoiser}|${noise}|${db}`), 'stoi'), 3))]),
    ),
    ['worst single case', ...tested.map((denoiser) => `${signed(worst.get(denoiser).stoi, 3)} (${worst.get(denoiser).key})`)],
  ]);
}

if (wants('browser')) {
  const rows = [['', 'pauses', 'STOI']];
  for (const noise of noises) {
    const raw = at(last, noise, 5);
    const file = wav('browser', raw);
    const seconds = (raw.length / rate) * 2 + 1;
    const { pause } = active(last.speech);
    const heard = [];
    for (const suppression of [false, true]) {
      await withPage((call) => call('captured', suppression, seconds, '/output/browser'), file);
      const all = outputs.get('/output/browser');
      const from = raw.length;
      const lag = lagOf(last.speech, all.subarray(from - 0), Math.min(raw.length, all.length - from - 96_000));
      heard.push(all.subarray(from + lag, from + lag + raw.length));
    }
    const [off, on] = heard;
    const length = Math.min(off.length, on.length, raw.length);
    const cut = (sound) => sound.subarray(0, length);
    const clean = cut(last.speech);
    rows.push([noise, fixed(pauseLevel(cut(off), pause) - pauseLevel(cut(on), pause), 0), signed(stoi(clean, cut(on)) - stoi(clean, cut(off)), 3)]);
  }
  table(`Chromium's own suppression, live, ${last.name}, 5 dB, second loop: dB less in pauses / STOI gain`, rows);
}

if (wants('swaps')) {
  const rows = [['', 'largest step / the sound’s own there', 'level, dB above the quietest of raw, 0.1 and 0.2']];
  const raw = at(last, 'pink', 10);
  inputs.set('/input/swap', raw);
  await withPage(async (call) => {
    const sound = async (denoiser, commands) => {
      await call('process', denoiser, '/input/swap', '/output/swap', commands);
      return outputs.get('/output/swap');
    };
    const small = await sound('ours 0.1', []);
    const large = await sound('ours 0.2', [[0.1, { type: 'load', model: '0.2', code: true }]]);
    // As late as 0.1 makes it at a quantum of 128.
    const late = Float32Array.from(raw, (_, index) => raw[index - 928] ?? 0);
    const level = (samples) => 10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length + 1e-12);
    for (const [title, denoiser, change, make] of [
      ['0.1 to 0.2', 'ours 0.2', 1.49, (second) => [[second, { type: 'load', model: '0.2', code: true }]]],
      ['off', 'ours 0.1', 0, (second) => [[second, { type: 'suppress', on: false }]]],
      [
        'on',
        'ours 0.1',
        1,
        (second) => [
          [second - 0.5, { type: 'suppress', on: false }],
          [second + 1, { type: 'suppress', on: true }],
        ],
      ],
    ]) {
      const found = [];
      for (let run = 0; run < 10; run++) {
        const second = 1 + run * 1.213;
        const join = Math.round((second + change) * rate);
        inputs.set('/input/swap', raw.subarray(0, join + rate));
        const heard = await sound(denoiser, make(second));
        const part = (samples) => samples.subarray(join - 480, join + 3 * rate * 0.02 + 480);
        const own = Math.max(largestStep(part(late)), largestStep(part(small)), largestStep(part(large)));
        found.push({ step: largestStep(part(heard)) / own, dip: level(part(heard)) - Math.min(level(part(small)), level(part(large)), level(part(late))) });
      }
      rows.push([title, fixed(Math.max(...found.map(({ step }) => step)), 2), signed(Math.min(...found.map(({ dip }) => dip)), 1)]);
    }
  });
  table('Changes while somebody talks, 10 each, human voice (goal: steps at most 1, nothing much below 0 dB)', rows);
}

server.close();
