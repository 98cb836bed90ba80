import type { VcRoomError } from './errors.js';
import type { CaptureState, ConnectionQuality, Device, MicrophoneHint, NoiseSuppression } from './snapshot.js';

/** A MediaStreamTrack to those who make and play it; opaque to the room. */
export interface Track {
  readonly id: string;
  readonly kind: string;
}

/** What a token endpoint or `tokenSource` is asked. An empty string means: not given. */
export interface GrantRequest {
  readonly room: string;
  readonly identity: string;
  readonly displayName: string;
}

/** What a `tokenSource` answers. */
export interface Grant {
  readonly token: string;
  /** ws(s) or http(s) URL of the SFU; without it the `server-url` attribute is used. */
  readonly serverUrl?: string;
  /** Seconds from now; without it the token's own claims are read. */
  readonly expiresIn?: number;
}

/** A grant whose claims were looked at (never verified: only the server can do that). */
export interface CheckedGrant {
  readonly token: string;
  /** ws: or wss: */
  readonly serverUrl: string;
  readonly identity: string;
  /** From the token; empty where it says none. */
  readonly name: string;
  /** From the token; empty where it says none. */
  readonly room: string;
  readonly canPublish: boolean;
  readonly canPublishData: boolean;
}

/** The site's own way to a grant, in place of an endpoint. */
export type TokenSource = (request: GrantRequest, options: { readonly signal: AbortSignal }) => Promise<Grant>;

/** What a Matrix homeserver answers to `POST /_matrix/client/v3/user/{userId}/openid/request_token`. */
export interface OpenIdToken {
  readonly access_token: string;
  readonly token_type: string;
  readonly matrix_server_name: string;
  /** Seconds. */
  readonly expires_in: number;
}

/** Who the person is at Matrix; asked anew for every grant. */
export type MatrixIdentity = (options: {
  readonly signal: AbortSignal;
}) => Promise<{ readonly openid: OpenIdToken; readonly userId: string; readonly deviceId: string }>;

/** Time, handed in so that tests have their own. */
export interface Clock {
  /** Milliseconds since the epoch, as this device sees it. */
  now(): number;
  /** Calls back once; what it returns takes that back. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** What the browser tells about page and network. */
export interface Lifecycle {
  readonly online: boolean;
  readonly visible: boolean;
  /** Calls back whenever a connection may have changed: back online, another network, shown again, woken up. What it returns takes that back. */
  listen(heard: () => void): () => void;
}

export interface AskOptions {
  readonly signal: AbortSignal;
  readonly fresh: boolean;
  /** Called when a request has left. */
  readonly sent?: () => void;
  /** Nobody else asks under this identity now. */
  readonly alone?: boolean;
}

export interface Grants {
  /**
   * One grant for this request, perhaps a kept one; `fresh` drops what is kept and asks again.
   * @throws VcRoomError `not-configured`, `token-unreachable`, `token-rejected`, `token-invalid`
   */
  ask(request: GrantRequest, options: AskOptions): Promise<CheckedGrant>;
  /**
   * Its server did not take this grant, or put its bearer out: nothing kept for that room is used again.
   * @returns whether it had been kept from before, so that asking again may help
   */
  reject(grant: CheckedGrant): boolean;
  /** Whether nobody else can have this grant's identity, so that connecting with it puts nobody out. */
  isOurs(grant: CheckedGrant): boolean;
}

/** The joins of this browser profile under one identity, of which the newest has it. */
export interface Stays {
  /** One join, with all its connections. */
  begin(): {
    /** Whether somebody entered later, on this page or in another tab, in the same room under the same identity. */
    readonly isTakenOver: boolean;
    /** We enter with this grant: earlier ones hear of it. */
    enter(grant: CheckedGrant): void;
    end(): void;
  };
}

/** Somebody as the transport sees them: what the network knows, nothing about how they are heard here. */
export interface Person {
  readonly identity: string;
  readonly name: string;
  readonly muted: boolean;
  readonly listenOnly: boolean;
  readonly quality: ConnectionQuality;
  readonly connection: 'live' | 'reconnecting';
  readonly joinedAt: number;
}

export type ConnectionReport =
  /** All others, in order of joining. */
  | { readonly type: 'participants'; readonly participants: readonly Person[] }
  /** Which others are connected ahead of a click, and so are no participants yet. Comes before the `participants` of the same moment. */
  | { readonly type: 'standby'; readonly identities: readonly string[] }
  | { readonly type: 'local'; readonly person: Person }
  /** Everybody who speaks now, myself included. */
  | { readonly type: 'speakers'; readonly identities: readonly string[] }
  /** Sound of somebody has begun, was replaced, or (`null`) has ended. */
  | { readonly type: 'track'; readonly identity: string; readonly track: Track | null }
  /** Browser and server agree: until sound flows only the network is at work. Where the transport cannot know it is not said. */
  | { readonly type: 'negotiated' }
  /** Signalling is lost and being resumed; media may go on all the while. */
  | { readonly type: 'resuming' }
  | { readonly type: 'resumed' }
  /** The connection is over and will report nothing more. `answered`: the server said so itself just now, and waits for a new one. */
  | { readonly type: 'ended'; readonly error: VcRoomError; readonly answered?: boolean };

export interface ConnectRequest {
  readonly serverUrl: string;
  readonly token: string;
  /** Asked for once the server has answered, and published before the connection stands; `null` publishes nothing. Stays the caller's: never stopped here. */
  readonly track: (() => Track) | null;
  /** What others are told, as of now; read until `connect()` resolves, and when the door opens. Later changes come by `setMuted()`. */
  readonly isMuted: () => boolean;
  /**
   * Until it resolves the connection stands at the door: hears nobody, and others know of it as a number only; `isMuted` has to say yes for so long.
   * `null`: in from the beginning.
   */
  readonly door?: Promise<void> | null;
  /** RTCConfiguration, handed through. */
  readonly rtcConfig: object | undefined;
  /** Called from the moment `connect()` is called until `close()` or `ended`, never after. */
  readonly report: (report: ConnectionReport) => void;
  /** Aborting takes the attempt back, also from the server. */
  readonly signal: AbortSignal;
}

export interface Transport {
  /**
   * Resolves when the connection carries sound.
   * @throws VcRoomError `unreachable`, `timeout`, `token-rejected`, `room-full`, `room-closed`, `duplicate-identity`, `removed`, `unsupported`, `aborted`
   */
  connect(request: ConnectRequest): Promise<Connection>;
  /** Somebody is about to connect and publish: has ready what does not depend on where to, unless the signal says that nobody is any more. Never fails. */
  prepare(rtcConfig: object | undefined, signal: AbortSignal): void;
  /** Whether that server answers at all; never rejects. Aborting answers no. */
  probe(serverUrl: string, signal: AbortSignal): Promise<boolean>;
}

/** What a connection has counted since it began, and what it measures now; plain, and without addresses. `null`: the browser does not tell. */
export interface Statistics {
  /** ms, on a steady clock. */
  readonly at: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly receivedPackets: number;
  readonly lostPackets: number;
  /** Share of what I send that did not arrive lately, 0 to 1. */
  readonly sendLoss: number | null;
  /** ms */
  readonly roundTrip: number | null;
  /** ms, the larger of both directions. */
  readonly jitter: number | null;
  /** Kinds of the pair of candidates that carries sound: `host`, `srflx`, `prflx`, `relay`, and `udp` or `tcp`. */
  readonly path: (Ends & { readonly local: string; readonly remote: string; readonly protocol: string }) | null;
}

/** Versions of what talks with each other; empty where it does not tell. */
export interface Ends {
  readonly client: string;
  readonly server: string;
}

/** What has come over a connection; a number means nothing by itself, that it grows does. */
export interface Arrivals {
  readonly total: number;
  /** What the other side sends only when it gets something from here; null where browsers do not tell. */
  readonly answers: number | null;
}

/** One attempt that opened. */
export interface Connection {
  /** What others are told; silence itself is made in the sound graph. */
  setMuted(muted: boolean): void;
  /** Sends another track in place of the published one, without renegotiation. */
  replaceTrack(track: Track): Promise<void>;
  /** Loudness of those who send, 0 to 1 by identity, as of now. */
  levels(): ReadonlyMap<string, number>;
  /** Null where nothing can be known yet. */
  arrived(): Promise<Arrivals | null>;
  /** null where nothing can be known yet. */
  statistics(): Promise<Statistics | null>;
  /** Ends in this task and without a goodbye: a successor under the same identity is on its way, and for the others nobody has left. Idempotent. */
  retire(): void;
  /** Says goodbye without waiting for it; idempotent. */
  close(): void;
}

export type SoundReport =
  | { readonly type: 'capture'; readonly capture: CaptureState; readonly error?: VcRoomError }
  | { readonly type: 'playback'; readonly blocked: boolean }
  | { readonly type: 'noisesuppression'; readonly active: NoiseSuppression }
  /** Another microphone is in use (`null`: none), or the list of devices is another. */
  | { readonly type: 'devices'; readonly input: Device | null }
  /** Another device plays (`null`: the system's default). */
  | { readonly type: 'output'; readonly device: Device | null }
  | { readonly type: 'hint'; readonly hint: MicrophoneHint | null };

/** A short sound of the room itself: I am in; somebody came, or left; my microphone was closed, or opened; to try a loudspeaker. */
export type Cue = 'entered' | 'joined' | 'gone' | 'muted' | 'unmuted' | 'test';

/** How one person is to be heard: gain 0 to 2, already including mute, deafen and the master volume. */
export type Gains = ReadonlyMap<string, number>;

export interface Sound {
  /** The graph's track: exists before the microphone does, carries silence until then, and is never replaced. */
  readonly outgoing: Track;
  /** From now on this room hears about microphone and playback. */
  start(report: (report: SoundReport) => void): void;
  /** Plugs the microphone into the graph. Reports the outcome, never rejects. Idempotent. Call it within a gesture. */
  openMicrophone(): void;
  /** No microphone is needed after all: lets go of it in this task. */
  closeMicrophone(): void;
  /** What suppresses noise may be made now: it takes the thread that a connection needs. Until then sound goes through as it is. Idempotent. */
  denoise(): void;
  /** Opens or shuts the graph's gate, click-free, within 10 ms. */
  setTransmitting(transmitting: boolean): void;
  /** Plays somebody, replaces their track, or (`null`) stops them. */
  play(identity: string, track: Track | null): void;
  setGains(gains: Gains): void;
  /** Starts playback that the browser refused. Call it within a gesture. */
  resume(): Promise<void>;
  /** Loudness of the own microphone, 0 to 1, as of now. */
  level(): number;
  /** Takes effect while talking, without a gap; what really runs is reported. */
  setNoiseSuppression(choice: 'rnnoise' | 'browser' | 'off'): void;
  /**
   * Captures from this device, `null` from the system's default; while talking, without a gap.
   * @throws VcRoomError `mic-missing`, `mic-in-use`, `mic-blocked`: the device from before goes on
   */
  setInputDevice(id: string | null): Promise<void>;
  /**
   * Plays on this device, `null` on the system's default.
   * @throws VcRoomError `unsupported` where the browser lets nobody choose; `unknown` where the device does not play: the one from before goes on
   */
  setOutputDevice(id: string | null): Promise<void>;
  /** Plays it where the others play. */
  cue(cue: Cue, volume: number): void;
  /** Plain data, safe to paste in a bug report. */
  diagnostics(): object;
  /** Microphone, context and playback end in this task. Idempotent. */
  close(): void;
}

/** What was opened within the gesture, before the parts that use it were loaded. Released when the room is left. */
export interface Press {
  release(): void;
}

/** Everything a session needs from outside, for one join. */
export interface Suppliers {
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  readonly stays: Stays;
  readonly grants: Grants;
  /** Made when it is first asked for; then it may throw VcRoomError `unsupported`. */
  readonly sound: Sound;
  readonly transport: Transport;
  /** Before the click: who is in is known now, or others are in than were, or it is known no more. */
  atDoor(): void;
}
