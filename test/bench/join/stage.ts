import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { browserFlags, findBrowser } from '../../support/browser.js';
import { startTestLiveKit } from '../../support/livekit.js';
import type { TestLiveKit } from '../../support/livekit.js';
import { startNetwork } from '../../support/network.js';
import type { Network } from '../../support/network.js';
import { serve } from '../../support/serve.js';
import { writeSteadyVoice } from './steady-voice.js';

const root = join(import.meta.dirname, '../../..');
const pages = join(import.meta.dirname, 'pages');
const types: Record<string, string> = { '.js': 'text/javascript', '.wasm': 'application/wasm' };
/** What the token endpoint takes, in ms. */
const tokenTime = 100;
/** With this behind it, the token endpoint, and the page of a baseline, leads to the server and not to the network in front of it. */
export const besideServer = '?beside';
/** Bytes of an RTP packet over UDP from which it carries a voice: Opus calls silence in less than 10, on top of at most 60 for the headers, RED and the tag. */
const voiceBytes = 90;

/** What a page has asked of the web server and the SFU. */
export interface Traffic {
  readonly requests: number;
  readonly bytes: number;
}

export interface NearPage {
  readonly html: string;
  readonly script: string;
  readonly room: string;
  /** `besideServer` or nothing. */
  readonly search?: string;
}

/** Everything around a measured page: LiveKit behind a network, a site with a slow token endpoint, a browser and, in it, somebody at the far end. */
export interface Stage {
  readonly liveKit: TestLiveKit;
  readonly network: Network;
  /** HTTP requests and bytes of their answers so far, as sent: compressed. */
  readonly traffic: Traffic;
  /** Sends of browsers over UDP that nobody has used before this call are looked at from now on. */
  watchPackets(): void;
  /** When the first packet that carries a voice was sent by such a socket, in ms since the epoch. */
  readonly packetAt: number | null;
  /** A browser profile with leave to use the microphone; `beyond`: at the far end of the cable, where there is one. */
  profile(beyond?: boolean): Promise<BrowserContext>;
  /** Somebody who is in `room` already. */
  far(room: string): Promise<Page>;
  /** Opens a page in which the instrument is ready: HTML in `<main>`, a script of pages/ or `dist` for the built element. */
  open(profile: BrowserContext, page: NearPage): Promise<Page>;
  stop(): Promise<void>;
}

export interface StageOptions {
  /** In place of one of its own. */
  readonly liveKit?: TestLiveKit;
  /** Leads to a browser on another machine, for whom everything has this address; then nobody stands behind the network. */
  readonly cable?: { readonly address: string; wrap(program: string): string };
}

export async function openStage(dist: string, { liveKit: given, cable }: StageOptions = {}): Promise<Stage> {
  if (!existsSync(join(dist, 'vc-room.js'))) throw new Error(`${dist}/vc-room.js is missing: run \`npm run build\` first.`);
  installBaselines();
  const files = new Map<string, Buffer>(bundle().map(({ name, content }) => [`/${name}`, gzipSync(content)]));
  const liveKit = given ?? (await startTestLiveKit(cable && { config: reachableAt(cable.address) }));
  const known = new Set<string>();
  let watched: Set<string> | null = null;
  let packetAt: number | null = null;
  const network = await startNetwork({
    server: liveKit,
    onUdp(packet, browser) {
      if (!watched) known.add(browser);
      else if (!known.has(browser)) {
        watched.add(browser);
        if (carriesVoice(packet)) packetAt ??= Date.now();
      }
    },
  });
  const traffic = { requests: 0, bytes: 0 };
  const html = new Map<string, string>();

  const site = await serve(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://site');
    if (pathname === '/favicon.ico') return void response.writeHead(204).end();
    traffic.requests++;
    if (pathname === '/token') {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const { room_name: room, participant_identity: identity, participant_name: name } = JSON.parse(body) as Record<string, string>;
      const token = await liveKit.token({ room: room ?? '', identity: identity ?? '', name: name ?? '' });
      await new Promise((resolve) => setTimeout(resolve, tokenTime));
      return send(response, 'application/json', Buffer.from(JSON.stringify({ server_url: serverUrl(search), participant_token: token })), {});
    }
    const page = html.get(pathname);
    if (page !== undefined) return send(response, 'text/html', Buffer.from(page), {});
    const content = files.get(pathname) ?? compressed(dist, pathname);
    if (!content) return void response.writeHead(404).end();
    return send(response, types[extname(pathname)] ?? 'application/octet-stream', content, { 'content-encoding': 'gzip', 'cache-control': 'max-age=3600' });
  }, cable?.address);

  function serverUrl(search: string): string {
    if (cable) return liveKit.url.replace('127.0.0.1', cable.address);
    return search === besideServer ? liveKit.url : network.url;
  }

  function send(response: ServerResponse, type: string, body: Buffer, headers: Record<string, string>): void {
    traffic.bytes += body.length;
    response.writeHead(200, { 'content-type': type, ...headers }).end(body);
  }

  function compressed(folder: string, pathname: string): Buffer | undefined {
    const path = join(folder, pathname.replace(/^\/dist/, ''));
    if (!pathname.startsWith('/dist/') || !path.startsWith(folder) || !existsSync(path) || !statSync(path).isFile()) return undefined;
    const content = gzipSync(readFileSync(path));
    files.set(pathname, content);
    return content;
  }

  const trusted = cable ? [`--unsafely-treat-insecure-origin-as-secure=${site.origin}`] : [];
  const browser = await launch(findBrowser(), trusted);
  const beyondCable = cable && (await launch(cable.wrap(findBrowser()), trusted));
  const openPage = async (profile: BrowserContext, path: string): Promise<Page> => {
    const page = await profile.newPage();
    page.on('pageerror', (error) => console.error(`uncaught in ${path}: ${error.stack ?? error.message}`));
    await page.goto(site.origin + path, { waitUntil: 'load' });
    await page.evaluate(() => window.instrument.ready);
    return page;
  };
  const profile = async (beyond = false): Promise<BrowserContext> => {
    const context = await ((beyond && beyondCable) || browser).newContext({ viewport: { width: 420, height: 640 } });
    context.setDefaultTimeout(20_000);
    await context.grantPermissions(['microphone'], { origin: site.origin });
    await context.addInitScript({ content: Buffer.from(instrument()).toString() });
    return context;
  };

  return {
    liveKit,
    network,
    traffic,
    watchPackets() {
      for (const browser of watched ?? []) known.add(browser);
      watched = new Set();
      packetAt = null;
    },
    get packetAt() {
      return packetAt;
    },
    profile,
    async far(room) {
      for (const browser of watched ?? []) known.add(browser);
      watched = null;
      html.set('/far', '<!doctype html><title>Far end</title><script type="module" src="/far.js"></script>');
      const page = await openPage(await profile(), '/far');
      const token = await liveKit.token({ room, identity: 'far', name: 'Far' });
      await page.evaluate(([url, jwt]) => window.far.enter(url!, jwt!), [network.url, token]);
      return page;
    },
    async open(context, { html: main, script, room, search = '' }) {
      const path = `/${html.size}`;
      html.set(path, `<!doctype html><title>Near end</title><body data-room="${room}"><script type="module" src="${script}"></script><main>${main}</main>`);
      return openPage(context, path + search);
    },
    async stop() {
      await Promise.all([browser.close(), beyondCable?.close()]);
      await Promise.all([site.stop(), network.stop()]);
      await liveKit.stop();
    },
  };
}

/** An RTP packet (RFC 3550; payload types 64 to 95 are RTCP's, RFC 5761) that is longer than silence. */
function carriesVoice(packet: Buffer): boolean {
  const type = packet.readUInt8(1) & 0x7f;
  return packet.readUInt8(0) >> 6 === 2 && (type < 64 || type > 95) && packet.length > voiceBytes;
}

/** What a LiveKit server has to be told beside, to be found at this address too. */
function reachableAt(address: string): Readonly<Record<string, unknown>> {
  return { bind_addresses: ['127.0.0.1', address], rtc: { node_ip: address, ips: { includes: [`${address}/32`] } } };
}

function launch(executablePath: string, flags: readonly string[]): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [...browserFlags(writeSteadyVoice(join(root, '.cache/voices'))), '--autoplay-policy=no-user-gesture-required', ...flags],
  });
}

function instrument(): Uint8Array {
  const { outputFiles } = buildSync({ entryPoints: [join(pages, 'instrument.ts')], bundle: true, write: false, format: 'iife', target: 'es2022' });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

/** The baselines' pages, minified as a site would, and the wasm of the memo's flow. */
function bundle(): { name: string; content: Uint8Array }[] {
  const built = ['naive.ts', 'memo.ts', 'components-react.mjs', 'far.ts'].map((file) => {
    const { outputFiles } = buildSync({
      entryPoints: [join(pages, file)],
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      target: 'es2022',
      define: { 'process.env.NODE_ENV': '"production"' },
      logLevel: 'error',
    });
    return { name: file.replace(/\.\w+$/, '.js'), content: outputFiles[0]?.contents ?? new Uint8Array() };
  });
  return [...built, { name: 'rnnoise.wasm', content: readFileSync(join(root, 'node_modules/@jitsi/rnnoise-wasm/dist/rnnoise.wasm')) }];
}

/** They are heavy and nobody else needs them, so they have a folder of their own. */
function installBaselines(): void {
  if (existsSync(join(import.meta.dirname, 'node_modules/@livekit/components-react/package.json'))) return;
  console.log('Installing the baselines (npm ci in test/bench/join) …');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: import.meta.dirname, stdio: 'inherit', timeout: 300_000 });
}
