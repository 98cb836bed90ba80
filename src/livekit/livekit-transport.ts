import {
  AudioPresets,
  ConnectionError,
  ConnectionErrorReason,
  ConnectionState,
  DisconnectReason,
  LocalAudioTrack,
  PublishTrackError,
  Room,
  RoomEvent,
  Track as Media,
  setLogLevel,
  version,
} from 'livekit-client';
import type { LocalTrack, RemoteParticipant } from 'livekit-client';
import { VcRoomError, toVcRoomError } from '../room/errors.js';
import type { Arrivals, ConnectRequest, Connection, ConnectionReport, Statistics, Track, Transport } from '../room/suppliers.js';
import {
  engineOf,
  forgoAudioContext,
  hangUp,
  joinedAtOf,
  mustBeginAnew,
  onceConnected,
  onNegotiated,
  release,
  withoutDevices,
  withoutPolling,
} from './engine.js';
import { answersHttp, ended, hostOf, noMedia, refused, takenBack, withoutToken } from './failures.js';
import { makeFirstOffer, offerAgain, reserveInFirstOffer } from './first-offer.js';
import { onLeaving } from './leaving.js';
import { Microphone } from './microphone.js';
import { tuneOpus } from './opus.js';
import { Shelf } from './prepared.js';
import type { Prepared } from './prepared.js';
import { Presence, standbyTrack } from './presence.js';
import { Roster, levelOf } from './roster.js';
import { arrivals, statisticsOf } from './stats.js';
import { decline, subscribe } from './subscriptions.js';

export { warmRoute } from './warm.js';

// It would log addresses with tokens in them.
setLogLevel('silent');

/** Of how many tracks, mine first, statistics are gathered. */
const observed = 12;

/** Ms until the WebSocket must stand; used again for every resumption. */
const signalTimeout = 5_000;
/** Ms from the server's answer until sound must have found a way. */
const mediaTimeout = 10_000;

/**
 * Ms after a negotiation in which no request of the server for the next is waited for (it asks every 150 ms at most, transport.go):
 * who comes back together with us after a restart would be heard that much later.
 */
const slowToAsk = 250;

/**
 * Ms before each try to bring signalling back while media goes on. Quick at first: a server that has restarted says that it knows us no more, which is the
 * soonest way to hear of it. Not many, since Chromium slows down WebSockets of a page after a dozen that failed.
 */
const resumeDelays = [0, 100, 100, 150, 200, 300, 500, 1_000, 2_000, 2_000, 2_000];

/** What may have changed the roster; who has really changed is read from the room afterwards. */
const changing = [
  RoomEvent.SignalConnected,
  RoomEvent.Connected,
  RoomEvent.Reconnected,
  RoomEvent.ParticipantConnected,
  RoomEvent.ParticipantDisconnected,
  RoomEvent.ParticipantNameChanged,
  RoomEvent.ParticipantPermissionsChanged,
  RoomEvent.ConnectionQualityChanged,
  RoomEvent.TrackPublished,
  RoomEvent.TrackUnpublished,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
  RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed,
  RoomEvent.LocalTrackPublished,
  RoomEvent.LocalTrackUnpublished,
  RoomEvent.ActiveSpeakersChanged,
] as const;

const makeRoom = (resuming: Prepared<Room>['resuming']): Room =>
  withoutDevices(
    Room,
    () =>
      new Room({
        reconnectPolicy: { nextRetryDelayInMs: ({ retryCount }) => resuming.delay(retryCount) },
        adaptiveStream: false,
        dynacast: false,
        webAudioMix: false,
        stopLocalTrackOnUnpublish: false,
        // It would leave on `beforeunload`, which a download or a cancelled navigation fires too.
        disconnectOnPageLeave: false,
        publishDefaults: { audioPreset: AudioPresets.speech, red: true, dtx: true, forceStereo: false, stopMicTrackOnMute: false },
      }),
  );

const voice: RTCRtpEncodingParameters = { ...AudioPresets.speech, priority: 'high', networkPriority: 'high' };

/** A Room with peer connection and first offer, in which a place is kept for a microphone if one is to be published. */
function prepare(rtcConfig: object | undefined, publishes: boolean): Prepared<Room> {
  const resuming: Prepared<Room>['resuming'] = { delay: () => null };
  const room = makeRoom(resuming);
  forgoAudioContext(room);
  const engine = engineOf(room);
  if (publishes) {
    reserveInFirstOffer(engine, voice);
    tuneOpus(engine);
  }
  return { room, resuming, ready: makeFirstOffer(engine, rtcConfig) };
}

const shelf = new Shelf<Room>(
  (rtcConfig) => prepare(rtcConfig, true),
  ({ room }) => void release(room, engineOf(room)).catch(() => undefined),
);

/** Has ready what the next connection that publishes starts with, for a minute. */
export function prepareConnection(rtcConfig: object | undefined): void {
  if (typeof RTCPeerConnection !== 'undefined') shelf.fill(rtcConfig);
}

/** Rooms on a LiveKit server. A fresh livekit-client Room for each connection: a used one carries its past into the next. */
export class LiveKitTransport implements Transport {
  async connect(request: ConnectRequest): Promise<Connection> {
    if (request.signal.aborted) throw takenBack(request.signal);
    if (typeof RTCPeerConnection === 'undefined')
      throw new VcRoomError('unsupported', 'webrtc', 'This browser has no WebRTC, or an extension or policy took it away. Voice needs RTCPeerConnection.');
    const connection = new LiveKitConnection(request);
    await connection.opened;
    return connection;
  }

  prepare(rtcConfig: object | undefined, signal: AbortSignal): void {
    if (signal.aborted) return;
    prepareConnection(rtcConfig);
    signal.addEventListener('abort', () => shelf.clear(), { once: true });
  }

  async probe(serverUrl: string, signal: AbortSignal): Promise<boolean> {
    try {
      // An answer of any kind will do; LiveKit's own lets every origin read it, a proxy's may not.
      await fetch(serverUrl.replace(/^ws/, 'http'), { mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal });
      return true;
    } catch {
      return false;
    }
  }
}

class LiveKitConnection implements Connection {
  /** Rejects with a `VcRoomError`; from then on nothing is left of this connection, here or on the server. */
  readonly opened: Promise<void>;

  readonly #request: ConnectRequest;
  readonly #host: string;
  readonly #engine: object | null;
  readonly #presence = new Presence();
  readonly #roster: Roster;
  #room: Room | null;
  #phase: 'opening' | 'open' | 'over' = 'opening';
  #resolveOpened: () => void = () => undefined;
  #rejectOpened: (error: VcRoomError) => void = () => undefined;

  #microphone: Microphone<LocalAudioTrack> | null = null;
  #refusedToPublish = false;

  /** Whether others may know that we are here. */
  #isIn: boolean;
  /** When we came in over a way that stood, by the server's clock. */
  #cameInAt = 0;
  /** At the door nothing is subscribed to by itself. */
  #byHand = false;
  #negotiatedAt = -Infinity;
  /** Which voices an offer was made for, or left to the server to ask for. */
  readonly #subscribed = new WeakSet<object>();

  #flushing = false;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #lookAgain: ReturnType<typeof setTimeout> | undefined;
  #unwatch?: () => void;

  constructor(request: ConnectRequest) {
    this.#request = request;
    this.#host = hostOf(request.serverUrl);
    this.#roster = new Roster(this.#presence, this.#report);
    this.opened = new Promise((resolve, reject) => {
      this.#resolveOpened = resolve;
      this.#rejectOpened = reject;
    });

    this.#isIn = !request.door;
    void request.door?.then(() => this.#comeIn());

    // Signalling is brought back at once and for as long as media goes on; what is beyond that gets a successor, which is faster.
    const { room, resuming, ready } = request.track ? shelf.take(request.rtcConfig) : prepare(request.rtcConfig, false);
    resuming.delay = (retryCount) => (mustBeginAnew(this.#engine) ? null : (resumeDelays[retryCount] ?? null));
    this.#room = room;
    this.#engine = engineOf(room);
    this.#listen(room, 'on');
    onceConnected(this.#engine, this.#onConnected);
    request.signal.addEventListener('abort', this.#onAbort);
    void ready.then(() => {
      withoutPolling(this.#engine);
      onNegotiated(this.#engine, () => {
        this.#negotiatedAt = performance.now();
        if (this.#phase === 'opening') this.#report({ type: 'negotiated' });
      });
      this.#connect(room);
    });
  }

  setMuted(muted: boolean): void {
    this.#microphone?.setMuted(muted);
  }

  async replaceTrack(track: Track): Promise<void> {
    await this.#microphone?.replaceTrack(track as MediaStreamTrack);
  }

  levels(): ReadonlyMap<string, number> {
    return new Map(Array.from(this.#room?.remoteParticipants.values() ?? [], (participant) => [participant.identity, levelOf(participant)]));
  }

  async arrived(): Promise<Arrivals | null> {
    const report = await this.#statistics();
    return report && arrivals(report);
  }

  async statistics(): Promise<Statistics | null> {
    const reports = await Promise.all(this.#tracks.slice(0, observed).map((track) => track.getRTCStatsReport().catch(() => undefined)));
    const known = reports.filter((report) => report !== undefined);
    return known.length ? statisticsOf(known, performance.now(), { client: version, server: this.#room?.serverInfo?.version ?? '' }) : null;
  }

  retire(): void {
    this.#end(null, hangUp(this.#engine));
  }

  close(): void {
    this.#end(null);
  }

  get #isOver(): boolean {
    return this.#phase === 'over';
  }

  #listen(room: Room, how: 'on' | 'off'): void {
    for (const event of changing) room[how](event, this.#onChanged);
    room[how](RoomEvent.SignalConnected, this.#onSignalConnected);
    room[how](RoomEvent.Reconnecting, this.#onReconnecting);
    room[how](RoomEvent.SignalReconnecting, this.#onSignalReconnecting);
    room[how](RoomEvent.Reconnected, this.#onReconnected);
    room[how](RoomEvent.Disconnected, this.#onDisconnected);
    room[how](RoomEvent.ParticipantActive, this.#onNewcomer);
    room[how](RoomEvent.DataReceived, this.#onData);
  }

  #connect(room: Room): void {
    if (this.#isOver) return;
    const { serverUrl, token, rtcConfig } = this.#request;
    this.#byHand = !this.#isIn;
    room
      .connect(serverUrl, token, {
        autoSubscribe: this.#isIn,
        websocketTimeout: signalTimeout,
        // Longer than our own deadline: on its own, livekit-client polls the failed peer connection for ever.
        peerConnectionTimeout: 2 * mediaTimeout,
        ...(rtcConfig === undefined ? {} : { rtcConfig }),
      })
      .then(this.#onConnected, this.#onRefused);
  }

  /** A listener may close us in the middle of several reports. */
  readonly #report = (report: ConnectionReport): void => {
    if (this.#phase !== 'over') this.#request.report(report);
  };

  /** The end, once: with an error unless we wanted it. */
  #end(error: VcRoomError | null, before: Promise<void> = Promise.resolve(), answered = false): void {
    const { phase, room } = { phase: this.#phase, room: this.#room };
    if (phase === 'over' || !room) return;
    this.#phase = 'over';
    this.#room = null;
    this.#request.signal.removeEventListener('abort', this.#onAbort);
    this.#listen(room, 'off');
    this.#unwatch?.();
    clearTimeout(this.#deadline);
    clearTimeout(this.#lookAgain);
    this.#microphone?.stop();
    void before
      .then(() => room.disconnect(false))
      .catch(() => undefined)
      .then(() => release(room, this.#engine))
      .catch(() => undefined);
    if (phase === 'opening') this.#rejectOpened(error ?? takenBack(this.#request.signal));
    else if (error) this.#request.report({ type: 'ended', error, answered });
  }

  /** From the door; what it takes is on its way in this task, or goes as soon as there is a way. */
  #comeIn(): void {
    this.#isIn = true;
    this.setMuted(this.#request.isMuted());
    this.#subscribe();
    if (this.#phase !== 'open' || !this.#room) return;
    // After all who have joined so far, whatever a clock says that is right but for a round trip.
    const others = [...this.#room.remoteParticipants.values()];
    this.#cameInAt = Math.round(Math.max(this.#roster.serverTime(this.#room.localParticipant), ...others.map((other) => joinedAtOf(other) + 1)));
    this.#saySo();
    this.#onChanged();
  }

  /** To everybody, or to one who came. */
  #saySo(to?: string): void {
    if (this.#room && this.#isIn && this.#request.door) Presence.say(this.#room, this.#joinedAt(this.#room), to);
  }

  #joinedAt({ localParticipant }: Room): number {
    return Math.max(joinedAtOf(localParticipant), this.#cameInAt);
  }

  /** As soon as somebody is known, and not only when there is a way for sound. */
  #subscribe(): void {
    if (!this.#isIn || !this.#room || !(this.#byHand || this.#phase === 'open')) return;
    const isNew = subscribe(this.#room, this.#subscribed, this.#byHand);
    if (isNew && (this.#phase === 'opening' || performance.now() - this.#negotiatedAt < slowToAsk)) offerAgain(this.#engine);
  }

  readonly #onNewcomer = ({ identity }: { readonly identity: string }): void => this.#saySo(identity);

  readonly #onData = (said: Uint8Array, from?: RemoteParticipant, _kind?: unknown, about?: string): void => {
    if (this.#presence.hear(from, said, about)) this.#onChanged();
  };

  readonly #onAbort = (): void => this.#end(null);

  readonly #onSignalConnected = (): void => {
    this.#deadline = setTimeout(() => {
      if (this.#phase === 'opening') this.#end(noMedia(this.#host));
    }, mediaTimeout);
    void this.#publish();
  };

  readonly #onConnected = (): void => {
    if (this.#phase !== 'opening') return;
    this.#phase = 'open';
    this.#negotiatedAt = performance.now();
    clearTimeout(this.#deadline);
    this.#unwatch = onLeaving(
      () => this.#end(null),
      () => this.#request.report({ type: 'ended', error: ended('', this.#host), answered: true }),
    );
    this.#saySo();
    this.#resolveOpened();
    this.#subscribe();
  };

  readonly #onRefused = async (thrown: unknown): Promise<void> => {
    clearTimeout(this.#deadline);
    if (this.#phase === 'opening') this.#end(await this.#refusal(thrown));
  };

  readonly #onDisconnected = (reason?: DisconnectReason): void => {
    const name = DisconnectReason[reason ?? 0] ?? '';
    if (this.#phase === 'opening' && !fromServer.has(name)) {
      // connect() is about to say more; but once it waits for media it would say nothing for long.
      clearTimeout(this.#deadline);
      this.#deadline = setTimeout(() => this.#end(ended(name, this.#host)));
      return;
    }
    this.#end(ended(name, this.#host), undefined, mustBeginAnew(this.#engine));
  };

  /** livekit-client begins anew, with at least 2 s of silence: a successor is faster. */
  readonly #onReconnecting = (): void => this.#end(ended('', this.#host));

  readonly #onSignalReconnecting = (): void => this.#report({ type: 'resuming' });

  readonly #onReconnected = (): void => this.#report({ type: 'resumed' });

  get #tracks(): readonly { getRTCStatsReport(): Promise<RTCStatsReport | undefined> }[] {
    const remote = [...(this.#room?.remoteParticipants.values() ?? [])].flatMap((participant) => [...participant.audioTrackPublications.values()]);
    return [this.#microphone?.media, ...remote.map((publication) => publication.track)].filter((track) => track !== undefined);
  }

  /** Of whatever is sent or received; who does neither has nothing to miss. */
  async #statistics(): Promise<RTCStatsReport | null> {
    for (const track of this.#tracks) {
      const report = await track.getRTCStatsReport().catch(() => undefined);
      if (report) return report;
    }
    return null;
  }

  readonly #onChanged = (): void => {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      this.#tell();
    });
  };

  #tell(): void {
    const room = this.#room;
    // While livekit-client begins anew it has forgotten everybody; people have not left for that.
    if (!room?.localParticipant.identity || room.state === ConnectionState.Reconnecting) return;
    this.#subscribe();
    decline(room);
    const again = this.#roster.read(room, {
      listenOnly: !this.#request.track || this.#refusedToPublish,
      muted: this.#refusedToPublish || (this.#microphone?.media.isMuted ?? true),
      connection: 'live',
      joinedAt: this.#joinedAt(room),
    });
    clearTimeout(this.#lookAgain);
    if (again !== null && !this.#isOver) this.#lookAgain = setTimeout(this.#onChanged, again);
  }

  /**
   * Called with the server's first answer, while ICE has not begun. Asked earlier, livekit-client would queue it:
   * no sooner sent, negotiated after instead of beside the request, and never given up when the connection fails.
   */
  async #publish(): Promise<void> {
    const { track, isMuted } = this.#request;
    const { localParticipant } = this.#room ?? {};
    if (!track || !localParticipant) return;
    const microphone = new Microphone(track() as MediaStreamTrack, isMuted(), (clone) => new GraphTrack(clone, undefined, true));
    this.#microphone = microphone;
    try {
      const options = { source: Media.Source.Microphone, ...(this.#request.door && { name: standbyTrack }) };
      await microphone.publish(() => localParticipant.publishTrack(microphone.media as LocalTrack, options));
    } catch (thrown) {
      if (this.#isOver) return;
      if (thrown instanceof PublishTrackError && thrown.status === 403) {
        this.#refusedToPublish = true;
        microphone.stop();
        this.#onChanged();
      } else {
        this.#end(new VcRoomError('timeout', 'media', `${this.#host} did not take the microphone's track in time.`, { cause: thrown }));
      }
    }
  }

  async #refusal(thrown: unknown): Promise<VcRoomError> {
    if (!(thrown instanceof Error)) return toVcRoomError(thrown);
    const { serverUrl, token } = this.#request;
    const known: ConnectionError | null = thrown instanceof ConnectionError ? thrown : null;
    const reason = known ? ConnectionErrorReason[known.reason] : '';
    const answers = reason === 'WebSocket' && (await answersHttp(serverUrl));
    return refused({ reason, status: known?.status, message: thrown.message, cause: withoutToken(thrown, token), answers }, this.#host);
  }
}

/** Reasons that only a server gives: what was being waited for will not come. */
const fromServer: ReadonlySet<string> = new Set(['DUPLICATE_IDENTITY', 'SERVER_SHUTDOWN', 'PARTICIPANT_REMOVED', 'ROOM_DELETED', 'ROOM_CLOSED']);

/** The graph is silent until the microphone is plugged in, so nobody needs an AudioContext of its own to find that out. */
class GraphTrack extends LocalAudioTrack {
  override checkForSilence(): Promise<boolean> {
    return Promise.resolve(false);
  }
}
