/** Why something failed, finer than its code: a closed union for each code. Words for people live in `src/strings`. */
export interface VcRoomErrorReasons {
  'not-configured': 'no-endpoint' | 'no-server-url' | 'no-room' | 'no-matrix-identity';
  'invalid-configuration': 'token-endpoint' | 'server-url' | 'assets' | 'rtc-config' | 'request-headers' | 'matrix-identity';
  'token-unreachable': 'network' | 'timeout' | 'not-found' | 'server-error' | 'rate-limited' | 'source';
  'token-rejected': 'unauthorized' | 'forbidden' | 'refused-by-server';
  'token-invalid':
    | 'empty'
    | 'html'
    | 'not-json'
    | 'too-large'
    | 'no-token'
    | 'malformed'
    | 'expired'
    | 'not-yet-valid'
    | 'no-identity'
    | 'no-room-join'
    | 'wrong-room'
    | 'server-url';
  unreachable: 'signal' | 'media' | 'offline';
  timeout: 'signal' | 'media';
  'room-full': 'limit';
  'room-closed': 'deleted' | 'ended' | 'not-found';
  removed: 'by-moderator';
  'duplicate-identity': 'elsewhere';
  'mic-blocked': 'person' | 'system' | 'page-policy';
  'mic-missing': 'no-device' | 'unplugged';
  'mic-in-use': 'busy';
  'insecure-context': 'http';
  unsupported: 'webrtc' | 'web-audio' | 'media-devices' | 'output-device';
  'assets-blocked': 'chunk' | 'worklet' | 'wasm';
  aborted: 'left' | 'removed-from-page';
  unknown: 'unexpected';
}

export type VcRoomErrorCode = keyof VcRoomErrorReasons;

/**
 * The one error that leaves this package: `join()` rejects with it, the `error` property holds it, the `error` event carries it.
 * `message` is English and for developers (what, where, what to do) and never contains a token.
 */
export class VcRoomError<C extends VcRoomErrorCode = VcRoomErrorCode> extends Error {
  readonly code: C;
  readonly reason: VcRoomErrorReasons[C];

  constructor(code: C, reason: VcRoomErrorReasons[C], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'VcRoomError';
    this.code = code;
    this.reason = reason;
  }
}

/** Whatever was thrown, as a `VcRoomError`: itself if it is one, else `unknown` with the original as `cause`. */
export function toVcRoomError(thrown: unknown): VcRoomError {
  if (thrown instanceof VcRoomError) return thrown as VcRoomError;
  const detail = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new VcRoomError('unknown', 'unexpected', `Something unexpected failed (${detail}). Please report it.`, {
    cause: thrown,
  });
}
