import type { VcRoomError } from './errors.js';
import { heardAs, initialSnapshot } from './snapshot.js';
import type { Device, Listening, MicrophoneState, Participant, RoomSnapshot, Talk } from './snapshot.js';

/** What a report may change; never where we are. */
export type Patch = Partial<
  Pick<
    RoomSnapshot,
    | 'step'
    | 'error'
    | 'localParticipant'
    | 'remoteParticipants'
    | 'standbyCount'
    | 'capture'
    | 'listenOnly'
    | 'playbackBlocked'
    | 'activeNoiseSuppression'
    | 'inputDevice'
    | 'deviceList'
    | 'outputDevice'
    | 'microphoneHint'
  >
>;

/** What happened. The first five move `connectionState`; the rest change data and never do. */
export type Message =
  | { readonly type: 'committed'; readonly listenOnly: boolean }
  | { readonly type: 'opened' }
  | { readonly type: 'dropped' }
  | { readonly type: 'restored' }
  | { readonly type: 'closed'; readonly error?: VcRoomError }
  /** Reports of the world, worked out by `reports.ts`; only true of a room that we are in or on the way into. */
  | { readonly type: 'patched'; readonly change: Patch }
  | { readonly type: 'muted'; readonly muted: boolean }
  | { readonly type: 'deafened'; readonly deafened: boolean }
  | { readonly type: 'volume'; readonly volume: number }
  | { readonly type: 'talk'; readonly talk: Talk }
  | { readonly type: 'output'; readonly device: Device | null }
  | { readonly type: 'listening'; readonly identity: string; readonly listening: Partial<Listening> }
  /** Everybody is heard as if nothing had ever been said. */
  | { readonly type: 'forgotten' }
  /** How people were heard at an earlier visit; what was said since counts more. */
  | { readonly type: 'recalled'; readonly listening: Readonly<Record<string, Listening>> };

/** The next snapshot; the same object where nothing changed. Pure and total: every message has an answer in every state. */
export function transition(now: RoomSnapshot, message: Message): RoomSnapshot {
  const state = now.connectionState;
  switch (message.type) {
    case 'committed':
      if (state !== 'idle') return now;
      return patch(now, {
        connectionState: 'joining',
        step: 'loading',
        error: null,
        listenOnly: message.listenOnly,
        // The gesture that commits also asks for the microphone, unless it is not wanted yet.
        capture: message.listenOnly || now.micMuted ? 'off' : 'requesting',
      });
    case 'opened':
      return state === 'joining' ? patch(now, { connectionState: 'joined', step: null }) : now;
    case 'dropped':
      return state === 'joined' ? patch(now, { connectionState: 'reconnecting' }) : now;
    case 'restored':
      return state === 'reconnecting' ? patch(now, { connectionState: 'joined' }) : now;
    case 'closed':
      if (state === 'idle') return now;
      return patch(now, {
        connectionState: 'idle',
        step: null,
        error: message.error ?? null,
        localParticipant: null,
        remoteParticipants: [],
        standbyCount: 0,
        capture: 'off',
        listenOnly: false,
        playbackBlocked: false,
        activeNoiseSuppression: 'off',
        inputDevice: null,
        microphoneHint: null,
        talk: now.talk === 'open' ? 'open' : 'released',
      });
    case 'muted':
      // Unmuting while deafened undeafens: nobody talks to people whom they cannot hear.
      return patch(now, {
        micMuted: message.muted,
        micMutedBeforeDeafen: message.muted,
        deafened: now.deafened && message.muted,
      });
    case 'deafened':
      if (message.deafened === now.deafened) return now;
      return message.deafened
        ? patch(now, { deafened: true, micMuted: true, micMutedBeforeDeafen: now.micMuted })
        : patch(now, { deafened: false, micMuted: now.micMutedBeforeDeafen });
    case 'volume':
      return patch(now, { volume: message.volume });
    case 'talk':
      return patch(now, { talk: message.talk });
    case 'output':
      return patch(now, { outputDevice: message.device });
    case 'recalled':
      return patch(now, {
        listening: Object.fromEntries(
          Object.entries({ ...message.listening, ...now.listening }).map(([identity, said]) => [identity, { ...message.listening[identity], ...said }]),
        ),
      });
    case 'forgotten':
      return patch(now, {
        listening: initialSnapshot.listening,
        remoteParticipants: now.remoteParticipants.map((person) => same(person, { ...person, ...heardAs(initialSnapshot, person.identity) })),
      });
    case 'listening': {
      const { identity, listening } = message;
      return patch(now, {
        listening: { ...now.listening, [identity]: { ...now.listening[identity], ...listening } },
        remoteParticipants: now.remoteParticipants.map((person) => (person.identity === identity ? same(person, { ...person, ...listening }) : person)),
      });
    }
    case 'patched':
      return state === 'idle' ? now : patch(now, message.change);
  }
}

/** Merges, derives what depends on more than one field, keeps identity where nothing changed, and freezes. */
function patch(now: RoomSnapshot, change: Partial<RoomSnapshot>): RoomSnapshot {
  const next = { ...now, ...change };
  return same<RoomSnapshot>(now, {
    ...next,
    microphone: microphoneOf(next),
    localParticipant:
      next.localParticipant &&
      same<Participant>(now.localParticipant, {
        ...next.localParticipant,
        muted: next.micMuted || next.capture !== 'open',
        connection: next.connectionState === 'reconnecting' ? 'reconnecting' : 'live',
      }),
    remoteParticipants: sameList(now.remoteParticipants, next.remoteParticipants),
  });
}

function microphoneOf({ connectionState, listenOnly, capture, micMuted }: RoomSnapshot): MicrophoneState {
  if (connectionState === 'idle' || listenOnly) return 'off';
  if (capture === 'blocked' || capture === 'missing' || capture === 'requesting') return capture;
  if (micMuted) return 'muted';
  return capture === 'open' ? 'live' : 'off';
}

/** The object from before where the new one says the same. */
export function same<T extends object>(before: T | null | undefined, after: T): T {
  return before && shallowEqual(before, after) ? before : Object.freeze(after);
}

function sameList<T>(before: readonly T[], after: readonly T[]): readonly T[] {
  return before.length === after.length && before.every((item, index) => item === after[index]) ? before : Object.freeze(after);
}

function shallowEqual<T extends object>(a: T, b: T): boolean {
  return (Object.keys(b) as (keyof T)[]).every((key) => Object.is(a[key], b[key]));
}
