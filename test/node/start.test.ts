import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { createServer, request, type IncomingMessage } from 'node:http';
import { createServer as createSocketServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, it } from 'node:test';
import { descendants, isOpen, isRunning, until } from './processes.js';

interface Demo {
  readonly process: ChildProcess;
  readonly text: () => string;
  /** Address of the page. */
  readonly page: string;
  readonly signalPort: number;
  readonly pids: readonly number[];
}

const started: ChildProcess[] = [];

/** Runs demo/start.ts and collects what it says. */
function run(parameters: readonly string[], env: NodeJS.ProcessEnv = {}): { process: ChildProcess; text: () => string } {
  const start = fileURLToPath(new URL('../../demo/start.ts', import.meta.url));
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const environment: NodeJS.ProcessEnv = { ...process.env, ...env };
  if (!('LIVEKIT_URL' in env)) delete environment['LIVEKIT_URL'];
  const child = spawn(process.execPath, ['--import', 'tsx', start, ...parameters], { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (more: string) => (text += more));
  return { process: child, text: () => text };
}

/** Runs demo/start.ts until it says how to stop it. */
async function ready(parameters: readonly string[] = ['--port', '0'], env: NodeJS.ProcessEnv = {}): Promise<Demo> {
  const { process: child, text } = run(parameters, env);
  await until(`the demo is ready: ${text()}`, () => text().includes('Ctrl-C') || child.exitCode !== null);
  assert.equal(child.exitCode, null, text());
  const page = /Ready\s+(\S+)/.exec(text())?.[1] ?? '';
  const signalPort = Number(/Running\s+127\.0\.0\.1:(\d+)/.exec(text())?.[1] ?? 0);
  return { process: child, text, page, signalPort, pids: [child.pid ?? 0, ...descendants(child.pid ?? 0)] };
}

async function nothingIsLeft({ pids, page, signalPort }: Demo): Promise<void> {
  for (const pid of pids) await until(`process ${pid} has gone`, async () => !(await isRunning(pid)));
  assert.equal(await isOpen(Number(new URL(page).port)), false);
  assert.equal(await isOpen(signalPort), false);
}

describe('npm start', { timeout: 400_000 }, () => {
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGTERM');
  });

  it('serves the page and tokens for the server it started, and nothing else of the folder', async () => {
    const demo = await ready();
    const page = await fetch(demo.page);
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
    assert.match(page.headers.get('content-security-policy') ?? '', /script-src 'self'/);
    assert.match(await page.text(), /<vc-room token-endpoint="\/api\/token">/);
    assert.equal((await fetch(demo.page, { headers: { 'if-none-match': page.headers.get('etag') ?? '' } })).status, 304);

    const answer = await fetch(`${demo.page}api/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"room_name":"lounge","participant_identity":"ada"}',
    });
    const grant = (await answer.json()) as { server_url: string; participant_token: string };
    assert.equal(grant.server_url, `ws://127.0.0.1:${demo.signalPort}`);
    const check = await fetch(`http://127.0.0.1:${demo.signalPort}/rtc/validate?access_token=${grant.participant_token}`);
    assert.equal(check.status, 200, await check.text());
    assert.ok(!demo.text().includes(grant.participant_token));

    for (const path of [
      'start.ts',
      'guard.mjs',
      '..%2fpackage.json',
      'dist/..%2fpackage.json',
      'dist/%2e%2e/package.json',
      'dist/',
      'dist',
      '%',
      'x%00',
      'dist//etc/passwd',
    ]) {
      assert.equal((await fetch(demo.page + path)).status, 404, path);
    }
    assert.equal((await fetch(demo.page, { method: 'DELETE' })).status, 405);
    demo.process.kill('SIGINT');
    assert.equal((await once(demo.process, 'exit'))[0], 130);
    await nothingIsLeft(demo);
  });

  it('leaves nothing behind after SIGTERM and after SIGKILL', async () => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const demo = await ready();
      demo.process.kill(signal);
      await once(demo.process, 'exit');
      await nothingIsLeft(demo);
    }
  });

  it('stops and says why when LiveKit crashes', async () => {
    const demo = await ready();
    const livekit = demo.pids.slice(1).find((pid) => isLiveKit(pid));
    process.kill(livekit ?? assert.fail('no LiveKit among the children'), 'SIGKILL');
    assert.equal((await once(demo.process, 'exit'))[0], 1);
    assert.match(demo.text(), /The LiveKit server was ended by SIGKILL, so the demo stops too\./);
    await nothingIsLeft(demo);
  });

  it('takes the next free port and says so', async () => {
    const busy = createSocketServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const { port } = busy.address() as { port: number };
    const web = await livekitStandIn();
    const demo = await ready(['--port', String(port)], web.env);
    assert.notEqual(Number(new URL(demo.page).port), port);
    assert.match(demo.text(), new RegExp(`Port ${port} is busy`));
    busy.close();
    web.close();
  });

  it('uses the LiveKit server of the environment and starts none', async () => {
    const web = await livekitStandIn();
    const demo = await ready(['--port', '0'], web.env);
    assert.match(demo.text(), /Given +ws:/);
    assert.doesNotMatch(demo.text(), /Running|secret-of-the-test/);
    assert.deepEqual(demo.pids.slice(1).filter(isLiveKit), []);
    web.close();
  });

  it('explains to phones that microphones need HTTPS, and passes signalling on to them', async () => {
    const demo = await ready(['--port', '0', '--host']);
    assert.match(demo.text(), /Browsers give microphones only to HTTPS pages/);
    const answer = await fetch(`${demo.page}api/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    const grant = (await answer.json()) as { server_url: string; participant_token: string };
    assert.equal(grant.server_url, `ws://${new URL(demo.page).host}/livekit`);
    const check = await fetch(`${grant.server_url.replace('ws', 'http')}/rtc/validate?access_token=${grant.participant_token}`);
    assert.equal(check.status, 200);
    const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': randomBytes(16).toString('base64') };
    const address = `${grant.server_url.replace('ws', 'http')}/rtc?access_token=${grant.participant_token}&auto_subscribe=1&protocol=15`;
    const opening = request(address, { headers, agent: false }).end();
    const [response, socket, first] = (await once(opening, 'upgrade')) as [IncomingMessage, Socket, Buffer];
    assert.equal(response.statusCode, 101);
    const welcome = first.length > 0 ? first : ((await once(socket, 'data')) as [Buffer])[0];
    assert.ok(welcome.byteLength > 100);
    socket.destroy();
  });

  it('stops with one sentence for half an environment and for wrong options', async () => {
    for (const [parameters, env, expected] of [
      [[], { LIVEKIT_URL: 'wss://x.example', LIVEKIT_API_KEY: '', LIVEKIT_API_SECRET: '' }, /LIVEKIT_API_KEY and LIVEKIT_API_SECRET is not/],
      [['--port', 'x'], {}, /--port wants a number/],
      [['--cert', 'x'], {}, /belong together/],
      [['--nonsense'], {}, /nonsense[^]*--host/],
    ] as const) {
      const { process: child, text } = run(parameters, env);
      assert.equal((await once(child, 'exit'))[0], 1);
      assert.match(text(), expected);
      assert.doesNotMatch(text(), / at .*\.ts/);
    }
  });
});

function isLiveKit(pid: number): boolean {
  return commandOf(pid).includes('livekit-server');
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

/** Something that answers like a LiveKit server that is up. */
async function livekitStandIn(): Promise<{ env: NodeJS.ProcessEnv; close: () => void }> {
  const server = createServer((_, response) => response.end('OK')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { env: { LIVEKIT_URL: `http://127.0.0.1:${port}`, LIVEKIT_API_KEY: 'key', LIVEKIT_API_SECRET: 'secret-of-the-test-0123456789abcdef' }, close };
}
