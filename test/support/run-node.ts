import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import type { Counts } from './counts.js';

/** Ms after which a file is ended that does not end by itself. */
const fileLimit = 600_000;

/** Runs files of node:test, so many at a time, each in a process of its own, prints what happens and counts. */
export function runNodeTests(files: readonly string[], concurrency: number): Promise<Counts> {
  return new Promise((resolve, reject) => {
    const counts: Counts = { passed: 0, failed: 0, failures: [] };
    // Node 20 now and then never ends a process whose tests are done: it waits in FreeEnvironment for requests that are none any more.
    const events = run({ files: [...files], concurrency, timeout: fileLimit, forceExit: true });
    events.on('test:pass', ({ name, file, skip, todo, details }) => {
      if (details.type === 'suite') return;
      // A file without a test is reported as one that passed, under the name of the file.
      if (name !== file && skip === undefined && todo === undefined) counts.passed++;
      else fail(name);
    });
    events.on('test:fail', ({ name, details }) => {
      if (details.type !== 'suite') fail(name);
    });
    const printed = events.compose(new spec());
    printed.on('end', () => resolve(counts));
    printed.on('error', reject);
    printed.pipe(process.stdout, { end: false });

    function fail(name: string): void {
      counts.failed++;
      counts.failures.push(name);
    }
  });
}
