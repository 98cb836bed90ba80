import { join } from 'node:path';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { browserFlags, findBrowser } from './test/support/browser.ts';
import { countReporter } from './test/support/count-unit.ts';
import { keysPlugin } from './test/support/keys-plugin.ts';
import { liveKitPlugin } from './test/support/livekit-plugin.ts';
import { tokenStandIns } from './test/support/token-standins.ts';
import { writeVoice } from './test/support/voice.ts';
import { serveWorkletAssets } from './worklets/rollup-assets.mjs';

const voice = writeVoice(join(import.meta.dirname, '.cache/voices'), 'ada');

/** Runs under `node --import tsx`, see `test:unit`. */
export default {
  files: 'test/unit/**/*.test.ts',
  nodeResolve: true,
  plugins: [
    esbuildPlugin({ ts: true, target: 'es2022', tsconfig: join(import.meta.dirname, 'tsconfig.base.json') }),
    keysPlugin(),
    liveKitPlugin(),
    tokenStandIns(),
    serveWorkletAssets(),
  ],
  browsers: [
    chromeLauncher({
      launchOptions: {
        executablePath: findBrowser(),
        headless: true,
        args: [...browserFlags(voice), '--autoplay-policy=no-user-gesture-required', '--use-fake-ui-for-media-stream'],
      },
      // Files that run at the same time share neither their origin's storage nor the focus.
      createPage: async ({ browser }) => {
        const page = await (await browser.createBrowserContext()).newPage();
        await page.emulateFocusedPage(true);
        return page;
      },
    }),
  ],
  concurrency: 1,
  testFramework: { config: { timeout: 15_000, forbidOnly: true, forbidPending: true } },
  testsStartTimeout: 60_000,
  testsFinishTimeout: 300_000,
  reporters: [defaultReporter(), countReporter()],
};
