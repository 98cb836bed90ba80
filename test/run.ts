import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findServer } from '../demo/livekit-server.js';
import { findBrowser, inFirefox } from './support/browser.js';
import type { Counts } from './support/counts.js';
import { findFirefox } from './support/firefox.js';
import { fileOf, leftOut } from './support/left-out.js';
import { runNodeTests } from './support/run-node.js';

/**
 * Everything that decides, in the order in which it is cheapest to hear bad news; ends with the line `N passed, N failed`.
 * `tsx test/run.ts` runs all, `tsx test/run.ts e2e` one suite, `tsx test/run.ts e2e errors` the files of it whose path contains a word. With VC_BROWSER=firefox the suite
 * `e2e` runs in Firefox.
 */
const root = join(import.meta.dirname, '..');
const suites = { check, build, unit, node, e2e };
/** Files that measure neither time nor sound nor what grows: two at a time, as much of theirs is waiting. Any other runs alone. */
const sociable: Readonly<Record<'unit' | 'node' | 'e2e', readonly string[]>> = {
  unit: ['announcer', 'axe', 'hostile', 'layouts', 'stories', 'stories-keys'],
  node: [],
  e2e: ['errors', 'face', 'fallback', 'looks', 'matrix', 'media-features', 'microphone', 'package', 'pages', 'policies', 'return', 'touch'],
};
type Suite = keyof typeof suites;

const [wanted, ...words] = process.argv.slice(2);
const total: Counts = { passed: 0, failed: 0, failures: [] };

// What takes long the first time is said, and is not charged to a test.
console.log(`Browser: ${inFirefox ? findFirefox() : findBrowser()}`);
console.log(`LiveKit: ${await findServer(console.log)}`);

for (const name of Object.keys(suites) as Suite[]) {
  if (wanted !== undefined && wanted !== name) continue;
  const started = Date.now();
  console.log(`\n── ${name}`);
  const counts = await suites[name]().catch((thrown: unknown): Counts => failure(`${name}: ${String(thrown)}`));
  if (counts.passed + counts.failed === 0) Object.assign(counts, failure(`${name}: no test ran`));
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.failures.push(...counts.failures.map((title) => `${name} › ${title}`));
  console.log(`── ${name}: ${counts.passed} passed, ${counts.failed} failed, ${Math.round((Date.now() - started) / 1000)} s`);
}

if (total.passed + total.failed === 0) Object.assign(total, failure(`There is no suite ${wanted}; there are ${Object.keys(suites).join(', ')}`));
if (total.failures.length > 0) console.log(`\nFailed:\n${total.failures.map((title) => `  ${title}`).join('\n')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);

/** Each script whose name begins with `check:`; two at a time, as most of them use one core only. */
async function check(): Promise<Counts> {
  const counts = empty();
  const waiting = Object.keys(scripts()).filter((name) => name.startsWith('check:'));
  const work = async (): Promise<void> => {
    for (let script = waiting.shift(); script !== undefined; script = waiting.shift()) add(counts, script, await npm(script, 'when it ends'));
  };
  await Promise.all([work(), work()]);
  return counts;
}

/** The built files, their size budgets, and what would be published. */
async function build(): Promise<Counts> {
  const counts = empty();
  add(counts, 'build', await npm('build'));
  for (const script of ['size', 'package']) add(counts, script, await npm(script));
  return counts;
}

function unit(): Promise<Counts> {
  return inCompany('unit', words.length > 0 ? words : testFiles('test/unit'), unitTests);
}

function node(): Promise<Counts> {
  return inCompany('node', testFiles('test/node'), runNodeTests);
}

function e2e(): Promise<Counts> {
  const files = testFiles('test/e2e');
  if (!inFirefox) return inCompany('e2e', files, runNodeTests);
  const wholly = files.filter((file) => typeof leftOut[fileOf(file)] === 'string');
  const lines = files.flatMap((file) => {
    const why = leftOut[fileOf(file)] ?? {};
    return typeof why === 'string' ? `${fileOf(file)}: ${why}` : Object.entries(why).map(([name, reason]) => `${fileOf(file)} › ${name}: ${reason}`);
  });
  console.log(`Left out in Firefox: ${wholly.length} files and ${lines.length - wholly.length} tests\n${lines.map((line) => `  ${line}`).join('\n')}`);
  // Two of them are a Firefox each, and as many processes as a page has origins.
  return runNodeTests(
    files.filter((file) => !wholly.includes(file)),
    1,
  );
}

/** Runs first those files of a suite that may run two at a time, then the others. */
async function inCompany(
  suite: keyof typeof sociable,
  files: readonly string[],
  run: (files: readonly string[], concurrency: number) => Promise<Counts>,
): Promise<Counts> {
  const together = files.filter((file) => sociable[suite].includes(basename(file, '.test.ts')));
  const alone = files.filter((file) => !together.includes(file));
  const all = empty();
  for (const [some, concurrency] of [[together, 2] as const, [alone, 1] as const]) {
    if (some.length === 0) continue;
    const { passed, failed, failures } = await run(some, concurrency);
    all.passed += passed;
    all.failed += failed;
    all.failures.push(...failures);
  }
  return all;
}

async function unitTests(files: readonly string[], concurrency: number): Promise<Counts> {
  const folder = join(root, '.cache');
  const file = join(folder, 'unit-counts.json');
  mkdirSync(folder, { recursive: true });
  rmSync(file, { force: true });
  const code = await spawned(
    process.execPath,
    ['--import', 'tsx/esm', 'node_modules/@web/test-runner/dist/bin.js', '--concurrency', String(concurrency), ...files.flatMap((path) => ['--files', path])],
    { COUNTS_FILE: file },
  );
  if (!existsSync(file)) return failure('the runner ended without a result');
  const counts = JSON.parse(readFileSync(file, 'utf8')) as Counts;
  return code !== 0 && counts.failed === 0 ? failure(`the runner ended with code ${code}`) : counts;
}

/** The files that are wanted, in order. */
function testFiles(folder: string): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.test.ts') && (words.length === 0 || words.some((word) => file.includes(word))),
  );
  return files.sort().map((file) => join(root, folder, file));
}

function scripts(): Record<string, string> {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts;
}

async function npm(script: string, print: 'at once' | 'when it ends' = 'at once'): Promise<number> {
  const command = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['run', '--silent', script];
  if (print === 'at once') {
    console.log(`\n> npm run ${script}`);
    return spawned(command, args);
  }
  const output: Buffer[] = [];
  const code = await spawned(command, args, {}, output);
  console.log(`\n> npm run ${script}`);
  process.stdout.write(Buffer.concat(output));
  return code;
}

/** `output`, where given, collects what would be printed. */
function spawned(command: string, args: readonly string[], extra: Record<string, string> = {}, output?: Buffer[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const stream = output ? 'pipe' : 'inherit';
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', stream, stream],
      env: { ...process.env, ...extra },
      shell: command.endsWith('.cmd'),
    });
    child.stdout?.on('data', (chunk: Buffer) => output?.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => output?.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

function empty(): Counts {
  return { passed: 0, failed: 0, failures: [] };
}

function failure(title: string): Counts {
  return { passed: 0, failed: 1, failures: [title] };
}

function add(counts: Counts, title: string, code: number): void {
  if (code === 0) counts.passed++;
  else {
    counts.failed++;
    counts.failures.push(title);
  }
}
