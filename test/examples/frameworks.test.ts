import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import type { Served } from '../support/serve.js';
import { serveSite, visitSite } from '../support/site.js';
import type { Item } from '../support/site.js';
import { openStage } from '../support/stage.js';
import type { Stage } from '../support/stage.js';

const here = import.meta.dirname;
const root = join(here, '../..');
const examples = join(root, 'demo/examples');
const require = createRequire(join(here, 'package.json'));

/** Compiles as the plugins of Vite do. */
const compilers = (generate: 'client' | 'server'): Plugin => ({
  name: 'compilers',
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, ({ path }) => {
      const { compile } = require('svelte/compiler') as { compile: (source: string, options: object) => { js: { code: string } } };
      return { contents: compile(readFileSync(path, 'utf8'), { generate, filename: path }).js.code, loader: 'js' };
    });
    onLoad({ filter: /\.vue$/ }, ({ path }) => {
      const { parse, compileScript } = require('vue/compiler-sfc') as {
        parse: (source: string, options: object) => { descriptor: object };
        compileScript: (descriptor: object, options: object) => { content: string };
      };
      const ssr = generate === 'server';
      const compilerOptions = { isCustomElement: (tag: string) => tag === 'vc-room' };
      const templateOptions = { ssr, ssrCssVars: [], compilerOptions };
      const { descriptor } = parse(readFileSync(path, 'utf8'), { templateParseOptions: compilerOptions });
      return {
        contents: compileScript(descriptor, { id: 'call', inlineTemplate: true, templateOptions }).content,
        loader: 'js',
      };
    });
  },
});

/** What a site writes around the component. */
const mounts: Record<string, string> = {
  // Not by an import: the package says of all but a few files that they do nothing by themselves.
  React: readFileSync(join(examples, 'react.jsx'), 'utf8'),
  Vue: `import { createApp } from 'vue'; import Call from './Call.vue'; createApp(Call, { room: 'lounge' }).mount('#app');`,
  Svelte: `import { mount } from 'svelte'; import Call from './Call.svelte'; mount(Call, { target: document.querySelector('#app'), props: { room: 'lounge' } });`,
};

describe('the examples for frameworks', () => {
  let stage: Stage;
  let site: Served;
  const items = new Map<string, Item>();
  before(async () => {
    stage = await openStage();
    site = await serveSite(stage, (path) => items.get(path));
  });
  beforeEach(() => stage.newRoom());
  afterEach(() => stage.clear());
  after(async () => {
    await site.stop();
    await stage.stop();
  });

  for (const [framework, contents] of Object.entries(mounts))
    it(`${framework}: joins, shows who is there, and hangs up`, async () => {
      const { outputFiles } = await build({
        stdin: { contents, resolveDir: examples, loader: 'jsx' },
        bundle: true,
        splitting: true,
        format: 'esm',
        outdir: `/${framework}`,
        write: false,
        jsx: 'automatic',
        define: {
          'process.env.NODE_ENV': '"production"',
          __VUE_OPTIONS_API__: 'false',
          __VUE_PROD_DEVTOOLS__: 'false',
          __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
        },
        conditions: ['production', 'browser'],
        nodePaths: [join(here, 'node_modules')],
        alias: {
          ...Object.fromEntries(['react', 'react-dom'].map((name) => [name, join(here, 'node_modules', name)])),
          'vc-room/define': join(root, 'dist/esm/define.js'),
        },
        plugins: [compilers('client')],
        logLevel: 'error',
      });
      for (const { path, text } of outputFiles) items.set(path, [text, { 'content-type': 'text/javascript' }]);
      const headers = {
        'content-type': 'text/html',
        'content-security-policy': `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:*`,
      };
      items.set(`/${framework}.html`, [`<!doctype html><div id="app"></div><script type="module" src="/${framework}/stdin.js"></script>`, headers]);
      const ben = await stage.visit({ as: 'ben', attributes: { room: 'lounge' } });
      await ben.join();
      const ada = await visitSite(stage, site, `/${framework}.html`);
      await ada.join();
      await ada.page.waitForFunction(() => document.querySelector('#people')?.textContent === 'Ben');
      await ada.until('RNNoise runs', (room) => room.activeNoiseSuppression === 'rnnoise');
      await ada.page.getByText('Hang up').click();
      await ada.until('idle', (room) => room.connectionState === 'idle');
      await ada.page.waitForFunction(() => (document.querySelector('section > button') as HTMLButtonElement).disabled);
    });
});

/** What a server writes, which renders the example with vc-room imported, or, where the example mounts itself, the tag. */
const renders: Record<string, string> = {
  React: `import 'vc-room/define'; import { createElement } from 'react'; import { renderToString } from 'react-dom/server';
    console.log(renderToString(createElement('vc-room', { 'token-endpoint': '/api/token', room: 'lounge', onerror: () => undefined })));`,
  Vue: `import { createSSRApp } from 'vue'; import { renderToString } from 'vue/server-renderer'; import Call from './Call.vue';
    console.log(await renderToString(createSSRApp(Call, { room: 'lounge' })));`,
  Svelte: `import { render } from 'svelte/server'; import Call from './Call.svelte';
    console.log(render(Call, { props: { room: 'lounge' } }).body);`,
  // Its stand-in for a DOM has HTMLElement and customElements, so that the package finds something to register with.
  Lit: `import '@lit-labs/ssr/lib/install-global-dom-shim.js'; import { html, render } from '@lit-labs/ssr'; import { collectResult } from '@lit-labs/ssr/lib/render-result.js';
    await import('vc-room/define');
    if (!customElements.get('vc-room')) throw new Error('Not registered.');
    console.log(await collectResult(render(html\`<vc-room token-endpoint="/api/token" room=\${'lounge'}></vc-room>\`)));`,
};

describe('rendering on a server', () => {
  for (const [framework, contents] of Object.entries(renders))
    it(`yields the tag: ${framework}`, async () => {
      const { outputFiles } = await build({
        stdin: { contents, resolveDir: examples },
        bundle: true,
        format: 'esm',
        platform: 'node',
        write: false,
        nodePaths: [join(here, 'node_modules')],
        alias: { 'vc-room/define': join(root, 'dist/esm/define.js') },
        plugins: [compilers('server')],
        // React's are CommonJS.
        banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
        logLevel: 'error',
      });
      const stdout = execFileSync(process.execPath, ['--input-type=module', '-'], { cwd: here, input: outputFiles[0]?.text ?? '', encoding: 'utf8' });
      assert.match(stdout, /<vc-room\s+token-endpoint="\/api\/token"\s+(assets="\/vc-room\/"\s+)?room="lounge"><\/vc-room>/);
    });
});
