/**
 * The static Storybook (`npm run build:stories`) in a browser whose only network is this machine: its own frame, every story and every page of documentation shows
 * itself without an error or a warning on the console, a request that fails, or one that goes elsewhere; the tables name all that the manifest names.
 * Run by `npm run test:stories`; axe, overflow and keys of the same stories: test/unit/stories*.test.ts.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { launch } from './support/launch.js';
import { serve } from './support/serve.js';

interface Entry {
  readonly id: string;
  readonly type: 'story' | 'docs' | 'frame';
}
type Named = readonly { readonly name: string }[];
interface Declaration extends Readonly<Record<'attributes' | 'slots' | 'cssProperties' | 'cssParts' | 'cssStates' | 'events', Named>> {
  readonly tagName?: string;
}

const root = join(import.meta.dirname, '..');
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
/** `tsx test/stories.ts [folder [part of ids]]` looks at some of them. */
const folder = process.argv[2] ?? 'storybook-static';
const listed = Object.values((read(join(folder, 'index.json')) as { entries: Record<string, Entry> }).entries);
const frame = listed.slice(0, 1).map(({ type, id }): Entry => ({ id: `frame/${type}/${id}`, type: 'frame' }));
const entries = [...frame, ...listed].filter(({ id }) => id.includes(process.argv[3] ?? ''));
const { modules } = read('custom-elements.json') as { modules: readonly { declarations?: readonly Declaration[] }[] };
const element = modules.flatMap(({ declarations = [] }) => declarations).find(({ tagName }) => tagName === 'vc-room');
const named = element && [
  ...[element.attributes, element.slots, element.cssProperties, element.events].flatMap((items) => items.map(({ name }) => name)),
  ...element.cssParts.map(({ name }) => `::part(${name})`),
  ...element.cssStates.map(({ name }) => `:state(${name})`),
];

const began = performance.now();
const wrong: string[] = [];
let requests = 0;
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};
const { origin, stop } = await serve(async (request, response) => {
  requests++;
  const path = new URL(request.url ?? '/', 'http://any').pathname.replace(/\/$/, '/index.html');
  const body = await readFile(join(root, folder, path)).catch(() => null);
  // Browsers ask for an icon of their own accord.
  response.writeHead(body ? 200 : path === '/favicon.ico' ? 204 : 404, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(body);
});
/** What a page means for another machine comes here instead, whatever asks for it: workers, sockets and mere preconnections too. */
const elsewhere = createServer((socket) => {
  socket
    .on('error', () => undefined)
    .once('data', (head) => {
      wrong.push(`a page asks for ${head.toString('latin1').split('\r')[0] ?? ''}`);
      socket.destroy();
    });
});
await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
const proxy = { server: `127.0.0.1:${(elsewhere.address() as AddressInfo).port}`, bypass: '127.0.0.1' };
/** Looked at in one browser: what pages leave behind there must not add up. */
const batch = 24;
try {
  for (let from = 0; from < entries.length; from += batch) {
    // It would ask Google what to fill into the knobs.
    const browser = await launch('--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', '--autofill-server-url=http://127.0.0.1:9');
    const waiting = entries.slice(from, from + batch);
    /** In one tab, one after the other. */
    const visit = async (): Promise<void> => {
      const page = await browser.newPage({ reducedMotion: 'reduce', proxy });
      for (let entry = waiting.shift(); entry; entry = waiting.shift()) await look(page, entry);
    };
    try {
      await Promise.all([visit(), visit()]);
    } finally {
      await browser.close();
    }
  }
} finally {
  elsewhere.close();
  await stop();
}
for (const line of wrong) console.error(line);
const count = (wanted: Entry['type']): number => entries.filter(({ type }) => type === wanted).length;
console.log(
  `${count('story')} stories, ${count('docs')} pages of documentation, ${count('frame')} frame around them; ${requests} requests, all for themselves; ${wrong.length} faults; ${Math.round((performance.now() - began) / 1000)} s`,
);
if (wrong.length || !entries.length) process.exitCode = 1;

async function look(page: Page, { id, type }: Entry): Promise<void> {
  const isOwn = (url: string): boolean => /^(data|blob):/.test(url) || url.startsWith(`${origin}/`);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrong.push(`${id}: the console says ${message.text()}`);
  });
  page.on('pageerror', (error) => wrong.push(`${id}: ${error.message}`));
  page.on('request', (request) => {
    if (!isOwn(request.url())) wrong.push(`${id}: asks for ${request.url()}`);
  });
  page.on('websocket', (socket) => wrong.push(`${id}: opens ${socket.url()}`));
  page.on('response', (response) => {
    if (response.status() >= 400) wrong.push(`${id}: ${response.status()} ${response.url()}`);
  });
  try {
    if (type === 'frame') await surround(page, id);
    else await show(page, { id, type });
  } catch (thrown) {
    wrong.push(`${id}: ${(thrown as Error).message.split('\n')[0] ?? ''}`);
  }
  // What it still says when it goes is its own.
  await page.goto('about:blank');
  page.removeAllListeners();
}

/** Storybook as people open it, with its list and its panels around a page. */
async function surround(page: Page, id: string): Promise<void> {
  await page.goto(`${origin}/?path=${id.slice('frame'.length)}`);
  await page.locator('#storybook-preview-iframe').contentFrame().locator('.sbdocs-content h1').waitFor();
  for (const title of ['States', 'Layouts', 'Controls', 'Themes', 'Words', 'Live']) await page.getByRole('button', { name: title, exact: true }).waitFor();
}

async function show(page: Page, { id, type }: Entry): Promise<void> {
  await page.goto(`${origin}/iframe.html?viewMode=${type}&id=${id}`);
  await page.waitForFunction((isStory) => {
    const face = [...document.querySelectorAll('vc-room, vc-room-live')].some(({ shadowRoot }) => shadowRoot?.querySelector('.face, .shell'));
    return isStory ? face : document.querySelector('.sbdocs-content h1') && (face || document.querySelector('iframe'));
  }, type === 'story');
  if (!id.endsWith('--docs') || id === 'make-it-yours--docs') return;
  const rows = await page.waitForFunction((count) => {
    const names = [...document.querySelectorAll('.docblock-argstable td:first-child')].map((cell) => cell.textContent?.trim() ?? '');
    return names.length >= count && names;
  }, named?.length ?? 0);
  const shown = new Set((await rows.jsonValue()) || []);
  for (const name of named ?? []) if (!shown.has(name)) wrong.push(`${id}: the table does not name ${name}`);
}
