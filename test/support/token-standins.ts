import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestRunnerPlugin } from '@web/test-runner';
import type { Heard, ScriptedAnswer } from './token-page.js';

const secret = '0123456789abcdef0123456789abcdef';

/**
 * A plugin of the test runner's server: token services on an origin of their own, which behave to the letter as the real ones do.
 * `/livekit`, `/query`: what the README's endpoint and its GET sister do. `/matrix*`: lk-jwt-service 0.5.0. `/scripted/<name>`: whatever a test wrote down before.
 */
export function tokenStandIns(): TestRunnerPlugin {
  const scripts = new Map<string, ScriptedAnswer[]>();
  const heard = new Map<string, Heard[]>();
  const waiting: { name: string; count: number; closed: boolean; resolve: (all: Heard[]) => void }[] = [];
  let server: Server | undefined;

  const settle = (): void => {
    for (const wish of [...waiting]) {
      const all = heard.get(wish.name) ?? [];
      if (all.filter((request) => !wish.closed || request.closed).length < wish.count) continue;
      waiting.splice(waiting.indexOf(wish), 1);
      wish.resolve(all);
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const [, service = '', name = ''] = url.pathname.split('/');
    const key = service === 'scripted' ? name : service;
    if (request.method !== 'OPTIONS') {
      const entry: Heard = {
        method: request.method ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: { ...request.headers },
        body,
        closed: false,
      };
      heard.set(key, [...(heard.get(key) ?? []), entry]);
      response.on('close', () => {
        if (!response.writableFinished) entry.closed = true;
        settle();
      });
      settle();
    }
    if (service === 'livekit') return liveKit(request, response, body);
    if (service === 'query') return query(request, response, url);
    if (service.startsWith('matrix')) return matrix(service, request, response, url.pathname, body);
    return scripted(request, response, scripts.get(name) ?? []);
  };

  return {
    name: 'token-standins',
    async serverStart() {
      server = createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
      await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
      server.unref();
    },
    async serve(context) {
      if (!context.path.startsWith('/__tokens/')) return;
      let body = '';
      for await (const chunk of context.req) body += String(chunk);
      const json = (value: unknown) => ({ body: JSON.stringify(value), type: 'application/json' });
      if (context.path === '/__tokens/origin') return json(`http://127.0.0.1:${(server?.address() as AddressInfo).port}`);
      const wish = JSON.parse(body) as { name: string; answers: ScriptedAnswer[]; count: number; closed: boolean };
      if (context.path === '/__tokens/script') {
        scripts.set(wish.name, wish.answers);
        return json(null);
      }
      return json(
        await new Promise<Heard[]>((resolve) => {
          waiting.push({ ...wish, resolve });
          settle();
        }),
      );
    },
    serverStop() {
      server?.closeAllConnections();
      server?.close();
    },
  };
}

function reply(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Access-Control-Allow-Origin': '*', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

function sign(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

/** Claims as livekit-server-sdk writes them: exp and nbf, no iat. */
function accessToken(identity: string, name: string, room: string): string {
  const now = Math.floor(Date.now() / 1000);
  return sign({ iss: 'devkey', sub: identity, name, nbf: now, exp: now + 3600, video: { roomJoin: true, room } });
}

/** The standard endpoint for a site whose person is known by a cookie, so it names the page's origin; strict about type, method and fields. */
function liveKit(request: IncomingMessage, response: ServerResponse, body: string): void {
  const cors = {
    'Access-Control-Allow-Origin': request.headers.origin ?? '',
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Allow-Headers': 'accept, content-type, x-site',
    Vary: 'Origin',
  };
  if (request.method === 'OPTIONS') return reply(response, 204, undefined, cors);
  if (request.method !== 'POST') return reply(response, 405, { error: 'POST only' }, cors);
  if (request.headers['content-type'] !== 'application/json') return reply(response, 415, { error: 'application/json only' }, cors);
  const fields = JSON.parse(body) as Record<string, string | undefined>;
  const known = ['room_name', 'participant_identity', 'participant_name'];
  if (Object.entries(fields).some(([name, value]) => !known.includes(name) || typeof value !== 'string' || !value))
    return reply(response, 400, { error: 'fields' }, cors);
  const token = accessToken(fields['participant_identity'] ?? 'anybody', fields['participant_name'] ?? '', fields['room_name'] ?? 'lobby');
  reply(response, 200, { server_url: 'ws://sfu.test:7880', participant_token: token }, cors);
}

function query(request: IncomingMessage, response: ServerResponse, url: URL): void {
  if (request.method !== 'GET') return reply(response, 405, undefined);
  const { room = 'lobby', identity = 'anybody', name = '' } = Object.fromEntries(url.searchParams);
  reply(response, 200, { url: 'https://sfu.test', token: accessToken(identity, name, room) });
}

/** `matrix` knows both paths, `matrix-old` and `matrix-new` one each, `matrix-down` has lost its SFU. */
function matrix(service: string, request: IncomingMessage, response: ServerResponse, path: string, body: string): void {
  const fail = (status: number, errcode: string) => reply(response, status, { errcode, error: 'see errcode' });
  const isNew = path.endsWith('/get_token');
  if ((isNew && service === 'matrix-old') || (!isNew && service === 'matrix-new')) return reply(response, 404, undefined);
  if (!isNew && !path.endsWith('/sfu/get')) return reply(response, 404, undefined);
  if (request.method === 'OPTIONS')
    return reply(response, 200, undefined, {
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers': 'Accept, Content-Type, Content-Length, Accept-Encoding, X-CSRF-Token',
    });
  if (request.method !== 'POST') return reply(response, 405, undefined);
  const badJson = isNew ? 'M_NOT_JSON' : 'M_BAD_JSON';
  let fields: unknown;
  try {
    fields = JSON.parse(body);
  } catch {
    return fail(400, badJson);
  }
  const openid = { access_token: 'string', token_type: 'string', matrix_server_name: 'string', expires_in: 'number' };
  const shape = isNew
    ? { room_id: 'string', slot_id: 'string', openid_token: openid, member: { id: 'string', claimed_user_id: 'string', claimed_device_id: 'string' } }
    : { room: 'string', openid_token: openid, device_id: 'string' };
  if (!isExactly(fields, shape)) return fail(400, badJson);
  const asked = fields as { room?: string; room_id?: string; openid_token: { access_token: string }; device_id?: string; member?: object };
  if (asked.openid_token.access_token !== 'known') return isNew ? fail(401, 'M_UNAUTHORIZED') : fail(500, 'M_LOOKUP_FAILED');
  if (service === 'matrix-down') return fail(500, 'M_UNKNOWN');
  const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('base64').replace(/=+$/, '');
  const identity = isNew ? hash(asked.member) : `@ada:example.org:${asked.device_id ?? ''}`;
  const nbf = Math.floor(Date.now() / 1000);
  const video = { canPublish: true, canSubscribe: true, room: hash([asked.room ?? asked.room_id, 'm.call#ROOM']), roomJoin: true };
  reply(response, 200, { url: 'wss://sfu.test', jwt: sign({ exp: nbf + 3600, nbf, identity, iss: 'devkey', sub: identity, video }) });
}

/** Go's DisallowUnknownFields with types. */
function isExactly(value: unknown, shape: object): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const fields = Object.entries(value);
  return (
    fields.length === Object.keys(shape).length &&
    fields.every(([name, field]) => {
      const wanted = (shape as Record<string, unknown>)[name];
      return typeof wanted === 'string' ? typeof field === wanted : typeof wanted === 'object' && wanted !== null && isExactly(field, wanted);
    })
  );
}

function scripted(request: IncomingMessage, response: ServerResponse, answers: ScriptedAnswer[]): void {
  const allow = { 'Access-Control-Allow-Headers': request.headers['access-control-request-headers'] ?? '', 'Access-Control-Expose-Headers': '*' };
  const next = answers[0];
  if (request.method === 'OPTIONS') {
    if (next?.cors === false) return void response.writeHead(204).end();
    return reply(response, 204, undefined, allow);
  }
  if (answers.length > 1) answers.shift();
  if (!next || next.end === 'reset') return void request.socket.destroy();
  if (next.end === 'hang') return;
  if (!next.date) response.sendDate = false;
  response.writeHead(next.status ?? 200, { ...(next.cors === false ? {} : { 'Access-Control-Allow-Origin': '*', ...allow }), ...next.headers });
  if (next.end === 'endless') {
    const pour = (): void => {
      while (response.write(' '.repeat(65_536)));
    };
    response.on('drain', pour);
    return pour();
  }
  response.write(next.body ?? '');
  if (next.end !== 'half') response.end();
}
