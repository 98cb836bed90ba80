import assert from 'node:assert/strict';
import { createReadStream, existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { chromium } from 'playwright-core';
import type { ParticipantInfo } from 'livekit-server-sdk';
import type { Browser, Frame, Page, Request } from 'playwright-core';
import type { VcRoom } from '../../src/vc-room.js';
import { browserFlags, findBrowser, inFirefox } from './browser.js';
import { startEndpoint } from './endpoint.js';
import type { Endpoint } from './endpoint.js';
import { launchFirefox } from './firefox.js';
import { startTestLiveKit } from './livekit.js';
import type { TestLiveKit } from './livekit.js';
import { serve } from './serve.js';
import type { Served } from './serve.js';
import { startSound } from './sound-server.js';
import type { SoundServer } from './sound-server.js';
import { writeVoice } from './voice.js';
import type { Voice } from './voice-facts.js';

const root = join(import.meta.dirname, '../..');
const built = join(root, 'dist');
const recordings = join(root, '.cache/voices');
const types: Record<string, string> = { '.js': 'text/javascript', '.map': 'application/json', '.wasm': 'application/wasm' };
/** For what takes a connection to a real server; ample, as the machine may be busy. */
const patience = inFirefox ? 30_000 : 15_000;

const fits = '<meta name="viewport" content="width=device-width, initial-scale=1">';
const smallPhone = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true, deviceScaleFactor: 3 };

export interface VisitOptions {
  /** Whose voice the fake microphone plays. */
  readonly as: Voice;
  /** Another WAV that it plays in place of that voice: an absolute path. Or real devices in place of the fake ones. */
  readonly plays?: string | SoundServer;
  /** Attributes of the tag; `token-endpoint`, `room` and `display-name` are set unless told, `null` leaves one out. */
  readonly attributes?: Readonly<Record<string, string | null>>;
  /** What the browser says when the page asks for a microphone. */
  readonly microphone?: 'granted' | 'denied';
  /** Headers of the page beside its Content-Security-Policy. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `false`: the page's policy forbids WebAssembly, as one without `'wasm-unsafe-eval'` does; that this is tried and refused is no trouble then. */
  readonly wasm?: boolean;
  /** What `script-src` says, given the origin of dist/. */
  readonly scripts?: (assets: string) => string;
  /** Violations of the policy that the test is about, by how their directive begins. */
  readonly violating?: string;
  /** The page lies in an iframe, with these attributes, of a page on another origin. */
  readonly frame?: string;
  /** Headers of that other page. */
  readonly top?: Readonly<Record<string, string>>;
  /** HTML that loads the element, given the origin of dist/. */
  readonly script?: (assets: string) => string;
  /** Host under which the page is opened; one that is not loopback is no secure context. */
  readonly host?: string;
  /** Source that runs before the page's own. */
  readonly before?: string;
  /** `false`: nothing plays without a gesture, and `visit()` resolves once something was refused, because looking into a page counts as a gesture. */
  readonly autoplay?: boolean;
  /** A small phone: 360 by 640 points, fingers, and a page that says that it fits. */
  readonly phone?: boolean;
  /** More HTML around the tag: `*` stands for it. */
  readonly body?: string;
}

export type PageOptions = Pick<VisitOptions, 'as' | 'attributes' | 'headers' | 'wasm' | 'scripts' | 'script' | 'phone' | 'body' | 'frame' | 'top' | 'host'>;

/** Everything around `<vc-room>` in an end-to-end test: a real LiveKit server, a token endpoint, a page and, on another origin, the built files. */
export interface Stage {
  /** Origin of dist/. */
  readonly assets: string;
  readonly liveKit: TestLiveKit;
  readonly endpoint: Endpoint;
  /** A room that no other test uses. */
  newRoom(): string;
  visit(options: VisitOptions): Promise<Visit>;
  /** Everybody whom the server knows in the room. */
  participants(): Promise<ParticipantInfo[]>;
  /** Has the page of a visit served without opening it; its address, or that of the page around it. */
  page(options: PageOptions): string;
  /** Closes all pages and asserts that none of them saw an error that nobody caught or broke its Content-Security-Policy. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * `media` is where the server offers to carry sound; loopback alone will do for Chromium with our flags, not for a Firefox that may not use the microphone: it tells no
 * address but that of the way into the network. `dist` is the folder that is served.
 */
export async function openStage(media: 'loopback' | 'all' = inFirefox ? 'all' : 'loopback', dist = built): Promise<Stage> {
  const assets = await serveBuilt(dist);
  const liveKit = await startTestLiveKit({ media });
  const endpoint = await startEndpoint(liveKit);
  const pages = new Map<string, { html: string; headers: Record<string, string> }>();
  const site = await serve((request, response) => {
    const page = pages.get(request.url ?? '');
    if (!page) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers }).end(page.html);
  });
  const policy = (scripts: string) =>
    [`default-src 'none'`, `script-src ${scripts}`, `connect-src ${endpoint.origin} http://127.0.0.1:* ws://127.0.0.1:*`].join('; ');
  const probe = bundleProbe();
  const voices = { ada: writeVoice(recordings, 'ada'), ben: writeVoice(recordings, 'ben') };
  const browsers = new Map<string, Promise<Browser>>();
  const sounds: SoundServer[] = [];
  const visits = new Set<Visit>();
  let room = '';
  let rooms = 0;

  const browserFor = (plays: string | SoundServer, autoplay: boolean) => {
    // Firefox holds sound back in any page that nobody has touched.
    const key = `${typeof plays === 'string' ? plays : plays.env['PULSE_SERVER']} ${autoplay || inFirefox}`;
    const browser = browsers.get(key) ?? (inFirefox ? launchWithSound(plays) : launch(plays, autoplay));
    browsers.set(key, browser);
    return browser;
  };

  const launchWithSound = async (plays: string | SoundServer): Promise<Browser> => {
    if (typeof plays !== 'string') return launchFirefox(plays);
    const sound = await startSound(plays);
    sounds.push(sound);
    return launchFirefox(sound);
  };

  const page: Stage['page'] = ({
    as,
    attributes = {},
    headers = {},
    wasm = true,
    scripts = (origin) => `${origin}${wasm ? " 'wasm-unsafe-eval'" : ''}`,
    script = moduleScript,
    phone = false,
    body = '*',
    frame,
    top = {},
    host = '127.0.0.1',
  }) => {
    const path = `/${pages.size}`;
    const tag = Object.entries({ 'token-endpoint': endpoint.at('valid'), room, 'display-name': as === 'ada' ? 'Ada' : 'Ben', ...attributes })
      .filter((pair): pair is [string, string] => pair[1] !== null)
      .map(([name, value]) => ` ${name}="${value}"`)
      .join('');
    const html = `<!doctype html><html lang="en"><title>Test</title>${phone ? fits : ''}${script(assets.origin)}<main><h1>Test</h1>${body.replace('*', `<vc-room${tag}></vc-room>`)}</main></html>`;
    pages.set(path, { html, headers: { 'content-security-policy': policy(scripts(assets.origin)), ...headers } });
    const url = site.origin.replace('127.0.0.1', host) + path;
    if (frame === undefined) return url;
    pages.set(`${path}/top`, { html: `<!doctype html><title>Top</title><iframe ${frame} src="${url}"></iframe>`, headers: top });
    return `${site.origin.replace('127.0.0.1', 'localhost')}${path}/top`;
  };

  return {
    assets: assets.origin,
    liveKit,
    endpoint,
    newRoom: () => (room = `room-${process.pid}-${++rooms}`),
    page,
    async participants() {
      const rooms = await liveKit.rooms.listRooms([room]);
      return rooms.length === 0 ? [] : liveKit.rooms.listParticipants(room);
    },
    async visit(options) {
      const { as, plays = voices[as], microphone = 'granted', wasm = true, autoplay = true } = options;
      const { violating, before } = options;
      const url = page(options);
      const inner = frameOf(url);
      const browser = await browserFor(plays, autoplay);
      const context = await browser.newContext(options.phone ? smallPhone : { viewport: { width: 420, height: 640 } });
      context.setDefaultTimeout(patience);
      if (microphone === 'granted')
        for (const place of new Set([url, inner])) await context.grantPermissions(['microphone'], { origin: new URL(place).origin });
      await context.addInitScript({ content: probe });
      if (before !== undefined) await context.addInitScript({ content: before });
      if (!autoplay) await context.addInitScript(tellRefusal, playbackRefused);
      const tab = await context.newPage();
      const refused = autoplay ? null : tab.waitForEvent('console', (said) => said.text() === playbackRefused);
      await tab.goto(url);
      const isExpected = (violation: string) => (!wasm && violation === 'script-src wasm-eval') || (violating !== undefined && violation.startsWith(violating));
      const visit = new Visit(tab, isExpected, tab.frame({ url: inner }));
      visits.add(visit);
      await (refused ?? visit.frame.waitForFunction(() => customElements.get('vc-room') !== undefined));
      return visit;
    },
    async clear() {
      const open = [...visits];
      visits.clear();
      const troubles = await Promise.all(open.map((visit) => visit.close()));
      assert.deepEqual(troubles.flat(), []);
    },
    async stop() {
      await Promise.all([...browsers.values()].map(async (browser) => (await browser).close()));
      await Promise.all(sounds.map((sound) => sound.stop()));
      await Promise.all([site.stop(), assets.stop(), endpoint.stop(), liveKit.stop()]);
    },
  };
}

/** One page with one `<vc-room>`. */
export class Visit {
  readonly page: Page;
  /** Where the element is. */
  readonly frame: Frame;
  readonly #troubles: string[] = [];
  readonly #isExpected: (violation: string) => boolean;

  /** `isExpected` tells violations of the policy that are no trouble. */
  constructor(page: Page, isExpected: (violation: string) => boolean = () => false, frame: Frame | null = page.mainFrame()) {
    assert.ok(frame);
    this.page = page;
    this.frame = frame;
    this.#isExpected = isExpected;
    // In Firefox that is every line in red, also of a server that was killed: there the page itself says what it has not caught.
    if (!inFirefox) page.on('pageerror', (error) => this.#troubles.push(`uncaught: ${error.stack ?? error.message}`));
  }

  /** What the page asks for from now on. */
  asks(): { readonly requests: readonly Request[]; readonly sockets: readonly string[] } {
    const [requests, sockets]: [Request[], string[]] = [[], []];
    this.page.on('websocket', (socket) => sockets.push(socket.url()));
    this.page.on('request', (request) => {
      // In Firefox a WebSocket begins as a request like others.
      if ('sec-websocket-key' in request.headers()) sockets.push(request.url().replace(/^http/, 'ws'));
      else requests.push(request);
    });
    return { requests, sockets };
  }

  /** Something inside the element, by its part. */
  part(name: string) {
    return this.frame.locator('vc-room').locator(`[part~="${name}"]`);
  }

  /** Does something with the element, in the page. */
  run<Result, Arg = undefined>(work: (room: VcRoom, arg: Arg) => Result, arg?: Arg): Promise<Awaited<Result>> {
    return this.frame.locator('vc-room').evaluate(work as (room: HTMLElement | SVGElement, arg: unknown) => Result, arg) as Promise<Awaited<Result>>;
  }

  /** Waits until something is true of the element. */
  async until<Arg = undefined>(what: string, test: (room: VcRoom, arg: Arg) => boolean, arg?: Arg, timeout = patience): Promise<void> {
    const isSo = await this.frame.locator('vc-room').evaluate(
      async (room, { source, given, limit }) => {
        // Looking from outside would keep three processes busy, fifty times a second.
        const holds = (0, eval)(source) as (element: HTMLElement | SVGElement, value: unknown) => boolean;
        for (const deadline = Date.now() + limit; !holds(room, given); await new Promise((resolve) => setTimeout(resolve, 20)))
          if (Date.now() > deadline) return false;
        return true;
      },
      { source: `(${test.toString()})`, given: arg as unknown, limit: timeout },
    );
    if (!isSo) throw new assert.AssertionError({ message: `Not within ${timeout} ms: ${what}. ${await this.describe()}` });
  }

  click(part: string): Promise<void> {
    return this.part(part).click();
  }

  /** Presses Join, as a person does, and waits until in. */
  async join(): Promise<void> {
    await this.click('join-button');
    await this.until('joined', (room) => room.connectionState === 'joined');
  }

  /** Calls `join()`; resolves with what became of it. */
  attempt(): Promise<{ code: string; reason: string; message: string } | 'joined'> {
    return this.run((room) =>
      room.join().then(
        () => 'joined' as const,
        (thrown: unknown) => {
          const { code, reason, message } = thrown as { code: string; reason: string; message: string };
          return { code, reason, message };
        },
      ),
    );
  }

  /** The person changes their mind in the browser's own settings. */
  allowMicrophone(): Promise<void> {
    return this.page.context().grantPermissions(['microphone'], { origin: new URL(this.page.url()).origin });
  }

  /** Waits until a voice is heard from now on. */
  async hears(voice: Voice): Promise<void> {
    const since = await this.run(() => Date.now());
    await this.until(`hears ${voice}`, (_, [name, time]) => window.probe.lastHeard(name) > time, [voice, since] as const);
  }

  /** Waits until a voice has been silent for as long as four syllables; resolves with when it was last heard, in ms since the epoch. */
  async silent(voice: Voice): Promise<number> {
    await this.until(`silence of ${voice}`, (_, name) => window.probe.silence(name) > 1000, voice);
    return this.run((_, name) => window.probe.lastHeard(name), voice);
  }

  /** Names of the others, in the order in which the element lists them. */
  async sees(...names: string[]): Promise<void> {
    await this.until(`sees ${names.join(', ')}`, (room, wanted) => room.remoteParticipants.map(({ name }) => name).join() === wanted, names.join());
  }

  describe(): Promise<string> {
    return this.run((room) => {
      const { connectionState, microphone, playbackBlocked, error, remoteParticipants, localParticipant, micMuted, deafened } = room;
      const said = error && { code: error.code, reason: error.reason, message: error.message };
      return JSON.stringify({
        connectionState,
        microphone,
        playbackBlocked,
        micMuted,
        deafened,
        error: said,
        localParticipant,
        remoteParticipants,
        open: window.probe.open,
      });
    });
  }

  /** The person closes the tab. */
  async closeTab(): Promise<void> {
    await Promise.all([this.page.waitForEvent('close'), this.page.close({ runBeforeUnload: true })]);
  }

  /** Closes the page; resolves with what went wrong in it unnoticed. */
  async close(): Promise<string[]> {
    if (!this.page.isClosed()) {
      const { violations, uncaught } = await this.frame.evaluate(() => ({ violations: window.probe.violations, uncaught: window.probe.uncaught }));
      if (inFirefox) this.#troubles.push(...uncaught.map((message) => `uncaught: ${message}`));
      this.#troubles.push(...violations.filter((violation) => !this.#isExpected(violation)).map((violation) => `Content-Security-Policy: ${violation}`));
    }
    await this.page.context().close();
    return this.#troubles;
  }
}

/** Waits for a line in a page's console; in Firefox a red one of the browser's own. */
export function says(page: Page, pattern: RegExp): Promise<string> {
  if (inFirefox) return page.waitForEvent('pageerror', (error) => pattern.test(String(error))).then(String);
  return page.waitForEvent('console', (message) => pattern.test(message.text())).then((message) => message.text());
}

export function moduleScript(assets: string): string {
  return `<script type="module" src="${assets}/vc-room.js"></script>`;
}

/** Address of the page with the element, given what `page()` gave. */
export function frameOf(url: string): string {
  return url.endsWith('/top') ? url.replace('localhost', '127.0.0.1').replace(/\/top$/, '') : url;
}

/** Exactly the Content-Security-Policy that the README asks for, with whatever is to be otherwise. */
export function strictest({ assets, endpoint, liveKit }: Stage, over: Readonly<Record<string, string>> = {}): string {
  const directives = {
    'default-src': "'none'",
    'script-src': `${assets} 'wasm-unsafe-eval'`,
    'connect-src': `${endpoint.origin} ${liveKit.url} ${liveKit.url.replace('ws', 'http')} ${assets}`,
    ...over,
  };
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

/** dist/ on an origin of its own, readable from everywhere, as a CDN serves it. */
export function serveBuilt(dist = built): Promise<Served> {
  if (!existsSync(join(dist, 'vc-room.js'))) throw new Error('dist/vc-room.js is missing: run `npm run build` first.');
  return serve((request, response) => {
    const file = join(dist, new URL(request.url ?? '/', 'http://assets').pathname);
    if (!file.startsWith(dist) || !existsSync(file) || !extname(file)) return void response.writeHead(404).end();
    // What has a hash in its name never changes.
    const caching: Record<string, string> = /\/(chunks|worklets)\//.test(file) ? { 'cache-control': 'public, max-age=31536000, immutable' } : {};
    response.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      ...caching,
    });
    createReadStream(file).pipe(response);
  });
}

function launch(plays: string | SoundServer, autoplay: boolean): Promise<Browser> {
  const isWav = typeof plays === 'string';
  return chromium.launch({
    executablePath: findBrowser(),
    ...(!isWav && { env: plays.env, ignoreDefaultArgs: ['--mute-audio'] }),
    args: [
      ...browserFlags(isWav ? plays : undefined),
      `--autoplay-policy=${autoplay ? 'no-user-gesture-required' : 'document-user-activation-required'}`,
      '--host-resolver-rules=MAP insecure.test 127.0.0.1',
    ],
  });
}

export const playbackRefused = 'playback refused';

/** In a page that nobody looks into: has it say so once the browser plays nothing. */
export function tellRefusal(words: string): void {
  addEventListener('DOMContentLoaded', () => {
    document.querySelector('vc-room')?.addEventListener('playbackblockedchange', () => console.info(words));
  });
}

function bundleProbe(): string {
  const { outputFiles } = buildSync({ entryPoints: [join(root, 'test/support/probe.ts')], bundle: true, write: false, format: 'iife', target: 'es2022' });
  return outputFiles[0]?.text ?? '';
}
