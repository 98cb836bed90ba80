/** Gets a LiveKit server program onto this machine, by the quickest way that works. */
import { createHash } from 'node:crypto';
import { access, chmod, constants, copyFile, mkdir, mkdtemp, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { startChild } from './child.js';

/** The version that is downloaded or built; a `livekit-server` on PATH may be another. */
export const LIVEKIT_VERSION = '1.13.5';
export const DOCKER_IMAGE = `livekit/livekit-server:v${LIVEKIT_VERSION}`;

/** Tells the person what happens: `line` once for each step, `progress` as often as there is news within a long one. */
export interface Say {
  (line: string): void;
  progress?(line: string): void;
}

export interface FindOptions {
  env?: NodeJS.ProcessEnv;
  /** Stops waiting and ends what was started. */
  signal?: AbortSignal;
  /** Where releases lie: `<base>/v<version>/<file>`. */
  releases?: string;
}

/** None of the ways worked; `message` lists them and the shortest way out. */
export class NoServerError extends Error {
  override readonly name = 'NoServerError';
}

/** A step that did not lead to a server; its message is the reason that people read. */
class NotThisWay extends Error {}

interface Search {
  readonly say: Say;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly releases: string;
  readonly folder: string;
  readonly kept: string;
}

/**
 * Path of a `livekit-server` program, or `docker:<image>`; `startLiveKit` takes either.
 * Order: PATH, the cache folder, the release archive (checked against its checksums.txt), `go install`, Docker.
 * What was downloaded or built stays in the cache folder. Throws `NoServerError` when nothing works, and the signal's reason when aborted.
 */
export async function findServer(say: Say = () => undefined, options: FindOptions = {}): Promise<string> {
  const env = options.env ?? process.env;
  const folder = cacheFolder(env);
  const search: Search = {
    say,
    env,
    signal: options.signal ?? new AbortController().signal,
    releases: options.releases ?? 'https://github.com/livekit/livekit/releases/download',
    folder,
    kept: path.join(folder, `livekit-server-${LIVEKIT_VERSION}${program('')}`),
  };
  const ways: readonly (readonly [name: string, way: (search: Search) => Promise<string>])[] = [
    ['PATH', onPath],
    ['Cache', inCache],
    ['Download', download],
    ['Go', build],
    ['Docker', docker],
  ];
  const tried: string[] = [];
  for (const [name, way] of ways) {
    try {
      return await way(search);
    } catch (error) {
      search.signal.throwIfAborted();
      const line = `${name.padEnd(9)} ${reasonOf(error)}`;
      tried.push(line);
      say(line);
    }
  }
  throw new NoServerError(noServerMessage(tried));
}

/** Folder of this user for things that can be fetched again: `vc-room` under XDG_CACHE_HOME, ~/Library/Caches or LOCALAPPDATA. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const given = env['XDG_CACHE_HOME'];
  if (given && path.isAbsolute(given)) return path.join(given, 'vc-room');
  if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Caches', 'vc-room');
  if (process.platform === 'win32') return path.join(env['LOCALAPPDATA'] ?? path.join(homedir(), 'AppData', 'Local'), 'vc-room');
  return path.join(homedir(), '.cache', 'vc-room');
}

async function onPath({ say, env, signal }: Search): Promise<string> {
  const found = await which('livekit-server', env);
  if (!found) throw new NotThisWay('no livekit-server there');
  const version = await versionOf(found, signal);
  if (!version) throw new NotThisWay(`${found} does not answer to --version`);
  say(`${'PATH'.padEnd(9)} ${tilde(found)}, version ${version}`);
  return found;
}

async function inCache({ say, kept, folder, signal }: Search): Promise<string> {
  if (!(await isExecutable(kept))) throw new NotThisWay(`nothing kept yet in ${tilde(folder)}`);
  const version = await versionOf(kept, signal);
  if (version !== LIVEKIT_VERSION) {
    await rm(kept, { force: true });
    throw new NotThisWay(`${tilde(kept)} did not run and was removed`);
  }
  say(`${'Cache'.padEnd(9)} ${tilde(kept)}`);
  return kept;
}

async function download(search: Search): Promise<string> {
  const { say, kept, releases } = search;
  const archive = archiveName();
  if (!archive) throw new NotThisWay(`LiveKit publishes no archive for ${process.platform} on ${process.arch}`);
  const base = `${releases}/v${LIVEKIT_VERSION}`;
  const host = new URL(base).host;
  say.progress?.(`Download  asking ${host}`);
  const sums = await fetchText(`${base}/checksums.txt`, host, search.signal);
  const expected = sums
    .split('\n')
    .map((line) => line.trim().split(/\s+\*?/))
    .find(([, name]) => name === archive)?.[0]
    ?.toLowerCase();
  if (!expected) throw new NotThisWay(`checksums.txt of ${LIVEKIT_VERSION} does not name ${archive}`);
  return inWorkFolder(search, async (work) => {
    const file = path.join(work, archive);
    const actual = await fetchFile(`${base}/${archive}`, host, file, search);
    if (actual !== expected) throw new NotThisWay(`${archive} does not match its published checksum and was thrown away`);
    // Windows' own tar reads zip; a GNU tar that comes first on PATH there does not.
    const tar = process.platform === 'win32' ? path.join(search.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'tar.exe') : 'tar';
    await run(tar, ['-xf', file, '-C', work, program('livekit-server')], { env: search.env, signal: search.signal }).catch((error: unknown) => {
      throw new NotThisWay(`${archive} could not be unpacked (${reasonOf(error)})`);
    });
    await keep(path.join(work, program('livekit-server')), kept, search.signal);
    say(`${'Download'.padEnd(9)} ${archive}, checksum right, kept in ${tilde(search.folder)}`);
    return kept;
  });
}

async function build(search: Search): Promise<string> {
  const { say, kept, env, signal } = search;
  const go = await which('go', env);
  if (!go) throw new NotThisWay('no go on PATH');
  const version = await run(go, ['env', 'GOVERSION'], { env, signal }).catch(() => '');
  if (!version) throw new NotThisWay(`${go} does not run`);
  return inWorkFolder(search, async (work) => {
    const environment: NodeJS.ProcessEnv = { ...env, GOBIN: work, CGO_ENABLED: '0' };
    // GOBIN refuses a cross build, and a workspace or vendor setting of the folder we run in is not meant for this.
    for (const name of ['GOOS', 'GOARCH', 'GOARM']) delete environment[name];
    Object.assign(environment, { GOWORK: 'off', GO111MODULE: 'on' });
    const started = Date.now();
    const child = startChild(go, ['install', '-v', `github.com/livekit/livekit-server/cmd/server@v${LIVEKIT_VERSION}`], {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const stop = (): void => void child.destroy();
    signal.addEventListener('abort', stop, { once: true });
    let packages = 0;
    let fetched = 0;
    let last = '';
    let rest = '';
    child.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.filter(Boolean)) {
        if (line.startsWith('go: downloading')) fetched += 1;
        else if (/^[\w./~-]+$/.test(line)) packages += 1;
        else last = line;
      }
    });
    const tell = (): void => {
      const done = packages > 0 ? `, ${packages} packages compiled` : fetched > 0 ? `, ${fetched} modules fetched` : '';
      say.progress?.(`Go        building LiveKit ${LIVEKIT_VERSION}, once, about two minutes: ${seconds(started)} s${done}`);
    };
    tell();
    const ticking = setInterval(tell, 1000);
    const exit = await child.exited;
    clearInterval(ticking);
    signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
    if (exit.code !== 0) throw new NotThisWay(`go install failed: ${exit.error?.message ?? (rest || last || `exit ${exit.code ?? exit.signal}`)}`);
    await keep(path.join(work, program('server')), kept, signal);
    say(`${'Go'.padEnd(9)} built in ${seconds(started)} s with ${version}, kept in ${tilde(search.folder)}`);
    return kept;
  });
}

async function docker({ say, env, signal }: Search): Promise<string> {
  if (!(await which('docker', env))) throw new NotThisWay('no docker on PATH');
  const engine = await run('docker', ['version', '--format', '{{.Server.Version}}'], { env, signal, timeout: 8000 }).catch(() => '');
  if (!engine) throw new NotThisWay('installed, but its engine does not answer');
  const there = await run('docker', ['image', 'inspect', '--format', 'here', DOCKER_IMAGE], { env, signal, timeout: 8000 }).catch(() => '');
  if (!there) {
    const started = Date.now();
    const ticking = setInterval(() => say.progress?.(`Docker    pulling ${DOCKER_IMAGE}: ${seconds(started)} s`), 1000);
    try {
      await run('docker', ['pull', '--quiet', DOCKER_IMAGE], { env, signal, timeout: 600_000 });
    } catch (error) {
      throw new NotThisWay(`could not pull ${DOCKER_IMAGE}: ${reasonOf(error)}`);
    } finally {
      clearInterval(ticking);
    }
  }
  say(`${'Docker'.padEnd(9)} engine ${engine}, ${DOCKER_IMAGE}`);
  return `docker:${DOCKER_IMAGE}`;
}

/** Name of the release archive for this machine, or null where LiveKit publishes none (macOS: Homebrew builds it). */
function archiveName(): string | null {
  const cpu = { x64: 'amd64', arm64: 'arm64', arm: 'armv7' }[process.arch as string];
  if (!cpu) return null;
  if (process.platform === 'linux') return `livekit_${LIVEKIT_VERSION}_linux_${cpu}.tar.gz`;
  if (process.platform === 'win32') return `livekit_${LIVEKIT_VERSION}_windows_${cpu}.zip`;
  return null;
}

/** Runs a step in a folder of its own inside the cache folder, so that the final rename is atomic, and removes it afterwards. */
async function inWorkFolder(search: Search, step: (work: string) => Promise<string>): Promise<string> {
  await mkdir(search.folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new NotThisWay(`cannot write to ${tilde(search.folder)} (${reasonOf(error)})`);
  });
  const work = await mkdtemp(path.join(search.folder, 'work-'));
  try {
    return await step(work);
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Puts a program into its final place once it has proven that it runs. */
async function keep(from: string, to: string, signal: AbortSignal): Promise<void> {
  if (process.platform !== 'win32') await chmod(from, 0o755);
  if ((await versionOf(from, signal)) !== LIVEKIT_VERSION) throw new NotThisWay('the program does not run on this machine');
  await rename(from, to).catch(() => copyFile(from, to));
}

async function fetchText(url: string, host: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]) }).catch((error: unknown) => {
    throw new NotThisWay(`${host} cannot be reached (${networkReason(error)})`);
  });
  if (!response.ok) throw new NotThisWay(`${host} answered ${response.status} for ${url}`);
  return response.text();
}

/** Streams a file to disk and gives its SHA-256; gives up when nothing came for 15 s. */
async function fetchFile(url: string, host: string, file: string, { say, signal }: Search): Promise<string> {
  const stalled = new AbortController();
  const watch = (): NodeJS.Timeout => setTimeout(() => stalled.abort(new Error('nothing came for 15 s')), 15_000);
  let watching = watch();
  let handle: FileHandle | null = null;
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, stalled.signal]) });
    if (!response.ok || !response.body) throw new NotThisWay(`${host} answered ${response.status} for ${url}`);
    const total = Number(response.headers.get('content-length'));
    const hash = createHash('sha256');
    handle = await open(file, 'w');
    let received = 0;
    for await (const chunk of response.body) {
      clearTimeout(watching);
      watching = watch();
      hash.update(chunk);
      await handle.write(chunk);
      received += chunk.byteLength;
      const share = total > 0 ? `${Math.floor((100 * received) / total)} %` : `${megabytes(received)} MB`;
      say.progress?.(`Download  LiveKit ${LIVEKIT_VERSION} from ${host}: ${share}`);
    }
    return hash.digest('hex');
  } catch (error) {
    if (error instanceof NotThisWay) throw error;
    throw new NotThisWay(`the download broke off (${networkReason(error)})`);
  } finally {
    clearTimeout(watching);
    await handle?.close();
  }
}

async function which(name: string, env: NodeJS.ProcessEnv): Promise<string | null> {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  for (const folder of folders) {
    const file = path.join(folder, program(name));
    if (await isExecutable(file)) return file;
  }
  return null;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function versionOf(file: string, signal: AbortSignal): Promise<string | null> {
  const answer = await run(file, ['--version'], { signal, timeout: 10_000 }).catch(() => '');
  return /version\s+v?(\d+\.\d+\.\d+\S*)/.exec(answer)?.[1] ?? null;
}

function run(file: string, parameters: string[], options: { env?: NodeJS.ProcessEnv; signal: AbortSignal; timeout?: number }): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(file, parameters, { timeout: 60_000, ...options, windowsHide: true, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr.trim().split('\n').at(-1) || error.message, { cause: error }));
      else resolve(stdout.trim());
    });
  });
}

function program(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}

/** A path as people write it, with their home folder as `~`. */
function tilde(file: string): string {
  const home = homedir();
  return file.startsWith(home + path.sep) ? `~${file.slice(home.length)}` : file;
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1000);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function networkReason(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer within 5 s';
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : reasonOf(error);
}

function noServerMessage(tried: readonly string[]): string {
  return [
    'No LiveKit server could be had. What was tried:',
    '',
    ...tried.map((line) => `  ${line}`),
    '',
    'The shortest way out, then npm start again:',
    '',
    '  macOS     brew install livekit',
    '  Linux     curl -sSL https://get.livekit.io | bash',
    `  Windows   winget install GoLang.Go   (npm start then builds LiveKit with it)`,
    '',
    'Or use a server that runs elsewhere:',
    '',
    '  LIVEKIT_URL=wss://… LIVEKIT_API_KEY=… LIVEKIT_API_SECRET=… npm start',
  ].join('\n');
}
