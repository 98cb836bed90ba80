import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { serve } from '../support/serve.js';
import type { Served } from '../support/serve.js';
import { moduleScript, strictest } from '../support/stage.js';
import type { PageOptions, Stage } from '../support/stage.js';
import type { Tarball } from '../support/tarball.js';

const root = join(import.meta.dirname, '../..');

/** What a site writes around the element. */
interface Kind {
  /** HTML that loads it, and what `script-src` has to allow for that beside the place of `vc-room.js`. */
  readonly loads?: (site: Site) => { readonly script: string; readonly allowed: string };
  readonly attributes?: (site: Site) => Readonly<Record<string, string>>;
  /** HTML around the tag, which is `*`. */
  readonly body?: string;
  /** Attributes of the iframe in which it lies, of a page on another origin. */
  readonly frame?: string;
  /** Source that opens what it lies in. */
  readonly opens?: string;
}

/** Where things lie, each on an origin of its own. */
interface Site {
  /** The unpacked package's dist/. */
  readonly assets: string;
  /** The site's own scripts: `bundle.js`, which has the package in it, and `mapped.js`, which imports it by an import map. */
  readonly scripts: string;
  readonly importMap: string;
}

interface Policy {
  /** Directives beside what the README asks for; null for no Content-Security-Policy at all. */
  readonly directives: Readonly<Record<string, string>> | null;
  readonly wasm?: false;
  readonly headers?: Readonly<Record<string, string>>;
}

/** By the words of the README's table. */
export const kinds: Readonly<Record<string, Kind>> = {
  'module script': {},
  'classic script': { loads: ({ assets }) => ({ script: `<script src="${assets}/vc-room.classic.js"></script>`, allowed: '' }) },
  'bundled by the site': {
    loads: ({ scripts }) => ({ script: `<script type="module" src="${scripts}/bundle.js"></script>`, allowed: scripts }),
    attributes: ({ assets }) => ({ assets }),
  },
  'import map with integrity': {
    loads: ({ scripts, importMap }) => ({
      script: `<script type="importmap">${importMap}</script><script type="module" src="${scripts}/mapped.js"></script>`,
      allowed: `${scripts} 'sha256-${createHash('sha256').update(importMap).digest('base64')}'`,
    }),
  },
  'in a shadow root': { body: '<div><template shadowrootmode="open">*</template></div>' },
  'in a modal dialog': { body: '<dialog>*</dialog>', opens: "document.querySelector('dialog').showModal()" },
  'in a popover': { body: '<div popover>*</div>', opens: "document.querySelector('[popover]').showPopover()" },
  '`<iframe allow="microphone; autoplay">`': { frame: 'allow="microphone; autoplay"' },
  '… with `sandbox="allow-scripts allow-same-origin"`': { frame: 'allow="microphone; autoplay" sandbox="allow-scripts allow-same-origin"' },
  '… with `sandbox="allow-scripts"`': { frame: 'allow="microphone; autoplay" sandbox="allow-scripts"' },
  '`<iframe>` without `allow`': { frame: '' },
};

/** What the README asks for, and no more. */
export const strict = "`default-src 'none'`";

/** By the words of the README's table. */
export const policies: Readonly<Record<string, Policy>> = {
  'no policy': { directives: null },
  [strict]: { directives: {} },
  "… without `'wasm-unsafe-eval'`": { directives: {}, wasm: false },
  '… with Trusted Types': { directives: { 'require-trusted-types-for': "'script'", 'trusted-types': 'lit-html' } },
  '… with COOP and COEP': {
    directives: {},
    headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp', 'cross-origin-resource-policy': 'cross-origin' },
  },
  '… with `microphone=()`': { directives: {}, headers: { 'permissions-policy': 'microphone=()' } },
};

/** One page of the table. */
export interface Cell {
  readonly kind: string;
  readonly policy: string;
  readonly page: Omit<PageOptions, 'as'>;
  readonly opens: string | undefined;
}

export interface Cells extends Served {
  readonly all: readonly Cell[];
}

/** All pages, in a room of their own, and the site's own scripts served. */
export async function cellsOf(stage: Stage, tarball: Tarball): Promise<Cells> {
  const scripts = new Map([...(await bundle(tarball)), ['/mapped.js', "import 'vc-room';"]]);
  const served = await serve((request, response) => {
    const script = scripts.get(request.url ?? '');
    const headers = { 'content-type': 'text/javascript', 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' };
    response.writeHead(script === undefined ? 404 : 200, headers).end(script);
  });
  const site: Site = { assets: stage.assets, scripts: served.origin, importMap: importMap(stage.assets, tarball) };
  const room = stage.newRoom();
  const all = Object.entries(policies).flatMap(([policy, { directives, wasm = true, headers = {} }]) =>
    Object.entries(kinds).map(([kind, { loads, attributes, body, frame, opens }]): Cell => {
      const { script, allowed } = loads?.(site) ?? { script: moduleScript(site.assets), allowed: '' };
      const sources = [site.assets, allowed, wasm ? "'wasm-unsafe-eval'" : ''].filter(Boolean).join(' ');
      const page = {
        attributes: { room, 'display-name': 'Ada', ...attributes?.(site) },
        headers: { ...headers, 'content-security-policy': directives ? strictest(stage, { 'script-src': sources, ...directives }) : '' },
        top: headers,
        wasm,
        script: () => script,
        ...(body !== undefined && { body }),
        ...(frame !== undefined && { frame }),
      };
      return { kind, policy, page, opens };
    }),
  );
  return { ...served, all };
}

/** As the site's own bundler makes it of the installed package. */
async function bundle({ site }: Tarball): Promise<[path: string, script: string][]> {
  const { outputFiles } = await build({
    stdin: { contents: "import 'vc-room/define';", resolveDir: site },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    write: false,
    outdir: '/',
    entryNames: 'bundle',
    // The package's dependencies, which npm would have installed beside it.
    nodePaths: [join(root, 'node_modules')],
    conditions: ['production', 'browser'],
    logLevel: 'error',
  });
  return outputFiles.map(({ path, text }) => [path.replaceAll('\\', '/').replace(/^\w:/, ''), text]);
}

/** The package's own map of integrity, for where it is served here. */
function importMap(assets: string, { dist }: Tarball): string {
  const { integrity } = JSON.parse(readFileSync(join(dist, 'importmap.json'), 'utf8')) as { integrity: Record<string, string> };
  return JSON.stringify({
    imports: { 'vc-room': `${assets}/vc-room.js` },
    integrity: Object.fromEntries(Object.entries(integrity).map(([url, hash]) => [assets + url.slice(url.indexOf('/dist/') + '/dist'.length), hash])),
  });
}
