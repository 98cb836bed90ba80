import type { BrowserLauncher } from '@web/test-runner';
import { startWebKit } from './webkit.js';
import type { Step, WebKit } from './webkit.js';

/** WebKitGTK for @web/test-runner: one window, one file of tests after the other. */
export function webKitLauncher(): BrowserLauncher & { getPage(): Hands } {
  let webKit: WebKit | undefined;
  let active = '';
  const act = async (...steps: Step[]): Promise<void> => webKit?.act(...steps);
  const startSession = async (sessionId: string, url: string): Promise<void> => {
    active = sessionId;
    await webKit?.open(url);
  };
  return {
    name: 'WebKitGTK',
    // As which the runner's commands know how to hold keys down.
    type: 'puppeteer',
    concurrency: 1,
    async initialize() {
      // The runner gives a browser half a minute to start; a page whose tests keep it busy takes longer until it has loaded.
      webKit = await startWebKit('none');
    },
    startSession,
    startDebugSession: startSession,
    isActive: (sessionId) => sessionId === active,
    getBrowserUrl: () => undefined,
    async stopSession() {
      active = '';
      await webKit?.open('about:blank');
      return {};
    },
    async stop() {
      await webKit?.stop();
    },
    getPage: () => ({
      keyboard: {
        down: (key) => act({ key, is: 'down' }),
        up: (key) => act({ key, is: 'up' }),
        press: (key) => act({ key, is: 'down' }, { key, is: 'up' }),
      },
      mouse: {
        move: (x, y) => act({ to: [x, y] }),
        down: () => act({ mouse: 'down' }),
        up: () => act({ mouse: 'up' }),
        click: (x, y) => act({ to: [x, y] }, { mouse: 'down' }, { mouse: 'up' }),
      },
    }),
  };
}

/** What the commands use of Puppeteer's Page. */
interface Hands {
  readonly keyboard: Record<'down' | 'up' | 'press', (key: string) => Promise<void>>;
  readonly mouse: Record<'down' | 'up', () => Promise<void>> & Record<'move' | 'click', (x: number, y: number) => Promise<void>>;
}
