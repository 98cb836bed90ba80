import type { RoomSnapshot } from '../room/snapshot.js';
import type { Vitals } from './vitals.js';

/** An event of the element, and how the room was then. */
export interface Logged {
  /** ms since the page began. */
  readonly at: number;
  readonly event: string;
  readonly snapshot: RoomSnapshot;
}

/** For support, what the face knows: what runs on what, how the connection does, what happened; neither who nor where. */
export function report(
  { microphone, inputDevice, outputDevice, activeNoiseSuppression, remoteParticipants }: RoomSnapshot,
  log: readonly Logged[],
  vitals: Vitals,
): object {
  return {
    browser: navigator.userAgent,
    microphone,
    activeNoiseSuppression,
    participants: remoteParticipants.length,
    inputDevice: inputDevice?.label ?? null,
    outputDevice: outputDevice?.label ?? null,
    path: vitals.path,
    network: vitals.history.at(-1) ?? null,
    events: log.map(line),
  };
}

function line({ at, event, snapshot: { connectionState, microphone, remoteParticipants, error } }: Logged): object {
  const { [event]: detail }: Record<string, unknown> = {
    connectionstatechange: connectionState,
    microphonechange: microphone,
    participantschange: remoteParticipants.length,
    error: error?.code,
  };
  return { at: Math.round(at), event, ...(detail !== undefined && { detail }) };
}
