import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import { cacheFolder, LIVEKIT_VERSION, NoServerError, type Say } from '../../demo/find-server.js';
import { findServer, startLiveKit } from '../../demo/livekit-server.js';
import { isOpen, isRunning, until } from './processes.js';

const KEPT = `livekit-server-${LIVEKIT_VERSION}`;
const onLinux = process.platform === 'linux' && process.arch === 'x64';

describe('startLiveKit', () => {
  let server = '';
  before(async () => {
    server = await findServer();
  });

  it('runs two at once on ports of their own, each with its own keys', async () => {
    const [one, two] = await Promise.all([startLiveKit({ server }), startLiveKit({ server })]);
    try {
      assert.equal(new Set([...Object.values(one.ports), ...Object.values(two.ports)]).size, 6);
      const rooms = new RoomServiceClient(one.apiUrl, one.apiKey, one.apiSecret);
      assert.equal((await rooms.createRoom({ name: 'x' })).name, 'x');
      await assert.rejects(new RoomServiceClient(two.apiUrl, one.apiKey, one.apiSecret).listRooms());
    } finally {
      await Promise.all([one.stop(), two.stop()]);
    }
    assert.deepEqual(await Promise.all([one, two].map(({ pid }) => isRunning(pid))), [false, false]);
    assert.equal(await isOpen(one.ports.signal), false);
    assert.equal(existsSync(one.log), false);
  });

  it('comes back on the same ports and keys after SIGKILL', async () => {
    const first = await startLiveKit({ server });
    first.kill('SIGKILL');
    assert.equal((await first.exited).signal, 'SIGKILL');
    const second = await startLiveKit({ server, ports: first.ports, keys: first });
    assert.equal(second.url, first.url);
    await second.stop();
    await first.stop();
  });

  it('stops a server that stands still', async () => {
    const livekit = await startLiveKit({ server });
    livekit.kill('SIGSTOP');
    await livekit.stop();
    assert.equal(await isRunning(livekit.pid), false);
  });

  it('says why a server did not come up, with the end of its log', async () => {
    await assert.rejects(startLiveKit({ server, config: { nonsense: true } }), /stopped with exit code[^]*nonsense/);
    await assert.rejects(startLiveKit({ server: '/nowhere/livekit-server' }), /could not be started/);
  });

  it('passes configuration on: without auto_create a room that nobody made cannot be joined', async () => {
    const livekit = await startLiveKit({ server, roomAutoCreate: false, config: { room: { max_participants: 1 } } });
    const token = new AccessToken(livekit.apiKey, livekit.apiSecret, { identity: 'ada' });
    token.addGrant({ roomJoin: true, room: 'nowhere' });
    const answer = await fetch(`${livekit.apiUrl}/rtc/validate?access_token=${await token.toJwt()}`);
    await livekit.stop();
    assert.equal(answer.status, 404, await answer.text());
  });

  it('leaves no server behind when its starter is killed', async () => {
    const script = `
      import { startLiveKit } from ${JSON.stringify(new URL('../../demo/livekit-server.ts', import.meta.url).href)};
      const livekit = await startLiveKit({ server: process.argv[1] });
      process.stdout.write(JSON.stringify(livekit.pid));
      setInterval(() => undefined, 1000);`;
    const starter = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, server], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [text] = (await once(starter.stdout, 'data')) as [Buffer];
    const pid = Number(text.toString());
    assert.equal(await isRunning(pid), true);
    starter.kill('SIGKILL');
    await until('the server has gone', async () => !(await isRunning(pid)));
  });
});

describe('findServer', { skip: onLinux ? false : 'stand-ins are shell scripts in a Linux archive' }, () => {
  let folder = '';
  let env: NodeJS.ProcessEnv = {};
  const fake = `#!/bin/sh\necho "livekit-server version ${LIVEKIT_VERSION}"\n`;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'vc-room-find-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** An empty machine: a cache folder and a PATH with nothing but tar, gzip, sh and the given programs. */
  async function machine(programs: Record<string, string> = {}): Promise<void> {
    const root = await mkdtemp(path.join(folder, 'm-'));
    await mkdir(path.join(root, 'bin'));
    for (const [name, text] of Object.entries(programs)) await program(path.join(root, 'bin', name), text);
    for (const tool of ['tar', 'gzip', 'sh', 'cp', 'echo', 'env']) {
      await symlink(execFileSync('which', [tool], { encoding: 'utf8' }).trim(), path.join(root, 'bin', tool));
    }
    env = { HOME: root, XDG_CACHE_HOME: path.join(root, 'cache'), PATH: path.join(root, 'bin') };
  }

  async function program(file: string, text: string): Promise<void> {
    await writeFile(file, text);
    await chmod(file, 0o755);
  }

  /** GitHub's place: answers from a table, everything else is 404. */
  async function releases(files: Record<string, Buffer | string>, work: (base: string) => Promise<void>): Promise<void> {
    const web = createServer((request, response) => {
      const file = files[(request.url ?? '').split('/').at(-1) ?? ''];
      response.writeHead(file === undefined ? 404 : 200).end(file);
    }).listen(0, '127.0.0.1');
    await once(web, 'listening');
    try {
      await work(`http://127.0.0.1:${(web.address() as { port: number }).port}`);
    } finally {
      web.closeAllConnections();
      web.close();
    }
  }

  async function archive(): Promise<{ name: string; bytes: Buffer }> {
    const work = await mkdtemp(path.join(folder, 'a-'));
    await program(path.join(work, 'livekit-server'), fake);
    const name = `livekit_${LIVEKIT_VERSION}_linux_amd64.tar.gz`;
    execFileSync('tar', ['-czf', name, 'livekit-server'], { cwd: work });
    return { name, bytes: await readFile(path.join(work, name)) };
  }

  function listener(): { say: Say; lines: string[] } {
    const lines: string[] = [];
    return { say: (line) => void lines.push(line), lines };
  }

  const nowhere = 'http://127.0.0.1:9';

  it('takes the one on PATH first', async () => {
    await machine({ 'livekit-server': fake });
    assert.equal(await findServer(undefined, { env, releases: nowhere }), path.join(env['PATH'] ?? '', 'livekit-server'));
  });

  it('downloads the archive, checks it, keeps it, and takes the kept one next time', async () => {
    await machine();
    const { name, bytes } = await archive();
    const sums = `${'0'.repeat(64)}  other.zip\n${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`;
    await releases({ 'checksums.txt': sums, [name]: bytes }, async (base) => {
      assert.equal(await findServer(undefined, { env, releases: base }), path.join(cacheFolder(env), KEPT));
    });
    const { say, lines } = listener();
    assert.equal(await findServer(say, { env, releases: nowhere }), path.join(cacheFolder(env), KEPT));
    assert.match(lines.join('\n'), /^PATH .*\nCache .*/);
    assert.deepEqual(await readdir(cacheFolder(env)), [KEPT]);
  });

  it('throws away an archive whose checksum is wrong', async () => {
    await machine();
    const { name, bytes } = await archive();
    await releases({ 'checksums.txt': `${'0'.repeat(64)}  ${name}\n`, [name]: bytes }, async (base) => {
      await assert.rejects(findServer(undefined, { env, releases: base }), /does not match its published checksum/);
    });
    assert.deepEqual(await readdir(cacheFolder(env)), []);
  });

  it('builds with go where the download fails, under the name that is kept', async () => {
    const go = `#!/bin/sh\nif [ "$1" = env ]; then echo go1.26.0; exit; fi\necho "github.com/x/y" >&2\nprintf '%s' '${fake}' > "$GOBIN/server" && chmod +x "$GOBIN/server"\n`;
    await machine({ go: go.replace('chmod', execFileSync('which', ['chmod'], { encoding: 'utf8' }).trim()) });
    const { say, lines } = listener();
    assert.equal(await findServer(say, { env, releases: nowhere }), path.join(cacheFolder(env), KEPT));
    assert.match(lines.at(-1) ?? '', /^Go +built in \d+ s with go1\.26\.0/);
  });

  it('removes a kept one that does not run, and goes on', async () => {
    await machine();
    await mkdir(cacheFolder(env), { recursive: true });
    await program(path.join(cacheFolder(env), KEPT), '#!/bin/sh\nexit 1\n');
    await assert.rejects(findServer(undefined, { env, releases: nowhere }), /did not run and was removed/);
    assert.equal(existsSync(path.join(cacheFolder(env), KEPT)), false);
  });

  it('takes Docker only where its engine answers', async () => {
    await machine({ docker: '#!/bin/sh\necho 27.0.0\n' });
    assert.match(await findServer(undefined, { env, releases: nowhere }), /^docker:livekit\/livekit-server:v/);
    await machine({ docker: '#!/bin/sh\nexit 1\n' });
    await assert.rejects(findServer(undefined, { env, releases: nowhere }), /its engine does not answer/);
  });

  it('lists what was tried and the shortest way out for each system when nothing works', async () => {
    await machine({ go: '#!/bin/sh\nif [ "$1" = env ]; then echo go1.26.0; exit; fi\necho "go: no such host" >&2\nexit 1\n' });
    const { say, lines } = listener();
    await assert.rejects(findServer(say, { env, releases: nowhere }), (error) => {
      assert.ok(error instanceof NoServerError);
      for (const line of lines) assert.ok(error.message.includes(line), line);
      assert.match(error.message, /Go +go install failed: go: no such host/);
      assert.match(error.message, /macOS[^]*Linux[^]*Windows[^]*LIVEKIT_URL/);
      return true;
    });
    assert.deepEqual(
      lines.map((line) => line.split(' ')[0]),
      ['PATH', 'Cache', 'Download', 'Go', 'Docker'],
    );
  });

  it('ends at once when it is no longer wanted', async () => {
    await machine({ go: '#!/bin/sh\nif [ "$1" = env ]; then echo go1.26.0; exit; fi\nwhile :; do :; done\n' });
    const unwanted = new AbortController();
    const say = Object.assign(() => undefined, { progress: (line: string) => line.startsWith('Go') && unwanted.abort(new Error('unwanted')) });
    await assert.rejects(findServer(say, { env, releases: nowhere, signal: unwanted.signal }), /unwanted/);
    assert.deepEqual(await readdir(cacheFolder(env)), []);
  });
});
