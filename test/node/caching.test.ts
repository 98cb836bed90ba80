import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startDemoServer } from '../../demo/server.js';

const { files } = JSON.parse(readFileSync(join(import.meta.dirname, '../../dist/sri.json'), 'utf8')) as { files: Record<string, string> };

describe('the demo server', () => {
  it('lets browsers keep what has its hash in its name, and ask for the rest, each under its type and to every origin', async () => {
    const server = await startDemoServer({ tokens: () => Promise.resolve(new Response(null, { status: 404 })), port: 0 });
    try {
      for (const file of Object.keys(files)) {
        const answer = await fetch(`http://127.0.0.1:${server.port}/dist/${file}`, { method: 'HEAD' });
        const header = (name: string) => answer.headers.get(name) ?? '';
        assert.equal(header('cache-control'), file.includes('/') ? 'public, max-age=31536000, immutable' : 'no-cache', file);
        assert.match(header('content-type'), file.endsWith('.wasm') ? /^application\/wasm$/ : /^text\/javascript\b/, file);
        assert.equal(header('access-control-allow-origin'), '*');
      }
      const etag = (await fetch(`http://127.0.0.1:${server.port}/dist/vc-room.js`, { method: 'HEAD' })).headers.get('etag') ?? '';
      const again = await fetch(`http://127.0.0.1:${server.port}/dist/vc-room.js`, { headers: { 'if-none-match': etag } });
      assert.equal(again.status, 304);
    } finally {
      await server.close();
    }
  });
});
