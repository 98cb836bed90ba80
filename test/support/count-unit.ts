import { writeFileSync } from 'node:fs';
import type { Reporter, TestSession } from '@web/test-runner';
import type { Counts } from './counts.js';

type SuiteResult = NonNullable<TestSession['testResults']>;

/** Tells the numbers of a run of @web/test-runner to test/run.ts, in the file that COUNTS_FILE names. */
export function countReporter(): Reporter {
  const file = process.env['COUNTS_FILE'];
  if (!file) return {};
  return {
    onTestRunFinished({ sessions }) {
      const counts: Counts = { passed: 0, failed: 0, failures: [] };
      for (const session of sessions) {
        const before = counts.passed + counts.failed;
        if (session.testResults) count(session.testResults, [], counts);
        // A file that did not load, threw outside of a test or holds none must not pass for a success.
        if (session.errors.length > 0 || counts.passed + counts.failed === before)
          fail(counts, `${session.testFile}: ${session.errors.map((error) => error.message).join('; ') || 'no test ran'}`);
      }
      writeFileSync(file, JSON.stringify(counts));
    },
  };
}

function count(suite: SuiteResult, path: readonly string[], counts: Counts): void {
  for (const test of suite.tests) {
    if (test.passed && !test.skipped) counts.passed++;
    else fail(counts, [...path, test.name].join(' › ') + (test.skipped ? ' (skipped)' : ''));
  }
  for (const inner of suite.suites) count(inner, [...path, inner.name], counts);
}

function fail(counts: Counts, name: string): void {
  counts.failed++;
  counts.failures.push(name);
}
