import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { TokenVerifier } from 'livekit-server-sdk';
import { createTokenEndpoint, isLoopback, serve } from '../../demo/token-endpoint.js';

const KEYS = { apiKey: 'key', apiSecret: '0123456789abcdef0123456789abcdef' };
const endpoint = createTokenEndpoint({ ...KEYS, serverUrl: 'ws://127.0.0.1:7880' });

function ask(body: unknown, init: RequestInit = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return endpoint(new Request('http://localhost/api/token', { method: 'POST', headers: { 'content-type': 'application/json' }, body: text, ...init }));
}

async function refusal(response: Promise<Response>): Promise<[number, string]> {
  const answer = await response;
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  const { error, message } = (await answer.json()) as { error: string; message: string };
  assert.ok(message.length > 0);
  return [answer.status, error];
}

async function claims(response: Promise<Response>): Promise<Record<string, unknown>> {
  const answer = await response;
  assert.equal(answer.status, 200);
  const { participant_token: token } = (await answer.json()) as { participant_token: string };
  return { ...(await new TokenVerifier(KEYS.apiKey, KEYS.apiSecret).verify(token)) };
}

describe('createTokenEndpoint', () => {
  it("answers LiveKit's standard request with the server's address and a token that the server would take", async () => {
    const answer = await ask({ room_name: 'lounge', participant_identity: 'ada', participant_name: 'Ada', participant_attributes: { a: 'b' } });
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const body = (await answer.json()) as Record<string, string>;
    assert.deepEqual(Object.keys(body), ['server_url', 'participant_token']);
    assert.equal(body['server_url'], 'ws://127.0.0.1:7880');
    const token = await new TokenVerifier(KEYS.apiKey, KEYS.apiSecret).verify(body['participant_token'] ?? '');
    assert.equal(token.sub, 'ada');
    assert.equal(token.name, 'Ada');
    assert.deepEqual(token.attributes, { a: 'b' });
    assert.deepEqual(
      [token.video?.room, token.video?.roomJoin, token.video?.canPublish, token.video?.canSubscribe, token.video?.roomAdmin],
      ['lounge', true, true, true, undefined],
    );
    assert.ok(((token as { exp?: number }).exp ?? 0) * 1000 - Date.now() <= 600_000);
  });

  it('fills in what an empty request leaves out', async () => {
    const token = await claims(ask({}));
    assert.match(String(token['sub']), /^guest-[0-9a-f]{8}$/);
    assert.equal((token['video'] as { room: string }).room, 'lounge');
  });

  it('takes names in any script up to their limit', async () => {
    const name = '東京 🎧 عربي'.padEnd(128, 'x');
    assert.equal((await claims(ask({ participant_name: name })))['name'], name);
  });

  it('refuses whatever is too long, of the wrong type, blank, or broken', async () => {
    assert.deepEqual(await refusal(ask({ room_name: 'x'.repeat(129) })), [400, 'room_name']);
    assert.deepEqual(await refusal(ask({ room_name: 7 })), [400, 'room_name']);
    assert.deepEqual(await refusal(ask({ room_name: '  ' })), [400, 'room_name']);
    assert.deepEqual(await refusal(ask({ participant_identity: ['a'] })), [400, 'participant_identity']);
    assert.deepEqual(await refusal(ask({ participant_identity: 'a\u0000b' })), [400, 'participant_identity']);
    assert.deepEqual(await refusal(ask('{"participant_name":"\\ud800"}')), [400, 'participant_name']);
    assert.deepEqual(await refusal(ask({ participant_metadata: 'x'.repeat(4097) })), [400, 'participant_metadata']);
    assert.deepEqual(await refusal(ask({ participant_attributes: 'x' })), [400, 'participant_attributes']);
    assert.deepEqual(await refusal(ask({ participant_attributes: { a: 1 } })), [400, 'participant_attributes']);
    assert.deepEqual(await refusal(ask({ room_config: {} })), [400, 'room_config']);
  });

  it('refuses what is not a JSON object', async () => {
    for (const body of ['', 'nonsense', '[]', 'null', '"x"']) assert.deepEqual(await refusal(ask(body)), [400, 'json']);
  });

  it('refuses another content type, method, and a body above its limit', async () => {
    assert.deepEqual(await refusal(ask({}, { headers: { 'content-type': 'text/plain' } })), [415, 'content-type']);
    assert.deepEqual(await refusal(endpoint(new Request('http://localhost/api/token'))), [405, 'method']);
    assert.deepEqual(await refusal(ask({ room_name: 'x'.repeat(20_000) })), [413, 'too-large']);
  });

  it('serves pages of this machine on any port and no others', async () => {
    const from = (origin: string): Promise<Response> => ask({}, { headers: { 'content-type': 'application/json', origin } });
    const allowed = await from('http://localhost:9999');
    assert.equal(allowed.headers.get('access-control-allow-origin'), 'http://localhost:9999');
    for (const origin of ['https://example.com', 'http://localhost.example.com', 'null']) {
      const answer = from(origin);
      assert.equal((await answer).headers.get('access-control-allow-origin'), null);
      assert.deepEqual(await refusal(answer), [403, 'origin']);
    }
  });

  it('answers the preflight of an allowed origin', async () => {
    const answer = await endpoint(new Request('http://localhost/api/token', { method: 'OPTIONS', headers: { origin: 'http://127.0.0.1:1' } }));
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.get('access-control-allow-headers'), 'content-type');
  });

  it('says nothing about why signing failed', async () => {
    const broken = createTokenEndpoint({ ...KEYS, serverUrl: () => assert.fail('secret detail') });
    const answer = await broken(new Request('http://localhost/', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }));
    assert.equal(answer.status, 500);
    assert.doesNotMatch(await answer.text(), /secret/);
  });
});

describe('isLoopback', () => {
  it('knows the names and addresses of this machine from those that look like it', () => {
    for (const url of ['http://localhost', 'http://127.0.0.1:80', 'http://[::1]:1', 'http://a.localhost']) assert.ok(isLoopback(new URL(url)), url);
    for (const url of ['http://127.0.0.1.example.com', 'http://notlocalhost', 'http://192.0.2.1']) assert.ok(!isLoopback(new URL(url)), url);
  });
});

describe('serve', () => {
  it("answers a large body over Node's http with a refusal and goes on", async () => {
    const server = createServer((request, response) => void serve(endpoint, request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const post = (body: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    assert.equal((await post(JSON.stringify({ room_name: 'x'.repeat(100_000) }))).status, 413);
    assert.equal((await post('{}')).status, 200);
    server.closeAllConnections();
    server.close();
  });
});

describe('demo/examples/node-endpoint.mjs', () => {
  it("gives a signed-in person a token under the site's own identity, and nobody else one", { timeout: 20_000 }, async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as { port: number };
    probe.close();
    await once(probe, 'close');
    const env = {
      ...process.env,
      PORT: String(port),
      SITE_ORIGIN: 'https://site.example',
      LIVEKIT_URL: 'wss://lk.example',
      LIVEKIT_API_KEY: KEYS.apiKey,
      LIVEKIT_API_SECRET: KEYS.apiSecret,
    };
    const example = spawn(process.execPath, [fileURLToPath(new URL('../../demo/examples/node-endpoint.mjs', import.meta.url))], { env, stdio: 'inherit' });
    try {
      await listening(port);
      const post = (headers: Record<string, string>): Promise<Response> =>
        fetch(`http://127.0.0.1:${port}/api/token`, { method: 'POST', headers, body: '{"room_name":"other","participant_identity":"victim"}' });
      const right = { 'content-type': 'application/json', origin: 'https://site.example', cookie: 'user=Ada' };
      const token = await claims(post(right));
      assert.equal(token['sub'], 'user-ada');
      assert.equal((token['video'] as { room: string }).room, 'lounge');
      assert.equal((await post({ ...right, cookie: '' })).status, 401);
      assert.equal((await post({ ...right, origin: 'https://evil.example' })).status, 403);
      assert.equal((await post({ ...right, 'content-type': 'text/plain' })).status, 415);
      assert.equal((await fetch(`http://127.0.0.1:${port}/api/token`)).status, 404);
    } finally {
      example.kill();
      await once(example, 'exit');
    }
  });
});

/** Resolves when somebody listens on the port. */
async function listening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const up = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'close').then(() => false)]).catch(() => false);
    socket.destroy();
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
