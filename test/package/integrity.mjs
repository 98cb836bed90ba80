/**
 * Writes dist/sri.json, the hashes of all that a page may load; dist/importmap.json, by which browsers hold the modules to them;
 * and with `--readme` (before a release, see `prepack`) the README's pinned snippet.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const cdn = `https://cdn.jsdelivr.net/npm/vc-room@${version}/dist`;

const files = readdirSync('dist', { recursive: true, withFileTypes: true })
  .map(({ parentPath, name }) => relative('dist', `${parentPath}/${name}`).replaceAll('\\', '/'))
  .filter((path) => /\.(js|wasm)$/.test(path) && !path.startsWith('esm/'))
  .sort();
const hashes = Object.fromEntries(
  files.map((path) => [
    path,
    `sha384-${createHash('sha384')
      .update(readFileSync(`dist/${path}`))
      .digest('base64')}`,
  ]),
);
const modules = Object.entries(hashes).filter(([path]) => path === 'vc-room.js' || path.startsWith('chunks/'));
write('importmap.json', { integrity: Object.fromEntries(modules.map(([path, hash]) => [`${cdn}/${path}`, hash])) });
write('sri.json', { version, files: hashes });

const snippet = `<script type="module" src="${cdn}/vc-room.js" integrity="${hashes['vc-room.js']}" crossorigin></script>`;

if (process.argv.includes('--readme')) {
  const readme = readFileSync('README.md', 'utf8');
  const pinned = readme.replace(/<script type="module" src="[^"]*" integrity="[^"]*" crossorigin><\/script>/, snippet);
  if (pinned === readme && !readme.includes(snippet)) throw new Error('README.md has no snippet with integrity any more.');
  writeFileSync('README.md', pinned);
}

function write(name, content) {
  writeFileSync(`dist/${name}`, `${JSON.stringify(content, null, 2)}\n`);
}
