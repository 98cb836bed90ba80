import assert from 'node:assert/strict';
import { join } from 'node:path';
import { firefox } from 'playwright-core';
import type { Browser } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import type { Frame, Page } from 'puppeteer-core';
import type { VcRoom } from '../../src/vc-room.js';
import { find, installByApt } from './browser.js';
import { startSound } from './sound-server.js';
import type { Rates, SoundServer } from './sound-server.js';
import { frameOf, playbackRefused, tellRefusal } from './stage.js';
import type { Voice } from './voice-facts.js';

const names = ['firefox-esr', 'firefox'];
const places = { darwin: ['/Applications/Firefox.app/Contents/MacOS/firefox'] };
/** For what takes a connection to a real server; ample, as the machine may be busy. */
const patience = 30_000;

/**
 * Path of a Firefox to test with: FIREFOX_PATH, or a known name on PATH; a Debian whose root we are gets one by apt.
 * @throws Error that says how to get one
 */
export function findFirefox(): string {
  const found = process.env['FIREFOX_PATH'] ?? find(names, places) ?? (installByApt('firefox-esr') ? find(names, places) : undefined);
  if (found) return found;
  throw new Error('This test needs Firefox and found none: sudo apt-get install firefox-esr, or set FIREFOX_PATH to the executable.');
}

/** A stock Firefox for Playwright, in which nobody may use a microphone until it is granted. It plays and hears through `sound`. */
export function launchFirefox(sound: SoundServer): Promise<Browser> {
  return firefox.launch({
    channel: 'moz-firefox',
    executablePath: join(import.meta.dirname, 'firefox-bridge.ts'),
    env: { ...sound.env, FIREFOX_PATH: findFirefox() },
    // All else is as people have it: nothing plays before the first gesture.
    firefoxUserPrefs: {
      'browser.chrome.site_icons': false,
      'permissions.default.microphone': 2,
      'permissions.isolateBy.userContext': true,
      // The way to 127.0.0.1, on which the network of the tests is.
      'media.peerconnection.ice.loopback': true,
      'network.dns.localDomains': 'insecure.test',
      // WebDriver's mouse reaches no frame of another process.
      'fission.autostart': false,
    },
  });
}

/** A Firefox of one person: with a microphone into which they speak, and a loudspeaker that is listened to. */
export interface Firefox {
  readonly version: string;
  readonly sound: SoundServer;
  /**
   * Opens a page with one `<vc-room>`, also one in an iframe, as a new visitor. `violating`: violations of the page's policy that the test is about, by how their
   * directive begins. `autoplay` is `false` for one that joins by itself: resolves once something was refused, because looking into a page counts as a gesture.
   */
  open(url: string, options?: { readonly violating?: string; readonly autoplay?: boolean }): Promise<FirefoxVisit>;
  /** Closes all pages and asserts that none of them saw an error that nobody caught or broke its Content-Security-Policy. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

/** `microphone` is what the person says when a page asks for it; `rates` are those of their devices. */
export async function startFirefox(speaker: Voice, microphone: 'granted' | 'denied' = 'granted', rates: Rates = {}): Promise<Firefox> {
  const executablePath = findFirefox();
  const sound = await startSound(speaker, rates);
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    env: sound.env,
    // All else is as people have it: nothing plays before the first gesture.
    extraPrefsFirefox: { 'browser.chrome.site_icons': false, 'permissions.default.microphone': microphone === 'granted' ? 1 : 2 },
  });
  const visits = new Set<FirefoxVisit>();

  return {
    version: await browser.version(),
    sound,
    async open(url, { violating, autoplay = true } = {}) {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      await page.evaluateOnNewDocument(() => {
        // tsx marks functions with this.
        window.__name = (value) => value;
        window.troubles = [];
        // Not `pageerror`: in Firefox that is every line in red, also of a server that was killed.
        addEventListener('error', ({ message }) => window.troubles.push(`uncaught: ${message}`));
        addEventListener('unhandledrejection', ({ reason }) => window.troubles.push(`uncaught: ${String(reason)}`));
        addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
          window.troubles.push(`Content-Security-Policy: ${violatedDirective} ${blockedURI}`),
        );
      });
      let isRefused = false;
      if (!autoplay) {
        await page.evaluateOnNewDocument(tellRefusal, playbackRefused);
        page.on('console', (said) => (isRefused ||= said.text() === playbackRefused));
      }
      await page.goto(url);
      const inner = frameOf(url);
      const frame = inner === url ? page.mainFrame() : await page.waitForFrame((other) => other.url() === inner);
      const visit = new FirefoxVisit(page, frame, sound, violating);
      visits.add(visit);
      if (autoplay) await frame.waitForFunction(() => customElements.get('vc-room') !== undefined);
      else await until('playback is refused', () => isRefused);
      return visit;
    },
    async clear() {
      const troubles: string[] = [];
      for (const visit of visits) troubles.push(...(await visit.close()));
      visits.clear();
      assert.deepEqual(troubles, []);
    },
    async stop() {
      await browser.close();
      await sound.stop();
    },
  };
}

/** One page in Firefox with one `<vc-room>`; as `Visit` in Chromium. */
export class FirefoxVisit {
  readonly page: Page;
  /** Where the element is. */
  readonly frame: Frame;
  readonly #sound: SoundServer;
  readonly #violating: string | undefined;

  constructor(page: Page, frame: Frame, sound: SoundServer, violating?: string) {
    this.page = page;
    this.frame = frame;
    this.#sound = sound;
    this.#violating = violating;
  }

  /** Does something with the element, in the page. */
  run<Result>(work: (room: VcRoom) => Result): Promise<Awaited<Result>> {
    return this.frame.$eval('pierce/vc-room', work as (element: Element) => Result);
  }

  /** Waits until something is true of the element. */
  async until(what: string, test: (room: VcRoom) => boolean): Promise<void> {
    await until(
      what,
      () => this.run(test),
      () => this.describe(),
    );
  }

  /** Clicks something inside the element, by its part, as a person does. */
  async click(part: string): Promise<void> {
    await this.frame.locator(`pierce/[part~="${part}"]`).click();
  }

  /** Clicks it as script does, with a gesture. */
  async press(part: string): Promise<void> {
    await this.frame.waitForSelector(`pierce/[part~="${part}"]`);
    await this.frame.$eval(`pierce/[part~="${part}"]`, (element) => (element as HTMLElement).click());
  }

  /** What a part inside the element says. */
  text(part: string): Promise<string> {
    return this.frame.$eval(`pierce/[part~="${part}"]`, (element) => element.textContent ?? '');
  }

  hears(voice: Voice): Promise<void> {
    return this.#sound.hears(voice);
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.frame.waitForFunction(() => customElements.get('vc-room') !== undefined);
  }

  /** Presses Join and waits until in. */
  async join(): Promise<void> {
    await this.click('join-button');
    await this.until('joined', (room) => room.connectionState === 'joined');
  }

  describe(): Promise<string> {
    return this.run((room) => {
      const { connectionState, microphone, playbackBlocked, error, remoteParticipants } = room;
      return JSON.stringify({ connectionState, microphone, playbackBlocked, error: error?.message, remoteParticipants, more: room.diagnostics() });
    });
  }

  /** Closes the page; resolves with what went wrong in it unnoticed. */
  async close(): Promise<string[]> {
    const troubles = this.page.isClosed() ? [] : await this.frame.evaluate(() => window.troubles);
    await this.page.browserContext().close();
    const expected = this.#violating === undefined ? null : `Content-Security-Policy: ${this.#violating}`;
    return troubles.filter((trouble) => expected === null || !trouble.startsWith(expected));
  }
}

async function until(what: string, test: () => boolean | Promise<boolean>, describe: () => string | Promise<string> = () => ''): Promise<void> {
  const deadline = Date.now() + patience;
  while (!(await test())) {
    assert.ok(Date.now() < deadline, `Not within ${patience} ms: ${what}. ${await describe()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

declare global {
  interface Window {
    troubles: string[];
  }
}
