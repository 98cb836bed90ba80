/**
 * livekit-client for the script tag, bundled from the TypeScript sources that its package carries (rollup.config.mjs uses it; bundlers import the package as it is).
 * The published bundle is lowered to ES2015 with a helper around each `await`, holds encryption, token sources, data tracks and streams, video of one's own, and connection tests that nobody calls here,
 * and webrtc-adapter, which would patch RTCPeerConnection for the whole page on which we are a guest. Nearly a third of the bytes go with them.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const sources = join(dirname(createRequire(import.meta.url).resolve('livekit-client')), '../src');
const index = join(sources, 'index.ts');

/** Calls without effect, since its logs are silenced (they hold addresses with tokens): for terser's `pure_funcs`. */
export const liveKitLogs = ['this.log', 'logger_default'].flatMap((log) => ['trace', 'debug', 'info', 'warn', 'error'].map((level) => `${log}.${level}`));

/** End of a module's name -> what stands for it. */
const standIns = {
  // Mends only what browsers lack that are older than those with AudioWorklet, adoptedStyleSheets and :state().
  'webrtc-adapter': () => '',
  // Made only by a Room with the option `encryption`.
  '/E2eeManager': () => 'export class E2EEManager {}',
  // A voice room neither publishes data tracks nor subscribes to any: Room gets managers that have nothing to manage.
  '/IncomingDataTrackManager': () => nothingToManage('incomingDataTrackManager'),
  '/OutgoingDataTrackManager': () => nothingToManage('outgoingDataTrackManager'),
  // Nor does it stream texts or files; what others stream is dropped as it comes.
  '/IncomingDataStreamManager': () => nothingToManage('incomingDataStreamManager'),
  '/OutgoingDataStreamManager': () => nothingToManage('outgoingDataStreamManager'),
  // Nor does it publish pictures.
  '/LocalVideoTrack': () => 'export default class LocalVideoTrack {} export const videoLayersFromEncodings = () => [];',
  // Nor does it call procedures of others; who calls one of ours is answered as ever, that there is none.
  '/RpcClientManager': () => nothingToManage('rpcClientManager'),
};

/** Firefox lets `new WebSocket()` throw where the page's policy forbids it, which livekit-client does not catch: it would wait until it is out of time. */
const opening = 'this.ws = new WebSocketStream<ArrayBuffer>(rtcUrl);';
const caught = `try { ${opening} } catch (error) { cleanupAbortHandlers(); reject(ConnectionError.websocket(String(error))); return; }`;

/** @param importer the one file that imports livekit-client: what it does not name is left out. */
export function liveKitFromSources(importer) {
  return {
    name: 'livekit-from-sources',
    resolveId: (id) => (id === 'livekit-client' ? index : null),
    async load(id) {
      if (id !== index) return null;
      const names = /import \{([^}]+)\} from 'livekit-client'/.exec(readFileSync(importer, 'utf8'))[1].replace(/ as \w+/g, '');
      const { outputFiles } = await build({
        stdin: { contents: `export {${names}} from './index.ts';`, resolveDir: sources, sourcefile: 'livekit-client.ts', loader: 'ts' },
        bundle: true,
        format: 'esm',
        target: 'es2022',
        // As livekit-client is compiled itself: a field that a subclass declares anew is not reset.
        tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
        plugins: [standing],
        sourcemap: 'external',
        outdir: sources,
        write: false,
        logLevel: 'error',
      });
      const [map, code] = outputFiles.sort((one, other) => other.path.length - one.path.length).map(({ text }) => text);
      return { code, map };
    },
  };
}

const standing = {
  name: 'stand-ins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`(${Object.keys(standIns).join('|')})$`) }, ({ path }) => ({
      path: Object.keys(standIns).find((end) => path.endsWith(end)),
      namespace: 'stand-in',
    }));
    onLoad({ filter: /./, namespace: 'stand-in' }, ({ path }) => ({ contents: standIns[path]() }));
    onLoad({ filter: /api\/SignalClient\.ts$/ }, ({ path }) => {
      const code = readFileSync(path, 'utf8');
      if (!code.includes(opening)) throw new Error('livekit-client opens its WebSocket elsewhere: does it catch what Firefox throws now?');
      return { contents: code.replace(opening, caught), loader: 'ts' };
    });
  },
};

/** Has every method that Room calls. */
function nothingToManage(field) {
  const room = readFileSync(join(sources, 'room/Room.ts'), 'utf8');
  const called = new Set([...room.matchAll(new RegExp(`this\\.${field}\\.(\\w+)\\(`, 'g'))].map(([, method]) => method));
  const methods = [...called].filter((method) => method !== 'on').map((method) => `${method}() { return []; }`);
  return `export default class { on() { return this; } ${methods.join(' ')} }`;
}
