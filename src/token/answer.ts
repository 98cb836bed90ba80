import { VcRoomError } from '../room/errors.js';
import type { VcRoomErrorReasons } from '../room/errors.js';

/** What an answer said, whatever its shape. */
export interface Answer {
  readonly token: string;
  readonly serverUrl: string | null;
  /** Seconds from now, where the answer says so itself. */
  readonly expiresIn: number | null;
}

/** As `plain()` writes them, the most telling first. */
const tokenNames = ['participanttoken', 'token', 'accesstoken', 'jwt'];
const urlNames = ['serverurl', 'url', 'wsurl', 'livekiturl', 'livekitserverurl'];
const wrapperNames = ['data', 'result', 'payload', 'connectiondetails'];
const sizeLimit = 256 * 1024;
const jwtShape = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export function invalidToken(reason: VcRoomErrorReasons['token-invalid'], message: string): VcRoomError {
  return new VcRoomError('token-invalid', reason, message);
}

/**
 * The body of an answer: parsed JSON, or the text itself where it is a bare JWT. Reads at most 256 kB.
 * @param where the start of a sentence, such as "The token endpoint https://example.org/api/token"
 * @throws VcRoomError `token-invalid`: `empty`, `html`, `not-json`, `too-large`
 */
export async function readBody(response: Response, where: string): Promise<unknown> {
  const text = (await readText(response, where)).trim();
  if (!text) throw invalidToken('empty', `${where} answered ${response.status} with nothing in it. It must answer JSON with server_url and participant_token.`);
  if (text.startsWith('<')) {
    const why = response.redirected ? `, after a redirect to ${address(new URL(response.url))}` : '';
    throw invalidToken('html', `${where} answered a web page${why} instead of JSON. Is it behind a login, or is its path wrong?`);
  }
  if (jwtShape.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own message quotes the text, which may hold a token.
    throw invalidToken('not-json', `${where} answered something that is not JSON. It must answer JSON with server_url and participant_token.`);
  }
}

async function readText(response: Response, where: string): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > sizeLimit) {
      void reader.cancel().catch(() => undefined);
      throw invalidToken('too-large', `${where} answered more than 256 kB. A grant is a few hundred bytes of JSON: is this the right address?`);
    }
    text += decoder.decode(value, { stream: true });
  }
}

/**
 * Finds token, server and life in any known shape: LiveKit's standard and its many dialects, the same inside `data` and the like, a bare token.
 * @param now seconds since the epoch, by the clock of whoever answered
 * @throws VcRoomError `token-invalid`: `empty`, `no-token`, `malformed`
 */
export function parseAnswer(body: unknown, now: number, where: string): Answer {
  if (body == null || body === '') throw invalidToken('empty', `${where} answered nothing. A grant with a token was expected.`);
  const layers = unwrap(body);
  const token = find(layers, tokenNames);
  if (token == null)
    throw invalidToken('no-token', `${where} answered without a token. A field named participant_token (or token, accessToken, jwt) was expected.`);
  if (typeof token !== 'string' || !jwtShape.test(token.trim()))
    throw invalidToken('malformed', `${where} answered a token that is not a JWT (three parts of base64url with dots between).`);
  // An address beside the token is that of its server; another may be the site's own.
  const own = layers.filter((layer) => find([layer], tokenNames) === token);
  const url = find([...own, ...layers], urlNames);
  return { token: token.trim(), serverUrl: typeof url === 'string' ? url.trim() : null, expiresIn: lifeOf(layers, now) };
}

type Layer = ReadonlyMap<string, unknown>;

/** The answer and what it wraps, outermost first; a bare token as if it were named. What says nothing is left out. */
function unwrap(body: unknown): readonly Layer[] {
  const layers: Layer[] = [];
  for (let layer: unknown = body; layers.length < 4;) {
    if (typeof layer === 'string') layer = { token: layer };
    if (typeof layer !== 'object' || layer === null) break;
    const fields = Object.entries(layer).filter(([, field]) => field != null && !(typeof field === 'string' && field.trim() === ''));
    // Of two spellings of one name the first counts.
    layers.push(new Map(fields.reverse().map(([name, field]) => [plain(name), field])));
    layer = find(layers.slice(-1), wrapperNames);
  }
  return layers;
}

/** One name for `serverUrl`, `server_url`, `serverURL` and `Server-URL`. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}

function find(layers: readonly Layer[], names: readonly string[]): unknown {
  for (const layer of layers) for (const name of names) if (layer.has(name)) return layer.get(name);
  return null;
}

function lifeOf(layers: readonly Layer[], now: number): number | null {
  const seconds = numberIn(find(layers, ['expiresin']));
  if (Number.isFinite(seconds)) return seconds;
  const at = find(layers, ['expiresat']);
  const end = typeof at === 'string' && Number.isNaN(Number(at)) ? Date.parse(at) : numberIn(at);
  if (!Number.isFinite(end)) return null;
  // Seconds until the year 5138 are below this, milliseconds since 1973 above.
  return (end > 1e11 ? end / 1000 : end) - now;
}

/** Anything may stand where a number is expected, also what has none and throws when asked. */
function numberIn(field: unknown): number {
  return typeof field === 'number' || typeof field === 'string' ? Number(field) : NaN;
}

/**
 * The address a WebSocket can use: ws(s), http(s) made ws(s), no slash at its end, no fragment.
 * `null` where it is not an absolute URL, has another scheme, or holds a user's name or password.
 */
export function toServerUrl(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (!/^(https?|wss?):$/.test(url.protocol) || url.username || url.password) return null;
  url.hash = '';
  return url.href.replace(/^http/, 'ws').replace(/\/$/, '');
}

/** What may be shown of a URL: queries hold secrets. */
export function address(url: URL): string {
  return url.origin + url.pathname;
}
