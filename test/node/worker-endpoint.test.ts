import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TokenVerifier } from 'livekit-server-sdk';

interface Worker {
  readonly default: { fetch(request: Request, env: Readonly<Record<string, string>>): Promise<Response> };
}

const { default: worker } = (await import(new URL('../../demo/examples/worker-endpoint.mjs', import.meta.url).href)) as Worker;
const [apiKey, apiSecret] = ['key', '0123456789abcdef0123456789abcdef'];
const env = { SITE_ORIGIN: 'https://site.example', LIVEKIT_URL: 'wss://lk.example', LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret };
const right = { 'content-type': 'application/json', origin: 'https://site.example', cookie: 'user=Ada' };

const post = (headers: Record<string, string>, path = '/api/token') =>
  worker.fetch(new Request(`https://site.example${path}`, { method: 'POST', headers, body: '{"participant_identity":"victim"}' }), env);

describe('demo/examples/worker-endpoint.mjs', () => {
  it("gives a signed-in person a token under the site's own identity", async () => {
    const answer = await post(right);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const { server_url, participant_token } = (await answer.json()) as Record<string, string>;
    assert.equal(server_url, 'wss://lk.example');
    const claims = await new TokenVerifier(apiKey, apiSecret).verify(participant_token ?? '');
    assert.deepEqual([claims.sub, claims.name, claims.video], ['user-ada', 'Ada', { roomJoin: true, room: 'lounge' }]);
  });

  it('gives nobody else one', async () => {
    assert.equal((await post({ ...right, cookie: '' })).status, 401);
    assert.equal((await post({ ...right, origin: 'https://evil.example' })).status, 403);
    assert.equal((await post({ ...right, 'content-type': 'text/plain' })).status, 415);
    assert.equal((await post(right, '/')).status, 404);
    assert.equal((await worker.fetch(new Request('https://site.example/api/token'), env)).status, 404);
  });
});
