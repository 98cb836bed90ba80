/** A LiveKit server of one's own: started on free ports, ready when promised, stopped without a trace. */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AccessToken } from 'livekit-server-sdk';
import { startChild, type Child, type Exit } from './child.js';
import { findServer } from './find-server.js';

export { findServer };

export interface LiveKitPorts {
  /** HTTP and WebSocket. */
  readonly signal: number;
  /** Media over TCP; LiveKit listens on every address whatever it is told. */
  readonly tcp: number;
  /** Media over UDP. */
  readonly udp: number;
}

export interface LiveKitOptions {
  /** Path of the program or `docker:<image>`; default: what `findServer` finds. */
  server?: string;
  /** Exactly these ports, for example those of a server that was killed. Default: the next free ones from 7880. */
  ports?: LiveKitPorts;
  /** Default: a fresh pair. The secret has at least 32 characters. */
  keys?: { readonly apiKey: string; readonly apiSecret: string };
  /** Whether joining makes a room; default true. */
  roomAutoCreate?: boolean;
  /**
   * `loopback` (default): media over 127.0.0.1 and nothing else, the same on every run.
   * `all`: every address of this machine, which browsers without test flags, and phones, need.
   */
  media?: 'loopback' | 'all';
  /** Address on which signalling listens; default 127.0.0.1. */
  bind?: string;
  /** More of LiveKit's configuration, merged in depth over ours; see its config-sample.yaml. */
  config?: Readonly<Record<string, unknown>>;
  /** File for the server's log; default: a temporary one that goes when the server stops in good order. */
  log?: string;
  /** Milliseconds until it must be ready; default 20,000. */
  timeout?: number;
  signal?: AbortSignal;
}

export interface LiveKit {
  /** For browsers: `ws://127.0.0.1:<port>`. */
  readonly url: string;
  /** For server APIs: `http://127.0.0.1:<port>`. */
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly ports: LiveKitPorts;
  readonly pid: number;
  readonly log: string;
  /** Settles when the server has gone, wanted or not. */
  readonly exited: Promise<Exit>;
  /** Puts everybody out, ends the server and its log; waits until it has gone. More calls do nothing more. */
  stop(): Promise<void>;
  /** Sends a signal, e.g. SIGKILL, SIGSTOP, SIGCONT; with SIGKILL use `exited` to wait. */
  kill(signal: NodeJS.Signals): void;
}

let count = 0;

/** Starts a LiveKit server; resolves when it answers. Rejects with the end of its log when it does not come up. Any number may run at once. */
export async function startLiveKit(options: LiveKitOptions = {}): Promise<LiveKit> {
  const server = options.server ?? (await findServer());
  const keys = options.keys ?? { apiKey: `vc${randomBytes(6).toString('hex')}`, apiSecret: randomBytes(32).toString('base64url') };
  const log = options.log ?? path.join(tmpdir(), `vc-room-livekit-${process.pid}-${(count += 1)}.log`);
  for (let from = 7880, attempt = 1; ; attempt += 1) {
    const ports = options.ports ?? (await freePorts(from));
    const child = launch(server, configuration({ ...options, server }, ports, keys), ports, log, options.log === undefined);
    const outcome = await ready(child, ports, keys, options).catch((error: unknown) => ({ exit: null, error }));
    if (outcome === 'ready') return handle(child, ports, keys, log, options.log === undefined);
    await child.destroy();
    const tail = await readFile(log, 'utf8').catch(() => '');
    // Somebody took a port between our look and the server's.
    if (!options.ports && attempt < 5 && outcome.exit && /address already in use|Only one usage of each socket/i.test(tail)) {
      from = ports.signal + 10;
      continue;
    }
    if (options.log === undefined) await rm(log, { force: true });
    options.signal?.throwIfAborted();
    const how = outcome.exit ? describeExit(outcome.exit) : `did not answer on http://127.0.0.1:${ports.signal} in time`;
    throw new Error(`The LiveKit server ${how}.${lastLines(tail)}`, outcome.exit ? undefined : { cause: outcome.error });
  }
}

/** In words: how a process ended. */
export function describeExit({ code, signal, error }: Exit): string {
  if (error) return `could not be started (${error.message})`;
  return signal ? `was ended by ${signal}` : `stopped with exit code ${code ?? 'unknown'}`;
}

/** The last lines of a log, indented, to follow a sentence; empty where there is none. */
export function lastLines(log: string, lines = 8): string {
  const tail = log.trimEnd().split('\n').slice(-lines).filter(Boolean);
  return tail.length > 0 ? ` The end of its log:\n${tail.map((line) => `  ${line}`).join('\n')}` : '';
}

function configuration(options: LiveKitOptions, ports: LiveKitPorts, keys: { apiKey: string; apiSecret: string }): object {
  const inDocker = options.server?.startsWith('docker:') ?? false;
  const all = options.media === 'all' && !inDocker;
  const ours = {
    port: ports.signal,
    bind_addresses: [inDocker && process.platform !== 'linux' ? '0.0.0.0' : (options.bind ?? '127.0.0.1')],
    keys: { [keys.apiKey]: keys.apiSecret },
    room: { auto_create: options.roomAutoCreate ?? true },
    rtc: {
      tcp_port: ports.tcp,
      udp_port: ports.udp,
      use_external_ip: false,
      enable_loopback_candidate: true,
      // Without an entry LiveKit would send browsers, and where node_ip is open itself too, to public STUN servers of third parties.
      stun_servers: [`127.0.0.1:${ports.udp}`],
      ...(all ? {} : { node_ip: '127.0.0.1' }),
      ...(all || inDocker ? {} : { ips: { includes: ['127.0.0.0/8'] } }),
    },
    logging: { level: 'info' },
  };
  return merge(ours, options.config ?? {});
}

function merge(base: Readonly<Record<string, unknown>>, over: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isRecord(below) && isRecord(value) ? merge(below, value) : value;
  }
  return result;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function launch(server: string, config: object, ports: LiveKitPorts, log: string, temporary: boolean): Child {
  // By environment, since everybody on the machine can read a command line; as JSON, which is YAML too.
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of Object.keys(env)) if (/^(LIVEKIT_|REDIS_|NODE_IP$|UDP_PORT$)/.test(name)) delete env[name];
  env['LIVEKIT_CONFIG'] = JSON.stringify(config);
  const litter = temporary ? { litter: log } : {};
  const file = openSync(log, 'w', 0o600);
  try {
    const stdio = ['ignore', file, file] as const;
    if (!server.startsWith('docker:')) return startChild(server, [], { env, stdio: [...stdio], ...litter });
    const name = `vc-room-${process.pid}-${ports.signal}`;
    const network =
      process.platform === 'linux'
        ? ['--network', 'host']
        : ['-p', `127.0.0.1:${ports.signal}:${ports.signal}`, '-p', `${ports.tcp}:${ports.tcp}`, '-p', `${ports.udp}:${ports.udp}/udp`];
    const parameters = ['run', '--rm', '--init', '--name', name, '-e', 'LIVEKIT_CONFIG', ...network, server.slice('docker:'.length)];
    return startChild('docker', parameters, { env, stdio: [...stdio], rescue: ['docker', 'rm', '-f', name], ...litter });
  } finally {
    closeSync(file);
  }
}

/** 'ready' once the server answers a request signed with its own keys: a plain 200 could come from another server on the same port. */
async function ready(
  child: Child,
  ports: LiveKitPorts,
  keys: { apiKey: string; apiSecret: string },
  options: LiveKitOptions,
): Promise<'ready' | { exit: Exit; error?: undefined }> {
  const token = new AccessToken(keys.apiKey, keys.apiSecret, { ttl: 120 });
  token.addGrant({ roomList: true });
  const authorization = `Bearer ${await token.toJwt()}`;
  const base = `http://127.0.0.1:${ports.signal}`;
  const until = Date.now() + (options.timeout ?? 20_000);
  let gone: Exit | null = null;
  void child.exited.then((exit) => (gone = exit));
  while (Date.now() < until) {
    if (gone) return { exit: gone };
    const signal = AbortSignal.any([AbortSignal.timeout(1000), ...(options.signal ? [options.signal] : [])]);
    try {
      const health = await fetch(`${base}/`, { signal });
      await health.body?.cancel();
      if (health.status === 200) {
        const body = '{}';
        const headers = { authorization, 'content-type': 'application/json' };
        const rooms = await fetch(`${base}/twirp/livekit.RoomService/ListRooms`, { method: 'POST', headers, body, signal });
        await rooms.body?.cancel();
        if (rooms.status === 200) return 'ready';
      }
    } catch {
      options.signal?.throwIfAborted();
    }
    await Promise.race([delay(50), child.exited]);
  }
  throw new Error('timeout');
}

function handle(child: Child, ports: LiveKitPorts, keys: { apiKey: string; apiSecret: string }, log: string, temporary: boolean): LiveKit {
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    child.process.ref();
    // The first SIGTERM waits for everybody to leave, the second tells them to; a stopped process hears neither until it goes on.
    child.process.kill('SIGTERM');
    if (process.platform !== 'win32') child.process.kill('SIGCONT');
    if (await within(child.exited, 100)) return;
    child.process.kill('SIGTERM');
    if (await within(child.exited, 2500)) return;
    await child.destroy();
  };
  return {
    url: `ws://127.0.0.1:${ports.signal}`,
    apiUrl: `http://127.0.0.1:${ports.signal}`,
    ...keys,
    ports,
    pid: child.process.pid ?? 0,
    log,
    exited: child.exited,
    stop: () => (stopping ??= stop().then(() => (temporary ? rm(log, { force: true }) : undefined))),
    kill(signal) {
      child.process.ref();
      child.process.kill(signal);
    },
  };
}

async function within(done: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const timer = new AbortController();
  const late = delay(milliseconds, false, { signal: timer.signal }).catch(() => false);
  const result = await Promise.race([done.then(() => true), late]);
  timer.abort();
  return result;
}

/** The next three free ports in a row at `from`, `from + 10`, and so on. */
async function freePorts(from: number): Promise<LiveKitPorts> {
  for (let signal = from; signal < 65_000; signal += 10) {
    const ports = { signal, tcp: signal + 1, udp: signal + 2 };
    if ((await tcpIsFree(ports.signal)) && (await tcpIsFree(ports.tcp)) && (await udpIsFree(ports.udp))) return ports;
  }
  throw new Error('No three free ports in a row were found between 7880 and 65000.');
}

/** Whether a TCP server could listen on the port, on every address and on loopback (macOS lets the one stand beside the other). */
async function tcpIsFree(port: number): Promise<boolean> {
  return (await canListen(port)) && (await canListen(port, '127.0.0.1'));
}

function canListen(port: number, host?: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, ...(host === undefined ? {} : { host }), exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

function udpIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createSocket('udp4');
    probe.once('error', () => resolve(false));
    probe.bind({ port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
