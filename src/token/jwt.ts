import { invalidToken } from './answer.js';

/** What a LiveKit token says about its bearer. Times in seconds since the epoch, by the clock of whoever signed. */
export interface Claims {
  readonly identity: string;
  /** Empty where the token says none. */
  readonly name: string;
  readonly room: string;
  readonly roomJoin: boolean;
  /** A microphone, that is. */
  readonly canPublish: boolean;
  readonly canPublishData: boolean;
  /** May change or list rooms, or put others out. */
  readonly admin: boolean;
  readonly expiresAt: number;
  readonly issuedAt: number | null;
  readonly notBefore: number | null;
}

/** What livekit-server allows between its clock and the signer's, in seconds (go-jose's DefaultLeeway). */
const leeway = 60;

/**
 * Reads the claims; the signature is the server's to verify.
 * @throws VcRoomError `token-invalid`: `malformed`
 */
export function readClaims(token: string, where: string): Claims {
  const payload = decode(token, where);
  const video = record(payload['video']);
  const expiresAt = time(payload['exp']);
  if (expiresAt === null) throw invalidToken('malformed', `${where} answered a token without exp. LiveKit refuses tokens that never expire.`);
  const sources = Array.isArray(video['canPublishSources']) ? video['canPublishSources'] : [];
  const mayPublish = video['canPublish'] !== false;
  return {
    identity: text(payload['sub']),
    name: text(payload['name']),
    room: text(video['room']),
    roomJoin: video['roomJoin'] === true,
    canPublish: mayPublish && (sources.length === 0 || sources.some((source) => String(source).toLowerCase() === 'microphone')),
    canPublishData: typeof video['canPublishData'] === 'boolean' ? video['canPublishData'] : mayPublish,
    admin:
      ['roomAdmin', 'roomCreate', 'roomList', 'roomRecord', 'ingressAdmin'].some((right) => video[right] === true) || record(payload['sip'])['admin'] === true,
    expiresAt,
    issuedAt: time(payload['iat']),
    notBefore: time(payload['nbf']),
  };
}

/**
 * Refuses what the server would refuse, in words that say what to change.
 * @param now seconds since the epoch, by the signer's clock
 * @param room what was asked for; `null` where the answer may name another (a Matrix room is a hash)
 * @throws VcRoomError `token-invalid`: `expired`, `not-yet-valid`, `no-identity`, `no-room-join`, `wrong-room`
 */
export function checkClaims(claims: Claims, now: number, room: string | null, where: string): void {
  if (claims.expiresAt + leeway <= now)
    throw invalidToken(
      'expired',
      `${where} answered a token that expired ${Math.round(now - claims.expiresAt)} s ago. It must sign a new one for every request.`,
    );
  if (claims.notBefore !== null && claims.notBefore - leeway > now)
    throw invalidToken(
      'not-yet-valid',
      `${where} answered a token that becomes valid only in ${Math.round(claims.notBefore - now)} s. Check the signer's clock.`,
    );
  if (!claims.identity) throw invalidToken('no-identity', `${where} answered a token without an identity (sub). Set one when you sign it.`);
  if (!claims.roomJoin) throw invalidToken('no-room-join', `${where} answered a token that does not allow joining. Sign it with the grant roomJoin: true.`);
  if (!claims.room) throw invalidToken('wrong-room', `${where} answered a token that names no room. Sign it with the grant room.`);
  if (room && claims.room !== room)
    throw invalidToken(
      'wrong-room',
      `${where} answered a token for the room ${quote(claims.room)}, but ${quote(room)} was asked for. Sign the room of the request.`,
    );
}

function decode(token: string, where: string): Record<string, unknown> {
  try {
    const part = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(part), (character) => character.charCodeAt(0));
    const payload = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
    if (typeof payload === 'object' && payload !== null) return record(payload);
  } catch {
    // The cause would quote the payload.
  }
  throw invalidToken('malformed', `${where} answered a token whose middle part is not JSON in base64url. Was it cut or changed on its way?`);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A NumericDate (RFC 7519); 0 is what signers write who mean "always". */
function time(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}

function quote(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
