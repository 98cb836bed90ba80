/** What a test in the browser asks of the real LiveKit server; answered by livekit-plugin.ts. */
import type { ConnectRequest } from '../../src/room/suppliers.js';

export interface TokenWish {
  readonly room: string;
  readonly identity: string;
  readonly name?: string;
  readonly canPublish?: boolean;
  readonly canSubscribe?: boolean;
  readonly canPublishData?: boolean;
  /** Seconds of life, 600 unless told; negative for one that expired. */
  readonly ttl?: number;
  /** Signed with another secret than the server's. */
  readonly forged?: boolean;
}

async function ask<Answer>(path: string, body: object): Promise<Answer> {
  const response = await fetch(`/__livekit/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`/__livekit/${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

/** ws: URL of the running server. */
export async function serverUrl(): Promise<string> {
  return (await ask<{ url: string }>('url', {})).url;
}

/** A signed token. */
export async function token(wish: TokenWish): Promise<string> {
  return (await ask<{ token: string }>('token', wish)).token;
}

/** Puts somebody out of a room, as a moderator does. */
export function removeParticipant(room: string, identity: string): Promise<void> {
  return ask('remove-participant', { room, identity });
}

/** Ends a room for everybody. */
export function deleteRoom(room: string): Promise<void> {
  return ask('delete-room', { room });
}

/** Creates a room that takes at most so many people. */
export function createRoom(room: string, maxParticipants: number): Promise<void> {
  return ask('create-room', { room, maxParticipants });
}

let counter = 0;

/** A room name that no other test uses. */
export function freshRoom(): string {
  return `room-${performance.timeOrigin.toString(36).replace('.', '')}-${++counter}`;
}

/** Into a room of its own as ada, with this track, unmuted. */
export async function connectRequest(track: MediaStreamTrack, change: Partial<ConnectRequest> = {}): Promise<ConnectRequest> {
  return {
    serverUrl: await serverUrl(),
    token: await token({ room: freshRoom(), identity: 'ada' }),
    track: () => track,
    isMuted: () => false,
    rtcConfig: { iceServers: [] },
    report: () => undefined,
    signal: new AbortController().signal,
    ...change,
  };
}
