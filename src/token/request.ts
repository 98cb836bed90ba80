import { VcRoomError } from '../room/errors.js';
import type { VcRoomErrorReasons } from '../room/errors.js';
import type { Clock, GrantRequest, MatrixIdentity } from '../room/suppliers.js';
import { address, readBody } from './answer.js';
import { pause, within } from './deadline.js';

export interface EndpointSettings {
  /** Absolute, or relative to the document. */
  readonly tokenEndpoint: string | null;
  readonly tokenProtocol: 'livekit' | 'query' | 'matrix';
  readonly credentials: RequestCredentials;
  readonly requestHeaders: (() => HeadersInit | Promise<HeadersInit>) | null;
  readonly matrixIdentity: MatrixIdentity | null;
}

/** What came back, before anybody has looked at it. */
export interface Reply {
  /** Who answered, as the start of a sentence. */
  readonly where: string;
  readonly body: unknown;
  /** The endpoint's clock in seconds since the epoch, where its `Date` header can be read (never across origins). */
  readonly date: number | null;
  /** `Cache-Control: no-store`. */
  readonly noStore: boolean;
}

/** One HTTP request of a protocol. */
interface Question {
  readonly url: URL;
  readonly init: RequestInit;
}

type Outcome =
  { readonly reply: Reply } | { readonly error: VcRoomError; /** Milliseconds; `null` where asking again would not help. */ readonly retryIn: number | null };

const answerLimit = 8_000;
/** The page's own functions may show a login first. */
const hookLimit = 60_000;
const longestRetryDelay = 5_000;

/**
 * Asks the endpoint as its protocol wants it. Sends a request again, once, after a network failure, 429 or 5xx.
 * @param endpoint from `endpointUrl()`
 * @param own from `ownHeaders()`
 * @throws VcRoomError `invalid-configuration`, `not-configured`, `token-unreachable`, `token-rejected`, `token-invalid`, or the signal's reason
 */
export async function requestGrant(
  settings: EndpointSettings,
  endpoint: URL,
  own: Headers,
  request: GrantRequest,
  signal: AbortSignal,
  clock: Clock,
): Promise<Reply> {
  if (settings.tokenProtocol === 'matrix') return requestMatrix(endpoint, settings, own, request, signal, clock);
  const { credentials } = settings;
  const headers = new Headers(own);
  headers.set('accept', 'application/json');
  if (settings.tokenProtocol === 'query') {
    const url = new URL(endpoint);
    for (const [name, value] of [
      ['room', request.room],
      ['identity', request.identity],
      ['name', request.displayName],
    ] as const)
      if (value) url.searchParams.set(name, value);
    return insist({ url, init: { headers, credentials } }, signal, clock);
  }
  headers.set('content-type', 'application/json');
  const body = JSON.stringify({
    room_name: request.room || undefined,
    participant_identity: request.identity || undefined,
    participant_name: request.displayName || undefined,
  });
  return insist({ url: endpoint, init: { method: 'POST', headers, credentials, body } }, signal, clock);
}

/** @throws VcRoomError `invalid-configuration` */
export function endpointUrl(text: string): URL {
  const url = URL.canParse(text, document.baseURI) ? new URL(text, document.baseURI) : null;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return url;
  throw new VcRoomError(
    'invalid-configuration',
    'token-endpoint',
    'token-endpoint is not an http(s) URL without user name and password. Give an absolute address or one relative to the page.',
  );
}

/** @throws VcRoomError `invalid-configuration`, `token-unreachable`, or the signal's reason */
export async function ownHeaders(hook: EndpointSettings['requestHeaders'], signal: AbortSignal, clock: Clock): Promise<Headers> {
  if (!hook) return new Headers();
  try {
    return new Headers(await askPage('requestHeaders', signal, clock, async () => hook()));
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof VcRoomError) throw cause;
    throw new VcRoomError(
      'invalid-configuration',
      'request-headers',
      'The requestHeaders function failed or returned what is no list of headers (see cause).',
      { cause },
    );
  }
}

/** Runs a function that the page gave us. */
export function askPage<T>(name: string, signal: AbortSignal, clock: Clock, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = (): VcRoomError => new VcRoomError('token-unreachable', 'timeout', `The ${name} function did not settle within ${hookLimit / 1000} s.`);
  return within({ milliseconds: hookLimit, late, signal, clock }, work);
}

/**
 * MatrixRTC's authorisation service (lk-jwt-service): `/get_token`, and where that fails the older `/sfu/get`.
 * It refuses unknown fields, and from other origins `Authorization` and credentials: those are for a proxy before it. As it never looks at the content type,
 * fetch's own text/plain saves the preflight.
 */
async function requestMatrix(
  base: URL,
  { matrixIdentity: identify, credentials }: EndpointSettings,
  headers: Headers,
  request: GrantRequest,
  signal: AbortSignal,
  clock: Clock,
): Promise<Reply> {
  if (!identify)
    throw new VcRoomError(
      'not-configured',
      'no-matrix-identity',
      'token-protocol="matrix" needs the matrixIdentity property: a function that resolves to { openid, userId, deviceId }.',
    );
  if (!request.room)
    throw new VcRoomError(
      'not-configured',
      'no-room',
      'token-protocol="matrix" needs the room attribute: the id of the Matrix room, such as !abc:example.org.',
    );
  const { openid, userId, deviceId } = await askPage('matrixIdentity', signal, clock, (inner) => identify({ signal: inner })).catch((cause: unknown) => {
    signal.throwIfAborted();
    if (cause instanceof VcRoomError) throw cause;
    throw new VcRoomError('token-unreachable', 'source', 'The matrixIdentity function failed (see cause).', { cause });
  });
  const { access_token, token_type, matrix_server_name, expires_in } = openid ?? {};
  if (!access_token || !matrix_server_name || !userId || !deviceId)
    throw new VcRoomError(
      'invalid-configuration',
      'matrix-identity',
      'The matrixIdentity function must resolve to { openid, userId, deviceId }, with openid as the homeserver answered it.',
    );
  const openid_token = { access_token, token_type: token_type || 'Bearer', matrix_server_name, expires_in: Number(expires_in) || 3600 };
  const ask = (path: string, body: object): Question => ({
    url: new URL(base.href.replace(/[?#].*$/, '').replace(/\/?$/, path)),
    init: { method: 'POST', headers, credentials, body: JSON.stringify(body) },
  });
  const first = await send(
    ask('/get_token', {
      room_id: request.room,
      slot_id: 'm.call#ROOM',
      openid_token,
      // The service makes the participant's identity from all three: an own id keeps two tabs of one device apart.
      member: { id: request.identity || String(crypto.getRandomValues(new Uint32Array(2))), claimed_user_id: userId, claimed_device_id: deviceId },
    }),
    signal,
    clock,
  );
  if ('reply' in first) return first.reply;
  if (first.error.reason === 'timeout') throw first.error;
  try {
    return await insist(ask('/sfu/get', { room: request.room, openid_token, device_id: deviceId }), signal, clock);
  } catch (second) {
    // Services that know only the new path say more there.
    if (second instanceof VcRoomError && second.reason === 'not-found') throw first.error;
    throw second;
  }
}

async function insist(question: Question, signal: AbortSignal, clock: Clock): Promise<Reply> {
  let outcome = await send(question, signal, clock);
  if ('error' in outcome && outcome.retryIn !== null) {
    await pause(outcome.retryIn, signal, clock);
    outcome = await send(question, signal, clock);
  }
  if ('error' in outcome) throw outcome.error;
  return outcome.reply;
}

async function send({ url, init }: Question, signal: AbortSignal, clock: Clock): Promise<Outcome> {
  const where = `The token endpoint ${address(url)}`;
  const late = (): VcRoomError => unreachable('timeout', `${where} did not answer within ${answerLimit / 1000} s.`);
  try {
    return await within({ milliseconds: answerLimit, late, signal, clock }, async (inner) => {
      const response = await fetch(url, { ...init, cache: 'no-store', signal: inner });
      if (!response.ok) return await refusal(response, where);
      const date = Date.parse(response.headers.get('date') ?? '') / 1000;
      const noStore = /\bno-store\b/i.test(response.headers.get('cache-control') ?? '');
      return { reply: { where, body: await readBody(response, where), date: Number.isFinite(date) ? date : null, noStore } };
    });
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof VcRoomError) return { error: cause as VcRoomError, retryIn: null };
    const crossing = url.origin === location.origin ? '' : ` If it runs, it must allow this page with Access-Control-Allow-Origin: ${location.origin}.`;
    return { error: unreachable('network', `${where} could not be reached.${crossing} The browser's console says more.`, cause), retryIn: 300 };
  }
}

async function refusal(response: Response, where: string): Promise<Outcome> {
  const { status } = response;
  const says = `${where} answered ${status}`;
  if (status === 401 || (status === 500 && (await isUnknownMatrixToken(response))))
    return {
      error: new VcRoomError('token-rejected', 'unauthorized', `${says}: the person is not logged in there, or their login has expired.`),
      retryIn: null,
    };
  void response.body?.cancel().catch(() => undefined);
  if (status === 403) return { error: new VcRoomError('token-rejected', 'forbidden', `${says}: the person may not enter this room.`), retryIn: null };
  if (status === 429) return { error: unreachable('rate-limited', `${says}: too many requests.`), retryIn: retryDelay(response, 1_000) };
  if (status === 404 || status === 405 || status === 410)
    return { error: unreachable('not-found', `${says}. Check the path in token-endpoint and that token-protocol fits it.`), retryIn: null };
  if (status >= 500) return { error: unreachable('server-error', `${says}. Its own log says why.`), retryIn: retryDelay(response, 500) };
  return { error: unreachable('server-error', `${says}: it did not understand the request. Does token-protocol fit it?`), retryIn: null };
}

/** lk-jwt-service's `/sfu/get` answers an unknown OpenID token with 500. */
async function isUnknownMatrixToken(response: Response): Promise<boolean> {
  const body = await readBody(response, '').catch(() => null);
  return typeof body === 'object' && body !== null && 'errcode' in body && body.errcode === 'M_LOOKUP_FAILED';
}

/** `Retry-After`: seconds or a date (RFC 9110, 10.2.3); `null` for more than a person would wait for. */
function retryDelay(response: Response, otherwise: number): number | null {
  const header = response.headers.get('retry-after');
  if (!header) return otherwise;
  const seconds = Number(header);
  const delay = Number.isNaN(seconds) ? Date.parse(header) - Date.parse(response.headers.get('date') ?? '') : seconds * 1000;
  if (Number.isNaN(delay)) return otherwise;
  return delay > longestRetryDelay ? null : Math.max(0, delay);
}

function unreachable(reason: VcRoomErrorReasons['token-unreachable'], message: string, cause?: unknown): VcRoomError {
  return new VcRoomError('token-unreachable', reason, message, cause === undefined ? {} : { cause });
}
