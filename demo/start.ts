/** `npm start`: a LiveKit server, the demo page and its token endpoint, all on this machine, all gone again with Ctrl-C. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createScreen } from './screen.js';
import { describeExit, findServer, lastLines, startLiveKit, type LiveKit } from './livekit-server.js';
import { NoServerError } from './find-server.js';
import { startDemoServer, type DemoServer } from './server.js';
import { createTokenEndpoint, isLoopback } from './token-endpoint.js';

const HELP = `npm start -- [options]

  --port <number>   first port to try for the page (8080); 0: any free one
  --host            also for other devices on this network
  --cert <file>     certificate and
  --key <file>      its key (PEM): serve the page by HTTPS, which microphones need on other devices
  --help            this

Environment
  LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET   use that LiveKit server instead of starting one`;

/** What is said in words and needs no stack. */
class Complaint extends Error {}

interface Options {
  readonly port: number;
  readonly host: boolean;
  readonly secure: { cert: Buffer; key: Buffer } | null;
}

interface Given {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

const screen = createScreen(process.stdout);
const stopped = new AbortController();
let demo: DemoServer | null = null;
let livekit: LiveKit | null = null;
let ending: Promise<void> | null = null;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted(signal));
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
// npm and the shell in between do not pass every signal on, and may themselves be killed: whoever started us being gone means stop.
if (process.env['npm_lifecycle_event'] && process.platform !== 'win32') {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && void end(1), 1000).unref();
}

main().catch(fail);

async function main(): Promise<void> {
  const options = await readOptions();
  screen.line('');
  screen.title('vc-room demo');
  if (!existsSync(fileURLToPath(new URL('../dist/vc-room.js', import.meta.url)))) {
    screen.warn('dist/vc-room.js is missing, so the page will be empty: npm run build');
  }
  const given = readEnvironment();
  screen.section('LiveKit server');
  if (given) await checkGiven(given);
  const { apiKey, apiSecret, url } = given ?? (await startOwn());
  stopped.signal.throwIfAborted();
  // A page that was opened from elsewhere cannot reach a LiveKit on this machine's loopback, and one by HTTPS may not: we pass signalling on.
  const relayed = !given && (options.host || options.secure !== null);
  const own = ownAddresses();
  demo = await startDemoServer({
    port: options.port,
    everywhere: options.host,
    ...(options.secure ? { secure: options.secure } : {}),
    ...(relayed && livekit ? { livekit: livekit.apiUrl } : {}),
    tokens: createTokenEndpoint({
      apiKey,
      apiSecret,
      serverUrl: relayed ? (request) => `${options.secure ? 'wss' : 'ws'}://${new URL(request.url).host}/livekit` : url,
      allowOrigin: (origin) => isLoopback(origin) || (options.host && own.includes(origin.hostname)),
    }),
  });
  announce(options, demo.port, own);
}

async function startOwn(): Promise<LiveKit> {
  screen.step('Given     LIVEKIT_URL is not set');
  const server = await findServer(screen.say, { signal: stopped.signal });
  screen.say.progress?.('Starting');
  livekit = await startLiveKit({ server, media: 'all', signal: stopped.signal });
  const { ports } = livekit;
  screen.step(`Running   127.0.0.1:${ports.signal}, media on ${ports.tcp}/tcp and ${ports.udp}/udp`);
  void livekit.exited.then(livekitGone);
  return livekit;
}

function announce(options: Options, port: number, own: readonly string[]): void {
  const scheme = options.secure ? 'https' : 'http';
  if (options.port !== 0 && port !== options.port) {
    screen.line('');
    screen.step(`Port ${options.port} is busy, so the page is on ${port}.`);
  }
  screen.line('');
  screen.address('Ready', `${scheme}://localhost:${port}/`);
  screen.line('');
  screen.line('  1. Open this address and press Join.');
  screen.line('  2. Open it in a second tab, press Join there too, and hear yourself. Headphones keep it from howling.');
  if (options.host) {
    screen.section('Other devices on this network');
    for (const address of own) screen.line(`  ${scheme}://${address}:${port}/`);
    if (own.length === 0) screen.line('  This machine has no address on a network.');
    screen.line('');
    for (const line of options.secure ? SECURE_HOST : INSECURE_HOST) screen.line(line ? `  ${line}` : '');
  }
  screen.line('');
  screen.quiet('  There is no login here: whoever opens the page may take any name and any identity.');
  screen.quiet('  Ctrl-C stops everything.');
}

const SECURE_HOST = ['The other device must trust the certificate; mkcert.dev shows how.', 'Its media goes straight to LiveKit: a firewall has to let it in.'];

const INSECURE_HOST = [
  'Browsers give microphones only to HTTPS pages and to localhost, so by these',
  'addresses a phone can listen but not talk. To talk from a phone:',
  '',
  'Any phone   brew/apt/choco install mkcert, mkcert -install, mkcert <this address>,',
  '            npm start -- --host --cert <address>.pem --key <address>-key.pem,',
  "            and install mkcert's root certificate on the phone (mkcert -CAROOT)",
  'Android     chrome://inspect on this machine, Port forwarding, the port above:',
  '            the phone then opens it as localhost',
];

async function readOptions(): Promise<Options> {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        port: { type: 'string', default: '8080' },
        host: { type: 'boolean', default: false },
        cert: { type: 'string' },
        key: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new Complaint(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
  if (values.help) {
    screen.line(HELP);
    process.exit(0);
  }
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) throw new Complaint(`--port wants a number from 0 to 65535, not ${values.port}.`);
  if ((values.cert === undefined) !== (values.key === undefined)) throw new Complaint('--cert and --key belong together.');
  const secure = values.cert !== undefined && values.key !== undefined ? { cert: await readPem(values.cert), key: await readPem(values.key) } : null;
  return { port, host: values.host, secure };
}

async function readPem(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown) => {
    throw new Complaint(`${file} cannot be read (${error instanceof Error ? error.message : String(error)}).`);
  });
}

/** The server that the environment names, or null; half of one is a mistake worth stopping for. */
function readEnvironment(): Given | null {
  const { LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret } = process.env;
  if (!url) return null;
  if (!apiKey || !apiSecret) {
    const missing = [...(apiKey ? [] : ['LIVEKIT_API_KEY']), ...(apiSecret ? [] : ['LIVEKIT_API_SECRET'])].join(' and ');
    throw new Complaint(`LIVEKIT_URL is set, but ${missing} is not. Set all three, or none to have a server started here.`);
  }
  if (!URL.canParse(url) || !/^(wss?|https?):$/.test(new URL(url).protocol)) throw new Complaint('LIVEKIT_URL is not a ws(s) or http(s) address.');
  return { url: url.replace(/^http/, 'ws'), apiKey, apiSecret };
}

async function checkGiven({ url }: Given): Promise<void> {
  screen.step(`Given     ${url} (LIVEKIT_URL)`);
  const address = url.replace(/^ws/, 'http');
  try {
    const response = await fetch(address, { signal: AbortSignal.any([AbortSignal.timeout(5000), stopped.signal]) });
    await response.body?.cancel();
    if (!response.ok) screen.warn(`It answers with ${response.status}; joining may fail.`);
  } catch {
    stopped.signal.throwIfAborted();
    screen.warn('It does not answer; joining will fail until it does.');
  }
}

/** Addresses under which others on the network reach this machine. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
}

function interrupted(signal: NodeJS.Signals): void {
  if (ending) return;
  screen.line('');
  screen.quiet(signal === 'SIGHUP' ? '  Stopping.' : '  Stopping LiveKit and the page.');
  void end(signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 129);
}

async function livekitGone(exit: Awaited<LiveKit['exited']>): Promise<void> {
  if (ending || !livekit) return;
  const tail = await readFile(livekit.log, 'utf8').catch(() => '');
  screen.error(`The LiveKit server ${describeExit(exit)}, so the demo stops too.${lastLines(tail)}`);
  await end(1);
}

function fail(error: unknown): void {
  if (ending) return;
  if (error instanceof NoServerError || error instanceof Complaint) screen.error(error.message);
  else screen.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  void end(1);
}

/** Stops all parts, once, and then this process. */
function end(code: number): Promise<void> {
  return (ending ??= (async () => {
    stopped.abort(new Error('stopped'));
    await Promise.allSettled([demo?.close(), livekit?.stop()]);
    screen.end();
    process.exit(code);
  })());
}
