/** Prints what a visitor downloads beside what peers make theirs download, and fails when a budget is outgrown. */
import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const entry = 'dist/vc-room.js';

const files = readdirSync('dist', { recursive: true, withFileTypes: true })
  .filter((file) => file.isFile() && /\.(js|wasm)$/.test(file.name))
  .map((file) => `${file.parentPath}/${file.name}`)
  .filter((path) => !path.startsWith('dist/esm/'))
  .sort();

const rows = files.map((path) => {
  const bytes = readFileSync(path);
  return { path, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length };
});

/** Of one or several files, in bytes. */
const gzipOf = (...tests) => rows.filter(({ path }) => tests.some((test) => test(path))).reduce((sum, { gzip }) => sum + gzip, 0);
const isEntry = (path) => path === entry;
const isChunk = (path) => path.startsWith('dist/chunks/');
/** Of these a visitor loads one at most. */
const isLanguage = (path) => isChunk(path) && sourcesOf(path).every((source) => /\/src\/strings\//.test(source));
const isLiveKit = (path) => path.includes('livekit-transport');
const isDenoiser = (path) => /\/(denoiser|rnnoise-0\.1)-\w+\.(js|wasm)$/.test(path) && !path.includes('scripted');

/** What comes only when somebody opens or sets it: panels, other layouts, push-to-talk. */
const isOnDemand = (path) => /\/(settings|settings\.styles|diagnostics|layouts|talk|keys|panel)-/.test(path);

/** What, bytes gzip, budget. The call counts every chunk but what is on demand. */
const budgets = [
  ['entry, all that a default page loads before intent', gzipOf(isEntry), 15_000],
  ['livekit-client with our transport', gzipOf(isLiveKit), 135_000],
  [
    'a call with noise suppression, without the big model',
    gzipOf(isEntry, (path) => isChunk(path) && !isLanguage(path) && !isOnDemand(path), isDenoiser),
    260_000,
  ],
  ...files.filter(isLanguage).map((path) => [`language ${basename(path)}`, gzipOf((other) => other === path), 1_500]),
];

/** Code for one call, bytes gzip, as published or bundled by us in November 2026 with what they need at run time where it is known. */
const peers = [
  ['LiveKit components-react 2.9 (AudioConference), no noise suppression', 233_661],
  ['LiveKit agent-starter-embed', 346_581],
  ['Cloudflare RealtimeKit UI 2.0, audio only, with its core', 231_200],
  ['ElevenLabs embed 0.5.4 (one remote agent)', 190_867],
  ['Vapi widget 0.1.1, more at run time', 184_146],
  ['Whereby v3-react 3.30', 272_038],
  ['SkyWay room 2.4, no interface', 356_054],
  ['Element Call embedded 0.26, entry alone', 726_411],
];

const width = Math.max(...files.map((path) => path.length), ...[...budgets, ...peers].map(([what]) => what.length));
const line = (what, ...columns) => console.log(what.padEnd(width), ...columns.map((column) => String(column).padStart(9)));
line('bytes', 'raw', 'gzip -9', 'brotli');
for (const { path, raw, gzip, brotli } of rows) line(path, raw, gzip, brotli);
line('\nbudgets', ' gzip -9', 'at most');
for (const budget of budgets) line(...budget);
line('\npeers', ' gzip -9');
for (const peer of peers) line(...peer);

const failures = budgets.filter(([, gzip, budget]) => gzip > budget).map(([what, gzip, budget]) => `${what}: ${gzip} bytes gzip, ${gzip - budget} over.`);
if (budgets.some(([, gzip]) => gzip === 0)) failures.push('A budget counts no file: have the names in dist/ changed?');

const foreign = sourcesOf(entry).filter(
  (source) => !/\/src\/|\/node_modules\/(@lit\/|lit\/|lit-html\/|lit-element\/|idb-keyval\/)/.test(source) || source.includes('/src/livekit/livekit-'),
);
if (foreign.length) failures.push(`${entry} contains ${foreign.join(', ')}.`);
if (/livekit-client|registerProcessor|AudioWorkletProcessor/.test(readFileSync(entry, 'utf8'))) failures.push(`${entry} contains livekit-client or a worklet.`);

for (const failure of failures) console.error(failure);
if (failures.length) process.exitCode = 1;

function sourcesOf(path) {
  return JSON.parse(readFileSync(`${path}.map`, 'utf8')).sources;
}
