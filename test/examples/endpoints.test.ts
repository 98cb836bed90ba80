import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { TokenVerifier } from 'livekit-server-sdk';
import { find } from '../support/browser.js';
import { serve } from '../support/serve.js';
import { openStage } from '../support/stage.js';
import type { Stage, Visit } from '../support/stage.js';

const examples = join(import.meta.dirname, '../../demo/examples');
/** The page's path to it, as in the examples for pages. */
const path = '/api/token';

/** How each is started, on a port. */
const languages: Record<string, (port: string) => readonly [string, ...string[]]> = {
  Node: () => [process.execPath, join(examples, 'node-endpoint.mjs')],
  'a worker': () => [process.execPath, join(import.meta.dirname, 'worker-host.mjs')],
  Python: () => ['python3', join(examples, 'python_endpoint.py')],
  Go: () => ['go', 'run', join(examples, 'endpoint.go')],
  PHP: (port) => ['php', '-S', `127.0.0.1:${port}`, join(examples, 'token.php')],
};

describe('the token endpoints', () => {
  let stage: Stage;
  before(async () => (stage = await openStage()));
  beforeEach(() => stage.newRoom());
  after(() => stage.stop());

  for (const [language, command] of Object.entries(languages))
    it(`${language}: lets a signed-in person into the call, under the site's own identity, and nobody else`, { timeout: 90_000 }, async () => {
      const probe = await serve(() => undefined);
      const { port, origin } = new URL(probe.origin);
      await probe.stop();
      const attributes = { 'token-endpoint': path, room: 'lounge' };
      const site = new URL(stage.page({ as: 'ada' })).origin;
      const { url, apiKey, apiSecret } = stage.liveKit;
      const env = { PORT: port, SITE_ORIGIN: site, LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret };
      const [program, ...args] = command(port);
      assert.ok(program === process.execPath || find([program]), `This test runs ${program}, which is not installed here.`);
      // A group of its own: `go run` starts another process.
      const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: 'ignore', detached: true });
      try {
        const post = (headers: Record<string, string>) =>
          fetch(origin + path, { method: 'POST', headers, body: '{"room_name":"other","participant_identity":"victim"}' });
        const right = { 'content-type': 'application/json', origin: site, cookie: 'a=b; user=Ada' };
        const answer = await untilAnswered(() => post(right));
        assert.equal(answer.headers.get('cache-control'), 'no-store');
        const { server_url, participant_token } = (await answer.json()) as Record<string, string>;
        assert.equal(server_url, url);
        const claims = await new TokenVerifier(apiKey, apiSecret).verify(participant_token ?? '');
        assert.deepEqual([claims.sub, claims.name, claims.video], ['user-ada', 'Ada', { roomJoin: true, room: 'lounge' }]);
        assert.equal((await post({ ...right, cookie: '' })).status, 401);
        assert.equal((await post({ ...right, cookie: 'user=<script>' })).status, 401);
        assert.equal((await post({ ...right, origin: 'https://evil.example' })).status, 403);
        assert.equal((await post({ ...right, 'content-type': 'text/plain' })).status, 415);
        assert.equal((await fetch(origin + path)).status, 404);

        const [ada, ben] = await Promise.all([stage.visit({ as: 'ada', attributes }), stage.visit({ as: 'ben', attributes })]);
        await Promise.all([signIn(ada, 'Ada', origin), signIn(ben, 'Ben', origin)]);
        await Promise.all([ada.join(), ben.join()]);
        assert.deepEqual(await ada.run(({ localParticipant }) => [localParticipant?.identity, localParticipant?.name]), ['user-ada', 'Ada']);
        await Promise.all([ada.sees('Ben'), ben.sees('Ada')]);
        await Promise.all([ada.hears('ben'), ben.hears('ada')]);
        await stage.clear();
      } finally {
        const gone = once(child, 'exit');
        if (child.pid !== undefined) process.kill(-child.pid);
        await gone;
      }
    });
});

/** The person is known to the site by its cookie, and the site's web server passes requests on to the endpoint. */
async function signIn({ page }: Visit, name: string, endpoint: string): Promise<void> {
  await page.context().addCookies([{ name: 'user', value: name, url: page.url() }]);
  await page.route(`**${path}`, async (route) => {
    const response = await route.fetch({ url: endpoint + path, headers: await route.request().allHeaders() });
    await route.fulfill({ response });
  });
}

async function untilAnswered(ask: () => Promise<Response>): Promise<Response> {
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
