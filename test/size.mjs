/** Prints what a visitor downloads and fails when the entry outgrows its budget. */
import { readFileSync, readdirSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const budget = 12_000;
const entry = 'dist/vc-room.js';

const files = readdirSync('dist', { recursive: true, withFileTypes: true })
  .filter((file) => file.isFile() && !/\.map$|\.d\.ts$/.test(file.name))
  .map((file) => `${file.parentPath}/${file.name}`)
  .filter((path) => !path.startsWith('dist/esm/'))
  .sort();

const rows = files.map((path) => {
  const bytes = readFileSync(path);
  return { path, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length };
});

const width = Math.max(...files.map((path) => path.length));
const line = (path, ...columns) => console.log(path.padEnd(width), ...columns.map((column) => String(column).padStart(9)));
line('bytes', 'raw', 'gzip -9', 'brotli');
for (const { path, raw, gzip, brotli } of rows) line(path, raw, gzip, brotli);

const failures = [];
const { gzip } = rows.find(({ path }) => path === entry);
if (gzip > budget) failures.push(`${entry} has ${gzip} bytes gzip, ${gzip - budget} over its budget of ${budget}.`);

const { sources } = JSON.parse(readFileSync(`${entry}.map`, 'utf8'));
const foreign = sources.filter(
  (source) => !/\/src\/|\/node_modules\/(@lit\/|lit\/|lit-html\/|lit-element\/|idb-keyval\/)/.test(source) || source.includes('/src/livekit/livekit-'),
);
if (foreign.length) failures.push(`${entry} contains ${foreign.join(', ')}.`);
if (/livekit-client|registerProcessor|AudioWorkletProcessor/.test(readFileSync(entry, 'utf8'))) failures.push(`${entry} contains livekit-client or a worklet.`);

for (const failure of failures) console.error(failure);
if (failures.length) process.exitCode = 1;
else console.log(`The entry keeps its budget: ${gzip} of ${budget} bytes gzip; neither livekit-client nor a worklet is in it.`);
