import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import resolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import esbuild from 'rollup-plugin-esbuild';
import { liveKitFromSources, liveKitLogs } from './rollup.livekit.mjs';
import { workletAssets } from './worklets/rollup-assets.mjs';

const { dependencies, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const entryFile = 'vc-room.js';

const compile = () => [
  resolve({ extensions: ['.ts', '.js'], exportConditions: ['production'] }),
  esbuild({ target: 'es2022', tsconfig: 'tsconfig.base.json' }),
];
const squeeze = () =>
  terser({ module: true, ecma: 2020, compress: { passes: 3, unsafe_arrows: true, pure_getters: true, pure_funcs: liveKitLogs }, format: { comments: false } });

/** What a script tag loads. Everything but the two entries has its content's hash in the name, so that `chunks/` and `worklets/` may be cached for ever. */
const tag = {
  input: { 'vc-room': 'src/define.ts' },
  preserveEntrySignatures: 'allow-extension',
  plugins: [
    clean(),
    liveKitFromSources('src/livekit/livekit-transport.ts'),
    ...compile(),
    squeezeTemplates(),
    worklets({ emit: true }),
    chunksElsewhere(),
    shareEntry(),
    guard(),
    squeeze(),
  ],
  output: {
    dir: 'dist',
    format: 'es',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash:6].js',
  },
};

const classic = {
  input: 'src/classic.ts',
  plugins: [...compile(), terser({ ecma: 2020, toplevel: true, format: { comments: false } })],
  output: { file: 'dist/vc-room.classic.js', format: 'iife', sourcemap: true },
};

/** What bundlers import: dependencies stay imports, dynamic imports stay dynamic. */
const esm = {
  input: { index: 'src/index.ts', define: 'src/define.ts' },
  external: (id) => Object.keys(dependencies).some((name) => id === name || id.startsWith(`${name}/`)),
  plugins: [...compile(), squeezeTemplates(), worklets({ emit: false }), assetsAbove()],
  output: { dir: 'dist/esm', format: 'es', sourcemap: true, entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
};

export default [tag, classic, esm];

/** Only once everything compiles: a build that fails leaves the last one as it was. */
function clean() {
  return { name: 'clean', renderStart: () => rmSync('dist', { recursive: true, force: true }) };
}

/** The denoiser's files, laid into `dist/worklets/` as soon as the sound names them. */
function worklets({ emit }) {
  const { name, transform, generateBundle } = workletAssets();
  let named = false;
  return {
    name,
    async transform(code, id) {
      const renamed = await transform.call(this, code, id);
      named ||= renamed !== null;
      return renamed;
    },
    generateBundle() {
      return emit && named ? generateBundle.call(this) : undefined;
    },
  };
}

/**
 * Lazy chunks take what they share with the entry (Lit, VcRoomError, strings) from the entry that runs, through one symbol on globalThis, and do not import it.
 * An import would name `vc-room.js` without the query under which a page loaded it (`vc-room.js?v=2`): a second entry, a second Lit, errors that are no `instanceof`.
 * A shared chunk would avoid that too, but the first paint would then wait for two requests, one after the other, on every page.
 */
function shareEntry() {
  let published;
  return {
    name: 'share-entry',
    async buildEnd(error) {
      if (!error)
        published = await exportsOf(
          this,
          [...this.getModuleIds()].find((id) => this.getModuleInfo(id).isEntry),
        );
    },
    renderChunk(code, chunk, options, { chunks }) {
      const entry = chunks[entryFile];
      const identity = Object.keys(entry.modules).map((id) => this.getModuleInfo(id).code);
      const shelf = `globalThis[Symbol.for(${JSON.stringify(`vc-room ${version} ${hash(identity.join(''))}`)})]`;
      const isEntry = chunk.fileName === entryFile;
      let shared = code;
      for (const node of this.parse(code).body.toReversed()) {
        if (isEntry && node.type === 'ExportNamedDeclaration' && node.specifiers.length) {
          const pairs = node.specifiers.map(({ local, exported }) => [local.name, exported.name]);
          const lent = new Set(Object.values(chunks).flatMap(({ importedBindings }) => importedBindings[entryFile] ?? []));
          const open = pairs.filter(([, name]) => published.has(name)).map(([local, name]) => `${local} as ${name}`);
          const shelved = pairs.filter(([, name]) => lent.has(name)).map(([local, name]) => `${name}: ${local}`);
          shared = replace(shared, node, `${shelved.length ? `${shelf} ??= { ${shelved.join(', ')} };` : ''}\nexport { ${open.join(', ')} };`);
        } else if (node.type === 'ImportDeclaration' && node.source.value.endsWith(`/${entryFile}`)) {
          const taken = node.specifiers.map(({ local, imported }) => `${imported.name}: ${local.name}`);
          shared = replace(shared, node, taken.length ? `const { ${taken.join(', ')} } = ${shelf};` : '');
        }
      }
      return shared === code ? null : { code: shared, map: null };
    },
  };
}

/** The entry looks for its chunks where `src/chunks.ts` says; they find one another by themselves. */
function chunksElsewhere() {
  return {
    name: 'chunks-elsewhere',
    renderDynamicImport: ({ chunk, targetChunk }) => (chunk.fileName === entryFile && targetChunk ? { left: 'import(chunksBase + ', right: ')' } : null),
    resolveImportMeta: (property) => (property === 'url' ? `new URL('.', import.meta.url).href` : null),
  };
}

async function exportsOf(context, id) {
  const { code, exports } = context.getModuleInfo(id);
  const names = new Set(exports.filter((name) => name !== '*'));
  for (const node of context.parse(code).body) {
    if (node.type !== 'ExportAllDeclaration' || node.exported) continue;
    const { id: source } = await context.resolve(node.source.value, id);
    for (const name of await exportsOf(context, source)) names.add(name);
  }
  return names;
}

/** What must hold of the split, checked where it is made. */
function guard() {
  return {
    name: 'guard',
    generateBundle(options, bundle) {
      for (const chunk of Object.values(bundle).filter(({ type }) => type === 'chunk')) {
        if (chunk.fileName === entryFile) {
          const heavy = Object.keys(chunk.modules).filter((id) => /livekit-client|idb-keyval|rnnoise|\/worklets\/(?!protocol)/.test(id));
          if (heavy.length) this.error(`The entry contains ${heavy.join(', ')}.`);
          if (chunk.imports.length) this.error(`The entry waits for ${chunk.imports.join(', ')}.`);
        } else {
          if (/\bfrom\s*["'][^"']*vc-room\.js["']/.test(chunk.code)) this.error(`${chunk.fileName} imports the entry.`);
          const lost = Object.keys(chunk.modules).filter((id) => id.includes('/src/') && this.getModuleInfo(id).code.includes('import.meta.url'));
          if (lost.length) this.error(`import.meta.url names the chunk, not the entry, in ${lost.join(', ')}. Take it in the entry and hand it on.`);
        }
      }
    },
  };
}

/**
 * The ES modules lie one or two folders below what `assets` names. Bundlers take `new URL()` of import.meta.url for a file to be copied, lay the modules anywhere, and
 * some leave nothing of import.meta: then `assets` has to be said.
 */
function assetsAbove() {
  return {
    name: 'assets-above',
    resolveImportMeta: (property, { chunkId }) => {
      const up = `'${'../'.repeat(chunkId.split('/').length)}'`;
      return property === 'url' ? `((url) => (URL.canParse(${up}, url) ? new URL(${up}, url).href : globalThis.document?.baseURI))(import.meta.url)` : null;
    },
  };
}

/**
 * Templates without their indentation, styles without any white space that means nothing. In templates line breaks stay: between inline elements they mean something,
 * and source maps keep their lines (a styles file has no line worth a breakpoint).
 */
function squeezeTemplates() {
  const squeezers = {
    html: (text) => text.replace(/\n\s+/g, '\n'),
    css: (text) =>
      text
        .replace(/\/\*[^]*?\*\//g, '')
        .replace(/\s+/g, ' ')
        .replace(/ ?([{};,]) ?/g, '$1')
        .replaceAll(': ', ':')
        .replace(/\b0\./g, '.')
        .replaceAll(';}', '}'),
  };
  return {
    name: 'squeeze-templates',
    transform(code, id) {
      if (!id.includes('/src/')) return null;
      const quasis = [];
      walk(this.parse(code), (node) => {
        const squeezer = node.type === 'TaggedTemplateExpression' && (node.tag.name === 'svg' ? squeezers.html : squeezers[node.tag.name]);
        if (squeezer) quasis.push(...node.quasi.quasis.map(({ start, end }) => ({ start, end, squeezer })));
      });
      let short = code;
      for (const quasi of quasis.sort((one, other) => other.start - one.start))
        short = replace(short, quasi, quasi.squeezer(code.slice(quasi.start, quasi.end)));
      return short === code ? null : { code: short, map: null };
    },
  };
}

function walk(node, visit) {
  if (typeof node?.type === 'string') visit(node);
  for (const value of Object.values(node)) if (value && typeof value === 'object') walk(value, visit);
}

function replace(text, { start, end }, by) {
  return text.slice(0, start) + by + text.slice(end);
}

function hash(text) {
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}
