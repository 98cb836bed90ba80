/** Writes dist/THIRD-PARTY-NOTICES.txt: every package whose code is in dist/, read off the source maps, with its licence. Fails where one has none that we may ship. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const allowed = new Set(['MIT', 'Apache-2.0', 'BSD-3-Clause', '0BSD', 'ISC', '(Apache-2.0 AND BSD-3-Clause)']);
/** The other licence of those that are under two (`AND`), as the file of ours gives it. */
const second = { '@bufbuild/protobuf': ['protobuf.txt', 'google/varint.js of @bufbuild/protobuf (BSD-3-Clause)'] };
/** What no source map knows, the wasm files and the script made from them (worklets/rollup-assets.mjs), and what its LICENSE says, as its package.json says nothing. */
const unmapped = { '@jitsi/rnnoise-wasm': 'Apache-2.0' };

const shipped = new Set(Object.keys(unmapped));
for (const { name, parentPath } of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  // dist/esm imports its dependencies.
  if (!name.endsWith('.map') || parentPath.includes('esm')) continue;
  for (const source of JSON.parse(readFileSync(join(parentPath, name), 'utf8')).sources) {
    const found = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source);
    if (found) shipped.add(found[1]);
  }
}

const texts = new Map();
const wrong = [];
for (const name of [...shipped].sort()) {
  const folder = join('node_modules', name);
  const { version, license = unmapped[name] } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!allowed.has(license)) wrong.push(`${name} is under ${license}, which nobody has looked at: see test/package/notices.mjs.`);
  const file = readdirSync(folder).find((candidate) => /^licen[cs]e(-mit)?(\.(md|txt))?$/i.test(candidate));
  if (license?.includes(' AND ') && !second[name]) wrong.push(`${name} is under ${license}: add the second text to test/package/licences/.`);
  // Without a file of its own: the general text of ours, which is the same licence.
  const text = (file ? readFileSync(join(folder, file), 'utf8') : license.includes('Apache-2.0') ? readFileSync('LICENSE', 'utf8') : '')
    .replace(/\r/g, '')
    .trim();
  if (!text) wrong.push(`${name} has no licence text.`);
  add(text, `${name} ${version} (${license})`);
  if (second[name]) addOurs(...second[name]);
}
addOurs('rnnoise.txt', 'RNNoise 0.1 and 0.2, compiled to WebAssembly in @jitsi/rnnoise-wasm (BSD-3-Clause)');
if (!existsSync('LICENSE')) wrong.push('Our own LICENSE is missing.');

const rule = '\n\n' + '='.repeat(80) + '\n\n';
const parts = [...texts].map(([text, names]) => `${names.map((name) => `* ${name}`).join('\n')}\n\n${text}`);
writeFileSync('dist/THIRD-PARTY-NOTICES.txt', ['What the files of this folder contain of others, and under which licences.', ...parts].join(rule) + '\n');

for (const line of wrong) console.error(line);
if (wrong.length) process.exitCode = 1;

/** A text that the package itself does not bring as a file. */
function addOurs(file, name) {
  add(readFileSync(join('test/package/licences', file), 'utf8').trim(), name);
}

/** Packages with word for word the same licence share it. */
function add(text, name) {
  texts.set(text, [...(texts.get(text) ?? []), name]);
}
