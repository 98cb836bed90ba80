import { join } from 'node:path';
import base from '../../web-test-runner.config.mjs';
import { webKitLauncher } from '../support/webkit-launcher.ts';

/** The interface, which needs no call, in WebKitGTK; `npm run test:webkit`. */
const suites = ['announcer', 'axe', 'hints', 'language', 'layouts', 'levels', 'preferences', 'press', 'push-to-talk', 'view', 'vitals'];

export default {
  ...base,
  rootDir: join(import.meta.dirname, '../..'),
  files: suites.map((suite) => `test/unit/${suite}.test.ts`),
  // One file after the other, in a browser that takes its time.
  testsStartTimeout: 600_000,
  testsFinishTimeout: 600_000,
  browsers: [webKitLauncher()],
};
