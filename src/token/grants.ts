import { VcRoomError } from '../room/errors.js';
import type { AskOptions, CheckedGrant, Clock, GrantRequest, Grants, TokenSource } from '../room/suppliers.js';
import { address, invalidToken, parseAnswer, toServerUrl } from './answer.js';
import { GrantCache } from './cache.js';
import type { FreshGrant } from './cache.js';
import { systemClock } from './deadline.js';
import { checkClaims, readClaims } from './jwt.js';
import { askPage, endpointUrl, ownHeaders, requestGrant } from './request.js';
import type { EndpointSettings, Reply } from './request.js';

/** Where grants come from, in this order: `tokenSource`, `tokenEndpoint`, `token`. */
export interface GrantSettings extends EndpointSettings {
  readonly tokenCache: 'persistent' | 'memory' | 'none';
  /** Where answers name no server. */
  readonly serverUrl: string | null;
  readonly token: string | null;
  readonly tokenSource: TokenSource | null;
}

const pageCache = new GrantCache(systemClock);

const channel = openChannel();
channel?.addEventListener('message', () => void pageCache.clear());

function openChannel(): BroadcastChannel | null {
  try {
    return new BroadcastChannel('vc-room:forget');
  } catch {
    // Where storage is refused, as Firefox does for those who block cookies.
    return null;
  }
}

/** Forgets every grant that this profile kept, in storage and in the memory of all its tabs. A site calls it when its person logs out. */
export async function forgetGrants(): Promise<void> {
  channel?.postMessage(null);
  await pageCache.clear();
}

export function createGrants(settings: GrantSettings, clock: Clock = systemClock, cache: GrantCache = pageCache): Grants {
  const given = new WeakSet<CheckedGrant>();
  const fetchFresh = async (way: Way, request: GrantRequest, signal: AbortSignal, sent: AskOptions['sent']): Promise<FreshGrant> => {
    const answer = way.ask(signal);
    sent?.();
    const fresh = check(await answer, settings, request, clock);
    given.add(fresh.grant);
    return fresh;
  };
  if (settings.tokenEndpoint && settings.tokenCache === 'persistent') cache.open();
  return {
    async ask(request, { signal, fresh, sent, alone = false }) {
      signal.throwIfAborted();
      const way = await findWay(settings, request, signal, clock);
      const { tokenCache } = settings;
      if (tokenCache === 'none' || way.key === null) return (await fetchFresh(way, request, signal, sent)).grant;
      const mode = way.persists ? tokenCache : 'memory';
      try {
        return await cache.ask(way.key, { mode, signal, fresh, alone }, (shared) => fetchFresh(way, request, shared, sent));
      } catch (thrown) {
        // Who is logged out, or shut out, is so for every room.
        if (way.address && thrown instanceof VcRoomError && thrown.code === 'token-rejected') await cache.drop((key) => key.startsWith(`${way.address} `));
        throw thrown;
      }
    },
    // Whoever asks for an identity of their own knows better.
    isOurs: () => false,
    reject(grant) {
      void cache.drop((_, { serverUrl, room }) => serverUrl === grant.serverUrl && room === grant.room);
      return !given.has(grant);
    },
  };
}

/** How one request is asked, and under what its answer is kept. */
interface Way {
  readonly ask: (signal: AbortSignal) => Promise<Reply>;
  /** `null`: never kept. */
  readonly key: string | null;
  readonly persists: boolean;
  /** Of the endpoint, with which its keys begin. */
  readonly address: string | null;
}

async function findWay(settings: GrantSettings, request: GrantRequest, signal: AbortSignal, clock: Clock): Promise<Way> {
  const { tokenSource, tokenEndpoint, tokenProtocol, token, credentials, serverUrl, matrixIdentity } = settings;
  const { room, identity, displayName } = request;
  const asked = [tokenProtocol, room, identity, displayName, serverUrl];
  if (tokenSource) {
    const body = (inner: AbortSignal): Promise<unknown> => fromPage(tokenSource, request, inner, clock);
    return {
      ask: async (inner) => ({ where: 'The tokenSource function', body: await body(inner), date: null, noStore: false }),
      key: JSON.stringify([numberOf(tokenSource), ...asked]),
      persists: false,
      address: null,
    };
  }
  if (tokenEndpoint) {
    const endpoint = endpointUrl(tokenEndpoint);
    const isMatrix = tokenProtocol === 'matrix';
    const headers = await ownHeaders(settings.requestHeaders, signal, clock);
    // Who somebody is at Matrix is known only to their function, so what it got lives no longer than the function.
    const parts = JSON.stringify([endpoint.href, ...asked, isMatrix && matrixIdentity && numberOf(matrixIdentity), credentials, ...headers]);
    return {
      ask: (inner) => requestGrant(settings, endpoint, headers, request, inner, clock),
      key: `${address(endpoint)} ${isSecureContext ? await sha256(parts) : parts}`,
      persists: !isMatrix && isSecureContext,
      address: address(endpoint),
    };
  }
  // What stands in the page may be old: only this device's clock can tell.
  const now = clock.now() / 1000;
  if (token)
    return { ask: () => Promise.resolve({ where: 'The token attribute', body: token, date: now, noStore: true }), key: null, persists: false, address: null };
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

/** Endpoints about whose generosity the console was told. */
const warned = new Set<string>();

function check(reply: Reply, settings: GrantSettings, request: GrantRequest, clock: Clock): FreshGrant {
  const { where } = reply;
  const { token, serverUrl, expiresIn } = parseAnswer(reply.body, reply.date ?? clock.now() / 1000, where);
  const claims = readClaims(token, where);
  // The local clock may be wrong, and a fresh token tells what time it is where it was signed.
  const now = reply.date ?? claims.issuedAt ?? claims.notBefore ?? clock.now() / 1000;
  const isLiteralRoom = !settings.tokenSource && settings.tokenProtocol !== 'matrix';
  if (claims.admin && !warned.has(where)) {
    warned.add(where);
    console.warn(`vc-room: ${where} answered a token with admin rights over rooms. Everybody who joins can put others out with it; it is not stored.`);
  }
  checkClaims(claims, now, isLiteralRoom ? request.room : null, where);
  const { identity, name, room, canPublish, canPublishData } = claims;
  const grant: CheckedGrant = { token, serverUrl: server(serverUrl, settings.serverUrl, where), identity, name, room, canPublish, canPublishData };
  return { grant: Object.freeze(grant), life: Math.min(expiresIn ?? Infinity, claims.expiresAt - now), storable: !reply.noStore && !claims.admin };
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

const numbers = new WeakMap<object, number>();
let functions = 0;

/** The same for the same function while the page lives. */
function numberOf(hook: object): number {
  const number = numbers.get(hook) ?? ++functions;
  numbers.set(hook, number);
  return number;
}

/** What is sent may hold secrets, which a key must not show. */
async function sha256(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
