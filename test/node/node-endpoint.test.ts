import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { serve } from '../support/serve.js';
import { isOpen, until } from './processes.js';

const root = join(import.meta.dirname, '../..');
const example = join(root, 'demo/examples/node-endpoint.mjs');

describe('demo/examples/node-endpoint.mjs', () => {
  it("goes on where the site's own login fails", async () => {
    const cache = join(root, '.cache');
    mkdirSync(cache, { recursive: true });
    const folder = mkdtempSync(join(cache, 'endpoint-'));
    cpSync(example, join(folder, 'endpoint.mjs'));
    writeFileSync(join(folder, 'login.mjs'), "export const userOf = async () => { throw new Error('The database is away.'); };");
    const probe = await serve(() => undefined);
    const { port, origin } = new URL(probe.origin);
    await probe.stop();
    const child = spawn(process.execPath, [join(folder, 'endpoint.mjs')], { env: { ...process.env, PORT: port, SITE_ORIGIN: origin }, stdio: 'ignore' });
    try {
      await until('it listens', () => isOpen(Number(port)));
      for (const time of ['first', 'second']) {
        const answer = await fetch(`${origin}/api/token`, { method: 'POST', headers: { origin, 'content-type': 'application/json' }, body: '{}' });
        assert.deepEqual([answer.status, await answer.json()], [500, { error: 'server' }], time);
      }
    } finally {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is what the README shows', () => {
    const code = readFileSync(example, 'utf8').replace(/^\s*\/\/.*\n/gm, '');
    assert.ok(readFileSync(join(root, 'README.md'), 'utf8').includes(code));
  });
});
