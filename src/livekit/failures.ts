import { VcRoomError } from '../room/errors.js';

/** What livekit-client says when a connection attempt fails. */
export interface Refusal {
  /** Name of its ConnectionErrorReason; empty for any other error. */
  readonly reason: string;
  /** HTTP status of the server's answer, where there was one. */
  readonly status: number | undefined;
  readonly message: string;
  readonly cause: unknown;
  /** Plain HTTP works where the WebSocket was refused; looked up for the reason `WebSocket` only. */
  readonly answers: boolean;
}

/**
 * Why a connection did not open. Where 401, 403 and 404 come from: LiveKit's pkg/service/rtcservice.go. A room that is full
 * takes the token and then refuses the WebSocket with a status that browsers hide; on several nodes it says Leave first.
 */
export function refused({ reason, status, message, cause, answers }: Refusal, host: string): VcRoomError {
  const because = { cause };
  if (message.includes("'RTCPeerConnection'"))
    return new VcRoomError(
      'invalid-configuration',
      'rtc-config',
      'The browser refuses the rtcConfig property. Its own words are the cause of this error.',
      because,
    );
  switch (reason) {
    case 'NotAllowed':
      if (status === 404)
        return new VcRoomError(
          'room-closed',
          'not-found',
          `${host} knows no such room and does not create rooms by itself. Create it first, or set room.auto_create in LiveKit's configuration.`,
          because,
        );
      return new VcRoomError(
        'token-rejected',
        'refused-by-server',
        `${host} refused the token (${status ?? 'no status'}). Check that key and secret of the token endpoint belong to this server, and that its clock is right.`,
        because,
      );
    case 'Timeout':
      return new VcRoomError(
        'timeout',
        'signal',
        `${host} did not answer in time. Check that LiveKit runs there and that no proxy holds WebSockets back.`,
        because,
      );
    case 'WebSocket':
      if (!answers) break;
      return full(host, because);
    case 'LeaveRequest':
      return full(host, because);
    case 'ServiceNotFound':
      return new VcRoomError('unreachable', 'signal', `${host} answers, but not as a LiveKit server. Check the server URL and the proxy's path.`, because);
    case 'InternalError':
      if (message.includes('pc connection')) return noMedia(host, because);
      break;
    case '':
      return new VcRoomError('unknown', 'unexpected', `Connecting to ${host} failed unexpectedly. Please report it with the cause of this error.`, because);
  }
  if (!navigator.onLine) return new VcRoomError('unreachable', 'offline', `${host} cannot be reached: this browser is offline.`, because);
  return new VcRoomError(
    'unreachable',
    'signal',
    `${host} cannot be reached. Check that LiveKit runs there, that its certificate is valid, and that the page's Content-Security-Policy allows it in connect-src.`,
    because,
  );
}

function full(host: string, because: ErrorOptions): VcRoomError {
  return new VcRoomError(
    'room-full',
    'limit',
    `${host} takes the token and lets nobody more in: max_participants of the room is reached. If nobody ever gets in, check that the proxy and the page's connect-src let WebSockets through.`,
    because,
  );
}

/** The server answers, sound does not come through. */
export function noMedia(host: string, because?: ErrorOptions): VcRoomError {
  return new VcRoomError(
    'unreachable',
    'media',
    `${host} answers, but no path for sound was found. Open its UDP port (7882) or TCP port (7881), or configure TURN.`,
    because,
  );
}

/** Whether anything well answers plain HTTP there within 2 s. */
export async function answersHttp(serverUrl: string): Promise<boolean> {
  try {
    const response = await fetch(serverUrl.replace(/^ws/, 'http'), { credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(2_000) });
    return response.ok;
  } catch {
    return false;
  }
}

/** What was thrown, fit to be shown: LiveKit's 401 quotes the token, browsers quote the address that holds it. */
export function withoutToken(thrown: Error, token: string): Error {
  const redacted = new Error(thrown.message.replaceAll(token, '…').replace(/access_token=[^&\s'"]*/g, 'access_token=…'));
  redacted.name = thrown.name;
  return redacted;
}

/** Why a connection that stood is over; `reason` is the name of livekit-client's DisconnectReason (livekit_models.proto). */
export function ended(reason: string, host: string): VcRoomError {
  switch (reason) {
    case 'DUPLICATE_IDENTITY':
      return new VcRoomError('duplicate-identity', 'elsewhere', `Somebody else entered the room on ${host} with the same identity. Give each page its own.`);
    case 'PARTICIPANT_REMOVED':
      return new VcRoomError('removed', 'by-moderator', `A moderator took this participant out of the room on ${host}.`);
    case 'ROOM_DELETED':
      return new VcRoomError('room-closed', 'deleted', `The room on ${host} was deleted.`);
    case 'ROOM_CLOSED':
      return new VcRoomError('room-closed', 'ended', `The room on ${host} has ended.`);
    case 'CONNECTION_TIMEOUT':
      return new VcRoomError('timeout', 'media', `${host} heard nothing from this page for too long and closed the connection.`);
    case 'MEDIA_FAILURE':
      return noMedia(host);
    case 'SERVER_SHUTDOWN':
      return new VcRoomError('unreachable', 'signal', `${host} was shut down.`);
    case 'CLIENT_INITIATED':
      return new VcRoomError('unreachable', 'signal', `The browser froze the page, which ended its connection to ${host}.`);
  }
  if (!navigator.onLine) return new VcRoomError('unreachable', 'offline', `The connection to ${host} was lost: this browser is offline.`);
  return new VcRoomError('unreachable', 'signal', `The connection to ${host} was lost and could not be brought back.`);
}

/** What became of a connection that is wanted no more. */
export function takenBack({ reason }: AbortSignal): VcRoomError {
  return reason instanceof VcRoomError ? (reason as VcRoomError) : new VcRoomError('aborted', 'left', 'The connection was taken back before it stood.');
}

/** @throws VcRoomError for what is no URL */
export function hostOf(serverUrl: string): string {
  try {
    return new URL(serverUrl).host;
  } catch {
    throw new VcRoomError(
      'token-invalid',
      'server-url',
      'The grant names a server URL that is none. The token endpoint must answer with ws:, wss:, http: or https:.',
    );
  }
}
