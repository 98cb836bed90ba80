/**
 * LiveKit's standard token endpoint for the demo: who asks, gets. The demo has no login, so anyone may take any identity, and who takes
 * somebody's identity puts that person out of the room: never serve a site so. demo/examples/node-endpoint.mjs shows how a site does it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomBytes } from 'node:crypto';
import { AccessToken, TrackSource } from 'livekit-server-sdk';

export interface TokenEndpointSettings {
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Where the browser finds LiveKit; may depend on the address under which the page was asked for. */
  readonly serverUrl: string | ((request: Request) => string);
  /** Whether a page of this origin may ask; default: pages of this machine. A request without `Origin` comes from no foreign page. */
  readonly allowOrigin?: (origin: URL) => boolean;
}

type TokenRequest = Readonly<Record<'room' | 'identity' | 'name' | 'metadata', string>> & { readonly attributes: Readonly<Record<string, string>> };

/** Bytes of a request's body; the largest honest one is far below. */
const BODY_LIMIT = 16_384;
/** Seconds: long enough to press Join, short enough for a token that lands in logs. LiveKit renews it for those who are in. */
const LIFETIME = 600;

/** A refusal: status, a word for programs, a sentence for developers. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/**
 * Answers `POST { room_name, participant_identity, participant_name, … }` (all optional) with `{ server_url, participant_token }`,
 * and everything else with `{ error, message }`. Never throws, never logs.
 */
export function createTokenEndpoint(settings: TokenEndpointSettings): (request: Request) => Promise<Response> {
  const allowOrigin = settings.allowOrigin ?? isLoopback;
  return async (request) => {
    const origin = request.headers.get('origin');
    const allowed = origin === null || (URL.canParse(origin) && allowOrigin(new URL(origin)));
    const cors: Record<string, string> = { vary: 'Origin' };
    if (origin !== null && allowed) cors['access-control-allow-origin'] = origin;
    try {
      if (!allowed) throw new Refusal(403, 'origin', 'Pages of this origin may not ask for tokens here.');
      if (request.method === 'OPTIONS') {
        const preflight = { 'access-control-allow-methods': 'POST', 'access-control-allow-headers': 'content-type', 'access-control-max-age': '600' };
        return new Response(null, { status: 204, headers: { ...cors, ...preflight } });
      }
      if (request.method !== 'POST') throw new Refusal(405, 'method', 'Ask with POST.', { allow: 'POST, OPTIONS' });
      const wanted = read(await parse(request));
      const serverUrl = typeof settings.serverUrl === 'string' ? settings.serverUrl : settings.serverUrl(request);
      return json(200, { server_url: serverUrl, participant_token: await sign(settings, wanted) }, cors);
    } catch (error) {
      if (error instanceof Refusal) return json(error.status, { error: error.code, message: error.message }, { ...cors, ...error.headers });
      return json(500, { error: 'internal', message: 'The token could not be made.' }, cors);
    }
  };
}

/** Lets a handler of `Request` and `Response` serve Node's http. */
export async function serve(handler: (request: Request) => Promise<Response>, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === 'string') headers.set(name, value);
  }
  const method = incoming.method ?? 'GET';
  const url = new URL('/', `http://${/^[\w.:[\]-]+$/.test(incoming.headers.host ?? '') ? incoming.headers.host : 'localhost'}`);
  const body = method === 'GET' || method === 'HEAD' || !('content-type' in incoming.headers) ? null : await limited(incoming);
  const response = await handler(new Request(url, { method, headers, body }));
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}

/** Whether a page is of this machine: localhost or a loopback address, on any port. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname) || hostname.endsWith('.localhost');
}

/** The body, or one byte more than the limit of one that is too large; the rest is read and dropped so that the answer arrives. */
async function limited(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    if (length <= BODY_LIMIT) chunks.push(chunk);
    length += chunk.byteLength;
    if (length > 64 * BODY_LIMIT) break;
  }
  return new Uint8Array(Buffer.concat(chunks).subarray(0, BODY_LIMIT + 1));
}

async function parse(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  // A form or text/plain needs no preflight, so any page could send one.
  if (type !== 'application/json') throw new Refusal(415, 'content-type', 'Send application/json.');
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > BODY_LIMIT) throw new Refusal(413, 'too-large', `The body is larger than ${BODY_LIMIT} bytes.`);
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Refusal(400, 'json', 'The body is not JSON.');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Refusal(400, 'json', 'The body is not a JSON object.');
  return body as Record<string, unknown>;
}

function read(body: Readonly<Record<string, unknown>>): TokenRequest {
  if (body['room_config'] !== undefined) throw new Refusal(400, 'room_config', 'The demo takes no room_config.');
  const identity = text(body, 'participant_identity', 128) || `guest-${randomBytes(4).toString('hex')}`;
  return {
    room: text(body, 'room_name', 128) || 'lounge',
    identity,
    name: text(body, 'participant_name', 128),
    metadata: text(body, 'participant_metadata', 4096),
    attributes: attributes(body['participant_attributes']),
  };
}

function text(body: Readonly<Record<string, unknown>>, name: string, limit: number): string {
  const value = body[name] ?? '';
  if (typeof value !== 'string') throw new Refusal(400, name, `${name} is not text.`);
  if (value.length > limit) throw new Refusal(400, name, `${name} is longer than ${limit} characters.`);
  // Cs: half of a surrogate pair, which UTF-8 cannot carry.
  if (/[\p{Cc}\p{Cs}]/u.test(value)) throw new Refusal(400, name, `${name} contains control characters or broken text.`);
  if (value !== '' && value.trim() === '') throw new Refusal(400, name, `${name} is blank.`);
  return value;
}

function attributes(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  const name = 'participant_attributes';
  if (typeof value !== 'object' || Array.isArray(value)) throw new Refusal(400, name, `${name} is not an object.`);
  const entries = Object.entries(value as Record<string, unknown>);
  if (entries.length > 32) throw new Refusal(400, name, `${name} has more than 32 entries.`);
  for (const [key, entry] of entries) {
    if (typeof entry !== 'string') throw new Refusal(400, name, `${name} holds something that is not text.`);
    if (key === '' || key.length > 128 || entry.length > 1024) throw new Refusal(400, name, `${name} holds an entry that is too long.`);
  }
  return Object.fromEntries(entries) as Record<string, string>;
}

function sign({ apiKey, apiSecret }: TokenEndpointSettings, wanted: TokenRequest): Promise<string> {
  const token = new AccessToken(apiKey, apiSecret, { identity: wanted.identity, ttl: LIFETIME });
  if (wanted.name) token.name = wanted.name;
  if (wanted.metadata) token.metadata = wanted.metadata;
  if (Object.keys(wanted.attributes).length > 0) token.attributes = { ...wanted.attributes };
  token.addGrant({
    roomJoin: true,
    room: wanted.room,
    canPublish: true,
    canPublishSources: [TrackSource.MICROPHONE],
    canSubscribe: true,
    canPublishData: true,
  });
  return token.toJwt();
}

function json(status: number, body: object, headers: Readonly<Record<string, string>>): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers },
  });
}
