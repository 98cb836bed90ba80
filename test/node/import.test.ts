import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');

/** Runs a module in a Node of its own, which resolves `vc-room` as a site's server does. */
async function run(source: string): Promise<unknown> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', source], { cwd: root });
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

describe('the package on a server', () => {
  for (const name of ['vc-room', 'vc-room/define'])
    it(`does nothing and throws nothing when ${name} is imported`, async () => {
      const left = await run(`
        const before = new Set(Object.getOwnPropertyNames(globalThis));
        const { VcRoom, VcRoomError } = await import('${name}');
        const globals = Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name) && !/^lit|^reactiveElement/.test(name));
        console.log(JSON.stringify({ globals, kinds: [typeof VcRoom, typeof VcRoomError], handles: process.getActiveResourcesInfo().filter((name) => /Timeout|TCP|Port/.test(name)) }));
      `);
      assert.deepEqual(left, { globals: [], kinds: ['function', 'function'], handles: [] });
    });
});
