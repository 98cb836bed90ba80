import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { find, installByApt } from './browser.js';
import { serve } from './serve.js';

const folders = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((machine) => `/usr/lib/${machine}`);
const places = { linux: [...folders, '/usr/lib', '/usr/libexec', '/usr/lib64'].map((folder) => `${folder}/webkit2gtk-4.1/MiniBrowser`) };
/** For a browser that starts; ample, as the machine may be busy. */
const patience = 30_000;

/** A WebKitGTK with one window, driven by WebDriver. Its microphone is a mock, and it plays without a gesture. */
export interface WebKit {
  readonly version: string;
  open(url: string): Promise<void>;
  /** From now on, until the next page, all is done in its first iframe. */
  enterFrame(): Promise<void>;
  /** The body of an async function, run in the page. */
  run(body: string): Promise<unknown>;
  /** Clicks, as a person does, an element that an expression in the page gives. */
  click(expression: string): Promise<void>;
  /** Keys by `KeyboardEvent.key`, and the mouse; what is held stays so until it is let go. */
  act(...steps: readonly Step[]): Promise<void>;
  stop(): Promise<void>;
}

export type Step = { readonly key: string; readonly is: 'down' | 'up' } | { readonly mouse: 'down' | 'up' } | { readonly to: readonly [x: number, y: number] };

/** WebDriver's names of keys that are no characters. */
const keys: Readonly<Record<string, string>> = {
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Escape: '\uE00C',
  Space: ' ',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
};

/** @param waits how long `open()` waits: until the page has loaded, or for nothing. @throws Error that says how to get one */
export async function startWebKit(waits: 'normal' | 'none' = 'normal'): Promise<WebKit> {
  const programs = () => [find(['MiniBrowser'], places), find(['WebKitWebDriver']), find(['xvfb-run'])] as const;
  if (programs().includes(undefined)) installByApt('webkit2gtk-driver', 'xvfb', 'xauth');
  const [browser, driver, screen] = programs();
  if (!browser || !driver || !screen) throw new Error('This test needs WebKitGTK and a screen: sudo apt-get install webkit2gtk-driver xvfb xauth');
  // A port that was free a moment ago.
  const { origin, stop } = await serve(() => undefined);
  await stop();
  const child = spawn(screen, ['-a', driver, `--port=${new URL(origin).port}`], { stdio: 'ignore', detached: true });
  const ended = new Promise((resolve) => child.once('exit', resolve));

  async function call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const response = await fetch(origin + path, { method, ...(body && { body: JSON.stringify(body) }) });
    const { value } = (await response.json()) as { value: unknown };
    assert.ok(response.ok, `${method} ${path}: ${JSON.stringify(value)}`);
    return value;
  }

  const deadline = Date.now() + patience;
  while (!(await call('GET', '/status').catch(() => null))) {
    assert.ok(Date.now() < deadline && child.exitCode === null, 'WebKitWebDriver does not answer');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const args = ['--automation', '--enable-media-stream=true', '--enable-mock-capture-devices=true', '--autoplay-policy=allow'];
  const { sessionId, capabilities } = (await call('POST', '/session', {
    capabilities: { alwaysMatch: { browserName: 'MiniBrowser', pageLoadStrategy: waits, 'webkitgtk:browserOptions': { binary: browser, args } } },
  })) as { sessionId: string; capabilities: { browserVersion: string } };
  const session = `/session/${sessionId}`;
  const run = (body: string) =>
    call('POST', `${session}/execute/async`, {
      script: `const done = arguments[0]; (async () => { ${body} })().then((value) => done({ value }), (error) => done({ error: String(error) }));`,
      args: [],
    }) as Promise<{ value?: unknown; error?: string }>;
  return {
    version: `WebKitGTK ${capabilities.browserVersion}`,
    async open(url) {
      await call('POST', `${session}/url`, { url });
    },
    async enterFrame() {
      await call('POST', `${session}/frame`, { id: 0 });
    },
    async run(body) {
      const { value, error } = await run(body);
      assert.equal(error, undefined);
      return value;
    },
    async click(expression) {
      const element = (await call('POST', `${session}/execute/sync`, { script: `return ${expression}`, args: [] })) as Record<string, string>;
      await call('POST', `${session}/element/${Object.values(element)[0]}/click`, {});
    },
    async act(...steps) {
      for (const step of steps) {
        const key = 'key' in step;
        const action = key
          ? { type: step.is === 'down' ? 'keyDown' : 'keyUp', value: keys[step.key] ?? step.key }
          : 'to' in step
            ? { type: 'pointerMove', duration: 0, x: step.to[0], y: step.to[1] }
            : { type: step.mouse === 'down' ? 'pointerDown' : 'pointerUp', button: 0 };
        await call('POST', `${session}/actions`, { actions: [{ type: key ? 'key' : 'pointer', id: key ? 'keyboard' : 'mouse', actions: [action] }] });
      }
    },
    async stop() {
      await call('DELETE', session);
      // xvfb-run ends its screen when the driver has ended.
      if (child.pid) process.kill(-child.pid);
      await ended;
    },
  };
}
