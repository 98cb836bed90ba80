import type { VcRoomError, VcRoomErrorCode } from './errors.js';

/** What it is like at the moment of a decision. */
export interface Circumstances {
  /** How often this recovery has tried already, since the page last heard of a network or was shown. */
  readonly attempt: number;
  /** How often the site has refused a grant in this recovery, this time included. */
  readonly refusals: number;
  /** As the browser believes; it is wrong at times, so that offline is a reason to wait longer and none to give up. */
  readonly online: boolean;
  /** A request of ours was given up that the server may have taken all the same: who entered "elsewhere" may be ourselves. */
  readonly ghost: boolean;
  /** 0 to 1, for full jitter; handed in so that the policy stays a table. */
  readonly random: number;
}

export type Decision =
  /** Waiting cannot heal it: the room is left with this error. */
  | { readonly type: 'stop' }
  /** After so many ms, or at once when the page hears of a network; `fresh`: with a grant that was just given. */
  | { readonly type: 'retry'; readonly afterMs: number; readonly fresh: boolean };

/** ms. Full jitter between these, doubling (Brooker, "Exponential Backoff And Jitter"): who comes back does not come with everybody else. */
const shortest = 100;
const longest = 8_000;
/** ms between tries while the browser says that there is no network. */
const offline = 5_000;
/** How often a site may refuse a grant before it is believed, and ms between two times: while it is being deployed it may refuse everybody. */
const mostRefusals = 3;
const betweenRefusals = 2_000;

/**
 * What each end means for who wants to stay in; LiveKit's own reasons arrive as these codes (`livekit/failures.ts`).
 * `again`: the network or the server failed, the grant may still be good. `anew`: what failed is the grant, or the room that it names.
 */
const meaning: Record<VcRoomErrorCode, 'again' | 'anew' | 'stop'> = {
  unreachable: 'again', // network, restart, shutdown, migration: all of them come back
  timeout: 'again',
  unknown: 'again', // nobody is dropped for a case that nobody has thought of
  'room-full': 'again', // somebody may leave, and our own ghost does after 20 s
  'assets-blocked': 'again', // the chunk is behind the same dead network
  'token-unreachable': 'again', // the endpoint is down at the worst time
  'token-rejected': 'anew', // expired or revoked while away: only the endpoint can tell
  'token-invalid': 'anew',
  'room-closed': 'anew', // as `not-found` only: where clients may not make rooms, a grant does
  removed: 'stop', // a moderator's word counts until the person presses
  'duplicate-identity': 'stop', // two tabs would throw each other out for ever
  aborted: 'stop',
  'not-configured': 'stop', // the page itself must change first
  'invalid-configuration': 'stop',
  unsupported: 'stop',
  'insecure-context': 'stop',
  'mic-blocked': 'stop', // never the end of a connection
  'mic-missing': 'stop',
  'mic-in-use': 'stop',
};

/** Pure. There is no last attempt: it stops only where trying again cannot help. */
export function decide(error: VcRoomError, { attempt, refusals, online, random, ghost }: Circumstances): Decision {
  // A hook of the page worked for the join, so it is the network that it cannot do without.
  const isAway = error.reason === 'request-headers' || (error.code === 'duplicate-identity' && ghost);
  const kind = isAway ? 'again' : meaning[error.code];
  if (kind === 'stop' || (error.code === 'room-closed' && error.reason !== 'not-found')) return { type: 'stop' };
  const isRefused = isRefusal(error);
  if (isRefused && refusals >= mostRefusals) return { type: 'stop' };
  const least = isRefused && refusals > 1 ? betweenRefusals : shortest;
  const backoff = attempt === 0 ? 0 : Math.max(least, random * Math.min(longest, shortest * 2 ** attempt));
  return { type: 'retry', afterMs: online ? backoff : offline, fresh: kind === 'anew' };
}

/** Of a grant, by the site's endpoint; a media server that refuses one may only have restarted with another clock. */
export function isRefusal({ code, reason }: VcRoomError): boolean {
  return code === 'token-rejected' && reason !== 'refused-by-server';
}
