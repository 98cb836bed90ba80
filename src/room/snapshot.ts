import type { VcRoomError } from './errors.js';

export type ConnectionState = 'idle' | 'joining' | 'joined' | 'reconnecting';

/** `muted` also when the device was never opened because the person started muted; `blocked` covers refused and busy devices. */
export type MicrophoneState = 'off' | 'requesting' | 'live' | 'muted' | 'blocked' | 'missing';

export type ConnectionQuality = 'excellent' | 'good' | 'poor' | 'lost' | 'unknown';

export type NoiseSuppression = 'off' | 'loading' | 'rnnoise' | 'browser';

/** What people should know about their microphone and would not notice. */
export type MicrophoneHint = 'talking-while-muted' | 'silent';

/** `open`: no push-to-talk; else whether the key is held. Muted or not is another question. */
export type Talk = 'open' | 'released' | 'held';

/** As the browser names it; without permission the label is empty. */
export interface Device {
  readonly id: string;
  readonly label: string;
}

/** What a first join is busy with, for the steps that the lobby shows. */
export type JoinStep = 'loading' | 'asking' | 'connecting';

/** Somebody in the room, as this page sees them. Frozen; a change makes a new object. */
export interface Participant {
  readonly identity: string;
  readonly name: string;
  readonly muted: boolean;
  readonly speaking: boolean;
  readonly quality: ConnectionQuality;
  readonly connection: 'live' | 'reconnecting';
  /** Publishes no microphone at all. */
  readonly listenOnly: boolean;
  /** How loud I hear them: 0 to 2, 1 unless changed. */
  readonly volume: number;
  /** Muted for me alone. */
  readonly locallyMuted: boolean;
  /** Milliseconds since the epoch, by the server's clock. */
  readonly joinedAt: number;
}

/** The state of the device; what people are shown (`microphone`) also depends on mute. */
export type CaptureState = 'off' | 'requesting' | 'open' | 'blocked' | 'missing';

/** How one person is heard here; kept while the page lives, so that they sound the same when they come back. */
export interface Listening {
  readonly volume: number;
  readonly locallyMuted: boolean;
}

/** Everything that is true about the room at one moment. Frozen, replaced as a whole, never changed. */
export interface RoomSnapshot {
  readonly connectionState: ConnectionState;
  /** `null` unless `joining`. */
  readonly step: JoinStep | null;
  readonly error: VcRoomError | null;
  readonly localParticipant: Participant | null;
  readonly remoteParticipants: readonly Participant[];
  /** How many others stand at the door. */
  readonly standbyCount: number;
  readonly capture: CaptureState;
  readonly microphone: MicrophoneState;
  readonly listenOnly: boolean;
  readonly micMuted: boolean;
  readonly talk: Talk;
  readonly deafened: boolean;
  /** What undeafening gives back. */
  readonly micMutedBeforeDeafen: boolean;
  readonly volume: number;
  /** What was said about people, by identity. */
  readonly listening: Readonly<Record<string, Partial<Listening>>>;
  readonly playbackBlocked: boolean;
  readonly activeNoiseSuppression: NoiseSuppression;
  /** What is captured from now. */
  readonly inputDevice: Device | null;
  /** Another one whenever the list of devices may be another; not there before. */
  readonly deviceList?: object;
  /** What plays the others; null: the system's default. */
  readonly outputDevice: Device | null;
  readonly microphoneHint: MicrophoneHint | null;
}

/** How one person is heard. Identities are foreign text, but nothing that an object has from its prototype has properties to spread. */
export function heardAs({ listening }: RoomSnapshot, identity: string): Listening {
  return { volume: 1, locallyMuted: false, ...listening[identity] };
}

const nobody: readonly Participant[] = Object.freeze([]);

export const initialSnapshot: RoomSnapshot = Object.freeze({
  connectionState: 'idle',
  step: null,
  error: null,
  localParticipant: null,
  remoteParticipants: nobody,
  standbyCount: 0,
  capture: 'off',
  microphone: 'off',
  listenOnly: false,
  micMuted: false,
  talk: 'open',
  deafened: false,
  micMutedBeforeDeafen: false,
  volume: 1,
  listening: Object.freeze({}),
  playbackBlocked: false,
  activeNoiseSuppression: 'off',
  inputDevice: null,
  outputDevice: null,
  microphoneHint: null,
});
