import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import { serve } from '../support/serve.js';
import type { Served } from '../support/serve.js';
import { openStage } from '../support/stage.js';
import type { Stage } from '../support/stage.js';

const here = import.meta.dirname;
const root = join(here, '../..');
const examples = join(root, 'demo/examples');
const require = createRequire(join(here, 'package.json'));

/** Compiles as the plugins of Vite do. */
const compilers: Plugin = {
  name: 'compilers',
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, ({ path }) => {
      const { compile } = require('svelte/compiler') as { compile: (source: string, options: object) => { js: { code: string } } };
      return { contents: compile(readFileSync(path, 'utf8'), { generate: 'client', filename: path }).js.code, loader: 'js' };
    });
    onLoad({ filter: /\.vue$/ }, ({ path }) => {
      const { parse, compileScript } = require('vue/compiler-sfc') as {
        parse: (source: string) => { descriptor: object };
        compileScript: (descriptor: object, options: object) => { content: string };
      };
      const templateOptions = { compilerOptions: { isCustomElement: (tag: string) => tag === 'vc-room' } };
      return {
        contents: compileScript(parse(readFileSync(path, 'utf8')).descriptor, { id: 'call', inlineTemplate: true, templateOptions }).content,
        loader: 'js',
      };
    });
  },
};

/** What a site writes around the component. */
const mounts: Record<string, string> = {
  React: `import './react.jsx';`,
  Vue: `import { createApp } from 'vue'; import Call from './Call.vue'; createApp(Call, { room: 'lounge' }).mount('#app');`,
  Svelte: `import { mount } from 'svelte'; import Call from './Call.svelte'; mount(Call, { target: document.querySelector('#app'), props: { room: 'lounge' } });`,
};

describe('the examples for frameworks', () => {
  let stage: Stage;
  let site: Served;
  const scripts = new Map<string, string>();
  before(async () => {
    stage = await openStage();
    site = await serve((request, response) => {
      const script = scripts.get(request.url ?? '');
      response.writeHead(script === undefined ? 404 : 200, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' }).end(script);
    });
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
        stdin: { contents, resolveDir: examples },
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
        plugins: [compilers],
        logLevel: 'error',
      });
      for (const { path, text } of outputFiles)
        scripts.set(
          path,
          text.replaceAll('"/api/token"', JSON.stringify(stage.endpoint.at('valid'))).replaceAll('`/api/token`', JSON.stringify(stage.endpoint.at('valid'))),
        );
      const ben = await stage.visit({ as: 'ben', attributes: { room: 'lounge' } });
      await ben.join();
      const ada = await stage.visit({
        as: 'ada',
        headers: {
          'content-security-policy': "default-src 'none'; script-src http://127.0.0.1:* 'wasm-unsafe-eval'; connect-src http://127.0.0.1:* ws://127.0.0.1:*",
        },
        script: () => `<script type="module" src="${site.origin}/${framework}/stdin.js"></script>`,
        body: '<div id="app"></div>',
      });
      await ada.join();
      await ada.page.waitForFunction(() => document.querySelector('#people')?.textContent === 'Ben');
      await ada.page.getByText('Hang up').click();
      await ada.until('idle', (room) => room.connectionState === 'idle');
      await ada.page.waitForFunction(() => (document.querySelector('section > button') as HTMLButtonElement).disabled);
    });
});

describe('rendering on a server', () => {
  const ways: Record<string, string> = {
    React: `import { createElement } from 'react'; import { renderToString } from 'react-dom/server';
      console.log(renderToString(createElement('vc-room', { room: 'lounge', 'token-endpoint': '/api/token' })));`,
    Vue: `import { createSSRApp, h } from 'vue'; import { renderToString } from 'vue/server-renderer';
      console.log(await renderToString(createSSRApp({ render: () => h('vc-room', { room: 'lounge', 'token-endpoint': '/api/token' }) })));`,
  };
  for (const [framework, source] of Object.entries(ways))
    it(`yields the tag: ${framework}`, async () => {
      const define = `await import(${JSON.stringify(join(root, 'dist/esm/define.js'))});`;
      const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', `${source}\n${define}`], { cwd: here });
      assert.equal(stdout.trim(), '<vc-room room="lounge" token-endpoint="/api/token"></vc-room>');
    });
});
