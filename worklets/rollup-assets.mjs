/**
 * Build of everything that runs in the AudioWorklet: both wasm files out of @jitsi/rnnoise-wasm, RNNoise 0.1 as plain JavaScript, the two processors.
 * rollup.config.mjs uses `workletAssets()`, the test runner `serveWorkletAssets()`.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

/** What the worklet's glue calls the parts of a model; the package's minified letters differ from build to build. */
const exportNames = {
  ___wasm_call_ctors: 'construct',
  _rnnoise_create: 'create',
  _rnnoise_destroy: 'destroy',
  _rnnoise_process_frame: 'process',
  _malloc: 'malloc',
  _free: 'free',
};
const importNames = { _emscripten_resize_heap: 'resize', _emscripten_memcpy_big: 'copy' };

/** Reads from the package's own glue which letter is what. */
function lettersOf(glue) {
  const letters = { exports: {}, imports: {} };
  const memory = /wasmMemory = Module\["asm"\]\["(\w+)"\]/.exec(glue);
  if (!memory) throw new Error('@jitsi/rnnoise-wasm: its glue no longer names the memory');
  letters.exports[memory[1]] = 'memory';
  for (const [theirs, ours] of Object.entries(exportNames)) {
    const found = new RegExp(
      `Module\\["${theirs}"\\] = (?:function\\(\\) \\{\\s*return \\(\\w+ = Module\\["${theirs}"\\] = Module\\["asm"\\]|asm)\\["(\\w+)"\\]`,
    ).exec(glue);
    if (!found) throw new Error(`@jitsi/rnnoise-wasm: its glue no longer names ${theirs}`);
    letters.exports[found[1]] = ours;
  }
  for (const [theirs, ours] of Object.entries(importNames)) {
    const found = new RegExp(`"(\\w+)": ${theirs}\\b`).exec(glue);
    if (!found) throw new Error(`@jitsi/rnnoise-wasm: its glue no longer passes ${theirs}`);
    letters.imports[found[1]] = ours;
  }
  return letters;
}

function leb(value) {
  const bytes = [];
  do {
    const low = value & 127;
    value >>>= 7;
    bytes.push(value ? low | 128 : low);
  } while (value);
  return bytes;
}

/** The same wasm with readable names: imports `env.resize` and `env.copy`, exports as in `exportNames`, and nothing else. */
function rename(wasm, letters) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  };
  const name = () => {
    const length = number();
    at += length;
    return Buffer.from(wasm.subarray(at - length, at)).toString();
  };
  const text = (value) => [...leb(value.length), ...Buffer.from(value)];
  const parts = [Buffer.from(wasm.subarray(0, 8))];
  while (at < wasm.length) {
    const id = wasm[at++];
    const length = number();
    const end = at + length;
    let body = wasm.subarray(at, end);
    if (id === 0) {
      // What compiled it; nobody reads that.
      at = end;
      continue;
    }
    if (id === 2) {
      const entries = [];
      for (let count = number(); count > 0; count--) {
        name();
        const renamed = letters.imports[name()];
        if (!renamed || wasm[at] !== 0) throw new Error('@jitsi/rnnoise-wasm: an import that nobody gives');
        at++;
        entries.push([...text('env'), ...text(renamed), 0, ...leb(number())]);
      }
      body = Buffer.from([...leb(entries.length), ...entries.flat()]);
    } else if (id === 7) {
      const entries = [];
      for (let count = number(); count > 0; count--) {
        const renamed = letters.exports[name()];
        const kind = wasm[at++];
        const index = number();
        if (renamed) entries.push([...text(renamed), kind, ...leb(index)]);
      }
      body = Buffer.from([...leb(entries.length), ...entries.flat()]);
    }
    parts.push(Buffer.from([id, ...leb(body.length)]), Buffer.from(body));
    at = end;
  }
  return Buffer.concat(parts);
}

/** One frame of noise and one of silence: the letters were read right, and it is the model that it is taken for (0.2 looks one frame further ahead). */
function selfTest(version, wasm) {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), {
    env: { resize: () => 0, copy: (to, from, size) => new Uint8Array(exports.memory.buffer).copyWithin(to, from, from + size) },
  });
  exports.construct();
  const state = exports.create(0);
  const pointer = exports.malloc(480 * 4);
  const samples = new Float32Array(exports.memory.buffer, pointer, 480);
  const energies = [];
  for (let frame = 0; frame < 12; frame++) {
    for (let index = 0; index < 480; index++) samples[index] = frame === 6 ? 8000 * Math.sin(index * 0.3) : 0;
    const speech = exports.process(state, pointer, pointer);
    if (!(speech >= 0 && speech <= 1) || !samples.every(Number.isFinite)) throw new Error(`RNNoise ${version}: no sensible answer to a frame`);
    energies.push(samples.reduce((sum, sample) => sum + sample * sample, 0));
  }
  const first = energies.findIndex((energy) => energy > 1);
  if (first < 6 || first > 8) throw new Error(`RNNoise ${version}: a tone in frame 6 came out in frame ${first}`);
  exports.destroy(state);
  exports.free(pointer);
}

/** RNNoise 0.1 is the async build's wasm file, 0.2 is inlined in the sync build. */
export function extractModel(version) {
  const dist = join(dirname(require.resolve('@jitsi/rnnoise-wasm/package.json')), 'dist');
  const glue = readFileSync(join(dist, version === '0.1' ? 'rnnoise.js' : 'rnnoise-sync.js'), 'utf8');
  const inlined = /data:application\/octet-stream;base64,([A-Za-z0-9+/=]+)/.exec(glue);
  if (version === '0.2' && !inlined) throw new Error('@jitsi/rnnoise-wasm: its sync build no longer inlines the wasm');
  const wasm = rename(version === '0.1' ? readFileSync(join(dist, 'rnnoise.wasm')) : Buffer.from(inlined[1], 'base64'), lettersOf(glue));
  selfTest(version, wasm);
  return wasm;
}

/** RNNoise 0.1 without WebAssembly: binaryen's wasm2js over the very same file, wired to nothing outside itself. */
async function scriptModel(wasm) {
  const folder = mkdtempSync(join(tmpdir(), 'vc-room-wasm2js-'));
  try {
    const source = join(folder, 'model.wasm');
    writeFileSync(source, wasm);
    const tool = join(dirname(require.resolve('binaryen/package.json')), 'bin', 'wasm2js');
    const { stdout: script } = await promisify(execFile)(process.execPath, [tool, source, '-O3'], { maxBuffer: 1 << 26 });
    const imports = "import * as env from 'env';";
    if (!script.startsWith(imports)) throw new Error('wasm2js: its output no longer begins with the import of env');
    return script.replace(imports, 'const env = { resize: () => 0, copy: (to, from, size) => void bufferView.copyWithin(to, from, from + size) };');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bundle(entry, plugins = []) {
  const result = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    plugins,
    logLevel: 'error',
  });
  return Buffer.from(result.outputFiles[0].contents);
}

const scriptedModel = {
  name: 'scripted-model',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/scripted-model\.js$/ }, ({ path }) => ({ path, namespace: 'scripted' }));
    onLoad({ filter: /./, namespace: 'scripted' }, async () => ({ contents: await scriptModel(extractModel('0.1')), loader: 'js' }));
  },
};

/** Plain name, as in protocol.ts `files` -> content. */
const makers = {
  'worklets/denoiser.js': () => bundle('denoiser-processor.ts'),
  'worklets/denoiser-scripted.js': () => bundle('denoiser-scripted-processor.ts', [scriptedModel]),
  'worklets/rnnoise-0.1.wasm': () => extractModel('0.1'),
  'worklets/rnnoise-0.2.wasm': () => extractModel('0.2'),
};
const names = Object.keys(makers);

const made = new Map();
/** The content of one file. Made once a process. */
export async function workletAsset(name) {
  if (!made.has(name)) made.set(name, Promise.resolve(makers[name]()));
  return made.get(name);
}

const hashed = (name, content) => name.replace(/(\.\w+)$/, `-${createHash('sha256').update(content).digest('hex').slice(0, 10)}$1`);

/** Rollup: emits the files under content-hashed names and writes these names into protocol.ts. Once per build, not per output: give it to one of them. */
export function workletAssets() {
  return {
    name: 'worklet-assets',
    async transform(code, id) {
      if (!/worklets[\\/]protocol\.[jt]s$/.test(id)) return null;
      let result = code;
      for (const name of names) {
        const content = await workletAsset(name);
        if (!result.includes(`'${name}'`) && !result.includes(`"${name}"`)) this.error(`protocol.ts does not name ${name}`);
        result = result.replaceAll(`'${name}'`, JSON.stringify(hashed(name, content))).replaceAll(`"${name}"`, JSON.stringify(hashed(name, content)));
      }
      return { code: result, map: null };
    },
    async generateBundle() {
      for (const name of names) {
        const source = await workletAsset(name);
        this.emitFile({ type: 'asset', fileName: hashed(name, source), source });
      }
    },
  };
}

/** Test runner: serves the files under their plain names, so that `assets` is the server's root. */
export function serveWorkletAssets() {
  return {
    name: 'worklet-assets',
    async serverStart() {
      await Promise.all(names.map(workletAsset));
    },
    async serve({ path }) {
      const name = path.slice(1);
      if (!names.includes(name)) return undefined;
      const body = Buffer.from(await workletAsset(name));
      return name.endsWith('.wasm') ? { body, type: 'application/wasm' } : { body: body.toString(), type: 'text/javascript' };
    },
  };
}
