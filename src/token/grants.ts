import { VcRoomError } from '../room/errors.js';
import type { CheckedGrant, Clock, GrantRequest, Grants, TokenSource } from '../room/suppliers.js';
import { invalidToken, parseAnswer, toServerUrl } from './answer.js';
import { systemClock } from './deadline.js';
import { checkClaims, readClaims } from './jwt.js';
import { askPage, requestGrant } from './request.js';
import type { EndpointSettings, Reply } from './request.js';

/** Where grants come from, in this order: `tokenSource`, `tokenEndpoint`, `token`. */
export interface GrantSettings extends EndpointSettings {
  readonly tokenCache: 'persistent' | 'memory' | 'none';
  /** Where answers name no server. */
  readonly serverUrl: string | null;
  readonly token: string | null;
  readonly tokenSource: TokenSource | null;
}

export function createGrants(settings: GrantSettings, clock: Clock = systemClock): Grants {
  return {
    async ask(request, { signal }) {
      signal.throwIfAborted();
      return check(await answer(settings, request, signal, clock), settings, request, clock);
    },
  };
}

async function answer(settings: GrantSettings, request: GrantRequest, signal: AbortSignal, clock: Clock): Promise<Reply> {
  const { tokenSource, tokenEndpoint, token } = settings;
  if (tokenSource) return { where: 'The tokenSource function', body: await fromPage(tokenSource, request, signal, clock), date: null, noStore: false };
  if (tokenEndpoint) return requestGrant(settings, request, signal, clock);
  // What stands in the page may be old: only this device's clock can tell.
  if (token) return { where: 'The token attribute', body: token, date: clock.now() / 1000, noStore: true };
  throw new VcRoomError('not-configured', 'no-endpoint', 'Nothing says where to ask for a token. Set token-endpoint or tokenSource.');
}

async function fromPage(source: TokenSource, request: GrantRequest, signal: AbortSignal, clock: Clock): Promise<unknown> {
  try {
    return await askPage('tokenSource', signal, clock, (inner) => source(request, { signal: inner }));
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof VcRoomError) throw cause;
    throw new VcRoomError('token-unreachable', 'source', 'The tokenSource function failed (see cause).', { cause });
  }
}

function check(reply: Reply, settings: GrantSettings, request: GrantRequest, clock: Clock): CheckedGrant {
  const { where } = reply;
  const { token, serverUrl } = parseAnswer(reply.body, reply.date ?? clock.now() / 1000, where);
  const claims = readClaims(token, where);
  // The local clock may be wrong, and a fresh token tells what time it is where it was signed.
  const now = reply.date ?? claims.issuedAt ?? claims.notBefore ?? clock.now() / 1000;
  const isLiteralRoom = !settings.tokenSource && settings.tokenProtocol !== 'matrix';
  checkClaims(claims, now, isLiteralRoom ? request.room : null, where);
  const { identity, name, room, canPublish, canPublishData } = claims;
  return Object.freeze({ token, serverUrl: server(serverUrl, settings.serverUrl, where), identity, name, room, canPublish, canPublishData });
}

function server(answered: string | null, configured: string | null, where: string): string {
  const text = answered ?? configured;
  if (!text)
    throw new VcRoomError('not-configured', 'no-server-url', `${where} named no server. Answer server_url beside the token, or set the server-url attribute.`);
  const url = toServerUrl(text);
  if (url) return url;
  const wanted = 'an absolute ws(s) or http(s) URL without user name and password, such as wss://sfu.example.org';
  if (answered) throw invalidToken('server-url', `${where} named a server that is not ${wanted}.`);
  throw new VcRoomError('invalid-configuration', 'server-url', `server-url is not ${wanted}.`);
}
