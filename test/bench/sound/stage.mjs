/** What every section stands on: a server for worklets, peers and samples, browsers whose microphone plays a file, a way to print. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { launch } from '../../support/launch.ts';
import { workletAsset } from '../../../worklets/rollup-assets.mjs';
import { corpus } from './corpus.mjs';

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, '../../..');
export const cache = join(root, '.cache/bench-sound');
mkdirSync(cache, { recursive: true });
export const rate = 48_000;

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
const pass = `registerProcessor('pass', class extends AudioWorkletProcessor {
  process([[input]], [[output]]) {
    if (input) output.set(input);
    if (!this.told) this.port.postMessage({ quantum: output.length });
    this.told = true;
    return true;
  }
});`;

/** A file as it is served. */
export async function file(name) {
  if (name === 'pass.js') return Buffer.from(pass);
  if (name === 'timephy.js') return Buffer.from(timephy.outputFiles[0].contents);
  if (name.startsWith('sapphi/')) return readFileSync(join(peers, '@sapphi-red/web-noise-suppressor/dist', name.slice(7)));
  return Buffer.from(name === 'page.mjs' ? readFileSync(join(here, name)) : await workletAsset(name));
}

/** Samples that pages fetch, and what they post, by path. */
export const inputs = new Map();
export const outputs = new Map();

const floats = (bytes) => new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
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
  if (inputs.has(url)) return send('application/octet-stream', Buffer.from(inputs.get(url).slice().buffer));
  send(url.endsWith('.wasm') ? 'application/wasm' : 'text/javascript', await file(url.slice(1)));
}

await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
export const origin = `http://localhost:${server.address().port}`;
export const stop = () => server.close();

/** A fresh browser whose microphone plays `wav` in a loop, and a function that calls one of page.mjs. */
export async function withPage(work, wav) {
  const browser = await launch(
    '--autoplay-policy=no-user-gesture-required',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    ...(wav ? [`--use-file-for-fake-audio-capture=${wav}`] : []),
  );
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

/** Writes what a fake microphone plays; returns its path. */
export function wav(name, sound) {
  const path = join(cache, `${name}.wav`);
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
  writeFileSync(path, bytes);
  return path;
}

/** Voices and noises; `last` are the recorded voices where they are installed. */
export const sets = corpus(cache);
export const last = sets.at(-1);
/** Speech of a set with noise, `db` apart. */
export const mixed = (set, noise, db) => set.speech.map((sample, index) => sample + set.noise[noise][index] * 10 ** (-db / 20));

export function table(title, rows) {
  console.log(`\n${title}`);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column] ?? '').length)));
  for (const row of rows)
    console.log(`  ${row.map((cell, column) => (column ? String(cell).padStart(widths[column]) : String(cell).padEnd(widths[column]))).join('   ')}`);
}

export const fixed = (value, digits = 1) => value.toFixed(digits);
export const signed = (value, digits = 1) => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(digits)}`;
