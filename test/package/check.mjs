/** What `npm pack` would publish holds what it should and nothing else, and resolves for every kind of importer. Runs on the built files. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** Each must match a file, and each file one of them. */
const contents = [
  /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|custom-elements\.json|vscode\.(html|css)-custom-data\.json)$/,
  /^src\/frameworks\/(react|preact|solid|vue|svelte)\.d\.ts$/,
  /^dist\/(vc-room|vc-room\.classic)\.js(\.map)?$/,
  /^dist\/(sri|importmap)\.json$/,
  /^dist\/THIRD-PARTY-NOTICES\.txt$/,
  /^dist\/chunks\/[\w.-]+-[\w-]{6}\.js(\.map)?$/,
  /^dist\/worklets\/[\w.-]+-[0-9a-f]{10}\.(js|wasm)$/,
  /^dist\/esm\/(index|define)\.js(\.map)?$/,
  /^dist\/esm\/chunks\/[\w.-]+-[\w-]{8}\.js(\.map)?$/,
  /^dist\/types\/tag\.d\.ts$/,
  /^dist\/types\/(src|worklets)\/.*\.d\.ts$/,
];

const wrong = [];
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'vc-room-pack-'));
try {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const [{ filename, files, size }] = JSON.parse(
    execFileSync(npm, ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder], {
      encoding: 'utf8',
      shell: npm.endsWith('.cmd'),
    }),
  );
  for (const { path } of files) if (!contents.some((allowed) => allowed.test(path))) wrong.push(`npm pack holds ${path}, which nobody meant to publish.`);
  for (const wanted of contents) if (!files.some(({ path }) => wanted.test(path))) wrong.push(`npm pack holds nothing like ${wanted.source}.`);

  const { messages } = await publint({ pkgDir: '.', strict: true, pack: false });
  for (const message of messages) wrong.push(`publint: ${formatMessage(message, manifest)}`);

  const cli = createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json');
  const attw = join(dirname(cli), JSON.parse(readFileSync(cli, 'utf8')).bin.attw);
  try {
    // Types alone for the frameworks; ES modules alone for the rest: there is no CommonJS, nor an importer that knows no exports.
    const options = ['--profile', 'esm-only', '--no-emoji', '--no-color', '--exclude-entrypoints', './custom-elements.json'];
    execFileSync(process.execPath, [attw, join(folder, filename), ...options], { encoding: 'utf8' });
  } catch (thrown) {
    wrong.push(`are the types wrong: ${thrown.stdout || thrown.message}`);
  }
  console.log(`${filename}: ${files.length} files, ${size} bytes.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const { version, files } = JSON.parse(readFileSync('dist/sri.json', 'utf8'));
if (version !== manifest.version) wrong.push('dist/sri.json is of another version: build again.');
for (const [path, hash] of Object.entries(files)) {
  const now =
    existsSync(`dist/${path}`) &&
    `sha384-${createHash('sha384')
      .update(readFileSync(`dist/${path}`))
      .digest('base64')}`;
  if (now !== hash) wrong.push(`dist/sri.json does not know dist/${path}: build again.`);
}
const readme = readFileSync('README.md', 'utf8');
const pinned = /vc-room@([\d.]+)\/dist\/vc-room\.js" integrity="([^"]+)"/.exec(readme);
if (pinned?.[1] !== manifest.version)
  wrong.push(`The README's snippet with integrity is not of version ${manifest.version}: node test/package/integrity.mjs --readme`);
else if (pinned[2] !== files['vc-room.js']) console.log("The README's integrity is that of another build; `npm pack` writes the one of its own.");

for (const line of wrong) console.error(line);
if (wrong.length) process.exitCode = 1;
