/** The demo's web server: the page, the built package beside it, and the token endpoint. */
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { serve } from './token-endpoint.js';

export interface DemoServerOptions {
  readonly tokens: (request: Request) => Promise<Response>;
  /** First port to try; the next free one is taken. 0 lets the system choose. */
  readonly port: number;
  /** Listen on every address, not only on this machine's own. */
  readonly everywhere?: boolean;
  /** Certificate and key in PEM, for HTTPS. */
  readonly secure?: { readonly cert: Buffer; readonly key: Buffer };
  /** Signalling for pages that reach us but not LiveKit: `/livekit/…` is passed on to this http address. */
  readonly livekit?: string;
}

export interface DemoServer {
  readonly port: number;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
};

const PAGE = fileURLToPath(new URL('.', import.meta.url));
const PACKAGE = fileURLToPath(new URL('../dist/', import.meta.url));
/** What of this folder is meant for browsers. */
const PAGE_FILES = new Set(['index.html', 'demo.css', 'demo.js', 'icon.svg']);

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // As strict as a careful site's own, so that whoever opens the demo sees that the package lives with it. Tokens and sound go wherever LiveKit is.
  'content-security-policy':
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ws: wss: http: https:; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'self'",
};

/** Starts listening; resolves with the port it got, rejects when there is none or the first was refused for another reason than being busy. */
export async function startDemoServer(options: DemoServerOptions): Promise<DemoServer> {
  for (let port = options.port; port < options.port + 100 && port < 65_536; port += 1) {
    const servers = await listen(options, port);
    if (!servers) continue;
    const address = servers[0]?.address();
    return {
      port: typeof address === 'object' && address ? address.port : port,
      close: async () => {
        await Promise.all(servers.map(close));
      },
    };
  }
  throw new Error(`No free port was found from ${options.port} on.`);
}

/** Listens on 127.0.0.1 and, where it exists, on ::1, since `localhost` may be either; null when the port is taken on one of them. */
async function listen(options: DemoServerOptions, port: number): Promise<Server[] | null> {
  const handler: RequestListener = (request, response) => {
    answer(options, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500, HEADERS);
      response.end();
    });
  };
  const servers: Server[] = [];
  let actual = port;
  for (const host of options.everywhere ? ['::', '0.0.0.0'] : ['127.0.0.1', '::1']) {
    const server = options.secure ? createSecureServer(options.secure, handler) : createServer(handler);
    if (options.livekit)
      server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => passUpgrade(options.livekit ?? '', request, socket, head));
    const failure = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      server.once('error', resolve);
      server.listen({ port: actual, host, exclusive: true }, () => resolve(null));
    });
    if (!failure) {
      const address = server.address();
      if (typeof address === 'object' && address) actual = address.port;
      servers.push(server);
      // `::` covers IPv4 as well.
      if (options.everywhere) break;
    } else if (failure.code === 'EADDRINUSE' || (failure.code === 'EACCES' && servers.length > 0)) {
      await Promise.all(servers.map(close));
      return null;
    } else if (failure.code !== 'EADDRNOTAVAIL' && failure.code !== 'EAFNOSUPPORT') {
      await Promise.all(servers.map(close));
      throw failure;
    }
  }
  return servers.length > 0 ? servers : null;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(options: DemoServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const name = pathOf(request);
  if (name === '/api/token') return serve(options.tokens, request, response);
  if (options.livekit && name?.startsWith('/livekit/')) return pass(options.livekit, request, response);
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(response, 405, 'Ask with GET.', { allow: 'GET, HEAD' });
  const file = name === null ? null : await locate(name);
  if (!file) return plain(response, 404, name?.startsWith('/dist/') ? 'Not here. Has the package been built? npm run build' : 'Not here.');
  const { size, mtimeMs } = await stat(file);
  const etag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`;
  // What has its content's hash in its name never changes; of the rest a browser asks each time, and is told quickly that nothing changed.
  const caching = /^\/dist\/(esm\/)?(chunks|worklets)\//.test(name ?? '') ? 'public, max-age=31536000, immutable' : 'no-cache';
  const headers: Record<string, string> = { ...HEADERS, 'cache-control': caching, etag };
  // The built package may be loaded by pages of other origins, as from a CDN.
  if (name?.startsWith('/dist/')) Object.assign(headers, { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' });
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream', 'content-length': size });
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(file)
      .on('error', () => response.destroy())
      .pipe(response);
}

/** The decoded path of a request, or null where it is malformed. */
function pathOf(request: IncomingMessage): string | null {
  try {
    const name = decodeURIComponent((request.url ?? '/').split(/[?#]/, 1)[0] ?? '/');
    return name.includes('\0') || name.includes('\\') ? null : name;
  } catch {
    return null;
  }
}

/** The file behind a path, or null; never one outside the two folders, links included. */
async function locate(name: string): Promise<string | null> {
  const relative = name === '/' ? 'index.html' : name.slice(1);
  const [root, inside] = relative.startsWith('dist/') ? [PACKAGE, relative.slice('dist/'.length)] : [PAGE, PAGE_FILES.has(relative) ? relative : null];
  if (!inside || inside.split('/').some((part) => part === '' || part.startsWith('.'))) return null;
  try {
    const file = await realpath(path.join(root, inside));
    return file.startsWith((await realpath(root)) + path.sep) && (await stat(file)).isFile() ? file : null;
  } catch {
    return null;
  }
}

function plain(response: ServerResponse, status: number, message: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...HEADERS, ...headers, 'content-type': 'text/plain; charset=utf-8' }).end(`${message}\n`);
}

function pass(livekit: string, request: IncomingMessage, response: ServerResponse): void {
  const onward = httpRequest(onwardOptions(livekit, request), (answered) => {
    response.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(response);
  });
  onward.on('error', () => (response.headersSent ? response.destroy() : plain(response, 502, 'LiveKit does not answer.')));
  request.pipe(onward);
}

function passUpgrade(livekit: string, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.on('error', () => socket.destroy());
  if (!request.url?.startsWith('/livekit/')) {
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    return;
  }
  const onward = httpRequest(onwardOptions(livekit, request));
  onward.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n'));
  onward.on('response', (answered) => {
    socket.write(`HTTP/1.1 ${answered.statusCode} ${answered.statusMessage}\r\nConnection: close\r\n\r\n`);
    answered.pipe(socket);
  });
  onward.on('upgrade', (answered, upstream, first) => {
    const lines = [`HTTP/1.1 101 ${answered.statusMessage}`];
    for (let index = 0; index < answered.rawHeaders.length; index += 2) lines.push(`${answered.rawHeaders[index]}: ${answered.rawHeaders[index + 1]}`);
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    if (first.length > 0) socket.write(first);
    if (head.length > 0) upstream.write(head);
    upstream.on('error', () => socket.destroy());
    upstream.on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    upstream.pipe(socket).pipe(upstream);
  });
  onward.end();
}

function onwardOptions(
  livekit: string,
  request: IncomingMessage,
): { host: string; port: string; method: string; path: string; headers: IncomingMessage['headers'] } {
  const { hostname, port } = new URL(livekit);
  return { host: hostname, port, method: request.method ?? 'GET', path: (request.url ?? '').slice('/livekit'.length), headers: request.headers };
}
