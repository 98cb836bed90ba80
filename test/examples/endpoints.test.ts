import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { TokenVerifier } from 'livekit-server-sdk';
import { serve } from '../support/serve.js';

const examples = join(import.meta.dirname, '../../demo/examples');
const keys = { apiKey: 'key', apiSecret: '0123456789abcdef0123456789abcdef' };

/** How each is started, on a port. */
const languages: Record<string, (port: string) => readonly [string, ...string[]]> = {
  Python: () => ['python3', join(examples, 'python_endpoint.py')],
  Go: () => ['go', 'run', join(examples, 'endpoint.go')],
  PHP: (port) => ['php', '-S', `127.0.0.1:${port}`, join(examples, 'token.php')],
};

describe('the token endpoints in other languages', () => {
  for (const [language, command] of Object.entries(languages))
    it(`${language}: gives a signed-in person a token under the site's own identity, and nobody else one`, { timeout: 60_000 }, async () => {
      const probe = await serve(() => undefined);
      const { port, origin } = new URL(probe.origin);
      await probe.stop();
      const env = {
        ...{ PORT: port, SITE_ORIGIN: 'https://site.example', LIVEKIT_URL: 'wss://lk.example' },
        ...{ LIVEKIT_API_KEY: keys.apiKey, LIVEKIT_API_SECRET: keys.apiSecret },
      };
      const [program, ...args] = command(port);
      // A group of its own: `go run` starts another process.
      const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: 'ignore', detached: true });
      try {
        const post = (headers: Record<string, string>) =>
          fetch(`${origin}/api/token`, { method: 'POST', headers, body: '{"room_name":"other","participant_identity":"victim"}' });
        const right = { 'content-type': 'application/json', origin: 'https://site.example', cookie: 'a=b; user=Ada' };
        const answer = await untilAnswered(() => post(right));
        assert.equal(answer.headers.get('cache-control'), 'no-store');
        const { server_url, participant_token } = (await answer.json()) as Record<string, string>;
        assert.equal(server_url, 'wss://lk.example');
        const claims = await new TokenVerifier(keys.apiKey, keys.apiSecret).verify(participant_token ?? '');
        assert.deepEqual([claims.sub, claims.name, claims.video], ['user-ada', 'Ada', { roomJoin: true, room: 'lounge' }]);
        assert.equal((await post({ ...right, cookie: '' })).status, 401);
        assert.equal((await post({ ...right, cookie: 'user=<script>' })).status, 401);
        assert.equal((await post({ ...right, origin: 'https://evil.example' })).status, 403);
        assert.equal((await post({ ...right, 'content-type': 'text/plain' })).status, 415);
        assert.equal((await fetch(`${origin}/api/token`)).status, 404);
      } finally {
        const gone = once(child, 'exit');
        if (child.pid !== undefined) process.kill(-child.pid);
        await gone;
      }
    });
});

async function untilAnswered(ask: () => Promise<Response>): Promise<Response> {
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
