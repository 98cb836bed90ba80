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
} from 'livekit-client';
import type { LocalTrack } from 'livekit-client';
import { VcRoomError, toVcRoomError } from '../room/errors.js';
import type { ConnectRequest, Connection, Track, Transport } from '../room/suppliers.js';
import { engineOf, onceConnected, release } from './engine.js';
import { answersHttp, ended, noMedia, refused, withoutToken } from './failures.js';
import { Roster, levelOf } from './roster.js';
import { arrivals } from './stats.js';

// It would log addresses with tokens in them.
setLogLevel('silent');

/** Ms until the WebSocket must stand; used again for every resumption. */
const signalTimeout = 5_000;
/** Ms from the server's answer until sound must have found a way. */
const mediaTimeout = 10_000;
/** Ms between two looks whether media still arrives while signalling is being resumed, and how many empty looks are too many. */
const lookEvery = 1_000;
const emptyLooks = 3;

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
}

class LiveKitConnection implements Connection {
  /** Rejects with a `VcRoomError`; from then on nothing is left of this connection, here or on the server. */
  readonly opened: Promise<void>;

  readonly #request: ConnectRequest;
  readonly #host: string;
  readonly #engine: object | null;
  readonly #roster: Roster;
  #room: Room | null;
  #phase: 'opening' | 'open' | 'over' = 'opening';
  #resolveOpened: () => void = () => undefined;
  #rejectOpened: (error: VcRoomError) => void = () => undefined;

  #microphone: LocalAudioTrack | null = null;
  /** What is really sent: the given track stays the caller's, and livekit-client stops what it publishes now and then. */
  #sent: MediaStreamTrack | null = null;
  #published: Promise<boolean> = Promise.resolve(false);
  #refusedToPublish = false;
  #muted: boolean;
  #followingMuted = false;

  #flushing = false;
  #dropped = false;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #lookAgain: ReturnType<typeof setTimeout> | undefined;
  #looking: ReturnType<typeof setInterval> | undefined;

  constructor(request: ConnectRequest) {
    this.#request = request;
    this.#muted = request.muted;
    this.#host = hostOf(request.serverUrl);
    this.#roster = new Roster(request.report);
    this.opened = new Promise((resolve, reject) => {
      this.#resolveOpened = resolve;
      this.#rejectOpened = reject;
    });

    const room = new Room({
      adaptiveStream: false,
      dynacast: false,
      webAudioMix: false,
      stopLocalTrackOnUnpublish: false,
      // It would leave on `beforeunload`, which a download or a cancelled navigation fires too.
      disconnectOnPageLeave: false,
      publishDefaults: { audioPreset: AudioPresets.speech, red: true, dtx: true, forceStereo: false, stopMicTrackOnMute: false },
    });
    this.#room = room;
    this.#engine = engineOf(room);
    this.#listen(room);
    if (request.track) this.#prepareMicrophone(request.track as MediaStreamTrack);
    request.signal.addEventListener('abort', this.#onAbort);
    room
      .connect(request.serverUrl, request.token, {
        autoSubscribe: true,
        websocketTimeout: signalTimeout,
        // Longer than our own deadline: on its own, livekit-client polls the failed peer connection for ever.
        peerConnectionTimeout: 2 * mediaTimeout,
        ...(request.rtcConfig === undefined ? {} : { rtcConfig: request.rtcConfig }),
      })
      .then(this.#onConnected, this.#onRefused);
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    void this.#followMuted();
  }

  async replaceTrack(track: Track): Promise<void> {
    if (!(await this.#published) || this.#phase === 'over') return;
    const before = this.#sent;
    const next = (track as MediaStreamTrack).clone();
    this.#sent = next;
    try {
      await this.#microphone?.replaceTrack(next, true);
    } finally {
      before?.stop();
      if (this.#isOver) next.stop();
    }
  }

  levels(): ReadonlyMap<string, number> {
    return new Map(Array.from(this.#room?.remoteParticipants.values() ?? [], (participant) => [participant.identity, levelOf(participant)]));
  }

  close(): void {
    this.#end(null);
  }

  get #isOver(): boolean {
    return this.#phase === 'over';
  }

  #listen(room: Room): void {
    for (const event of changing) room.on(event, this.#onChanged);
    room.on(RoomEvent.SignalConnected, this.#onSignalConnected);
    room.on(RoomEvent.Reconnecting, this.#onReconnecting);
    room.on(RoomEvent.SignalReconnecting, this.#onSignalReconnecting);
    room.on(RoomEvent.Reconnected, this.#onReconnected);
    room.on(RoomEvent.Disconnected, this.#onDisconnected);
    onceConnected(this.#engine, this.#onConnected);
  }

  #unlisten(room: Room): void {
    for (const event of changing) room.off(event, this.#onChanged);
    room.off(RoomEvent.SignalConnected, this.#onSignalConnected);
    room.off(RoomEvent.Reconnecting, this.#onReconnecting);
    room.off(RoomEvent.SignalReconnecting, this.#onSignalReconnecting);
    room.off(RoomEvent.Reconnected, this.#onReconnected);
    room.off(RoomEvent.Disconnected, this.#onDisconnected);
  }

  /** The end, once: with an error unless we wanted it. */
  #end(error: VcRoomError | null): void {
    const { phase, room } = { phase: this.#phase, room: this.#room };
    if (phase === 'over' || !room) return;
    this.#phase = 'over';
    this.#room = null;
    this.#request.signal.removeEventListener('abort', this.#onAbort);
    this.#unlisten(room);
    clearTimeout(this.#deadline);
    clearTimeout(this.#lookAgain);
    clearInterval(this.#looking);
    this.#sent?.stop();
    void room
      .disconnect(false)
      .then(() => release(room, this.#engine))
      .catch(() => undefined);
    if (phase === 'opening') this.#rejectOpened(error ?? takenBack(this.#request.signal));
    else if (error) this.#request.report({ type: 'ended', error });
  }

  #onAbort = (): void => this.#end(null);

  #onSignalConnected = (): void => {
    this.#deadline = setTimeout(() => {
      if (this.#phase === 'opening') this.#end(noMedia(this.#host));
    }, mediaTimeout);
    void this.#publish();
  };

  #onConnected = (): void => {
    if (this.#phase !== 'opening') return;
    this.#phase = 'open';
    clearTimeout(this.#deadline);
    this.#resolveOpened();
  };

  #onRefused = async (thrown: unknown): Promise<void> => {
    clearTimeout(this.#deadline);
    if (this.#phase === 'opening') this.#end(await this.#refusal(thrown));
  };

  #onDisconnected = (reason?: DisconnectReason): void => {
    const name = DisconnectReason[reason ?? 0] ?? '';
    if (this.#phase === 'opening' && !fromServer.has(name)) {
      // connect() is about to say more; but once it waits for media it would say nothing for long.
      clearTimeout(this.#deadline);
      this.#deadline = setTimeout(() => this.#end(ended(name, this.#host)));
      return;
    }
    this.#end(ended(name, this.#host));
  };

  #onReconnecting = (): void => this.#drop();

  /** Only signalling is gone: nobody needs to know while media still arrives. */
  #onSignalReconnecting = (): void => {
    clearInterval(this.#looking);
    let before = -1;
    let empty = 0;
    this.#looking = setInterval(() => {
      void this.#arrivals().then((now) => {
        if (now === null || this.#room?.state !== ConnectionState.SignalReconnecting) return;
        empty = now === before ? empty + 1 : 0;
        before = now;
        if (empty >= emptyLooks) this.#drop();
        else if (empty === 0) this.#restore();
      });
    }, lookEvery);
  };

  #onReconnected = (): void => {
    clearInterval(this.#looking);
    this.#restore();
  };

  #drop(): void {
    if (this.#dropped || this.#phase !== 'open') return;
    this.#dropped = true;
    this.#request.report({ type: 'dropped' });
    this.#onChanged();
  }

  #restore(): void {
    if (!this.#dropped || this.#phase !== 'open') return;
    this.#dropped = false;
    this.#request.report({ type: 'restored' });
    this.#onChanged();
  }

  async #arrivals(): Promise<number | null> {
    const remote = [...(this.#room?.remoteParticipants.values() ?? [])].flatMap((participant) => [...participant.audioTrackPublications.values()]);
    const track = this.#microphone?.sender ? this.#microphone : remote.find((publication) => publication.track)?.track;
    const report = await track?.getRTCStatsReport().catch(() => undefined);
    return report ? arrivals(report) : null;
  }

  #onChanged = (): void => {
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
    const again = this.#roster.read(room, {
      listenOnly: !this.#microphone || this.#refusedToPublish,
      muted: this.#microphone?.isMuted ?? true,
      connection: this.#dropped ? 'reconnecting' : 'live',
    });
    clearTimeout(this.#lookAgain);
    if (again !== null && !this.#isOver) this.#lookAgain = setTimeout(this.#onChanged, again);
  }

  #prepareMicrophone(track: MediaStreamTrack): void {
    this.#sent = track.clone();
    this.#microphone = new GraphTrack(this.#sent, undefined, true);
    if (this.#muted) void this.#microphone.mute();
  }

  /**
   * Called with the server's first answer, while ICE has not begun. Asked earlier, livekit-client would queue it:
   * no sooner sent, negotiated after instead of beside the request, and never given up when the connection fails.
   */
  async #publish(): Promise<void> {
    const microphone = this.#microphone;
    if (!microphone || !this.#room) return;
    const publishing = this.#room.localParticipant.publishTrack(microphone as LocalTrack, { source: Media.Source.Microphone });
    this.#published = publishing.then(
      () => true,
      () => false,
    );
    try {
      await publishing;
      await this.#followMuted();
    } catch (thrown) {
      if (this.#isOver) return;
      if (thrown instanceof PublishTrackError && thrown.status === 403) {
        this.#refusedToPublish = true;
        this.#onChanged();
      } else {
        this.#end(new VcRoomError('timeout', 'media', `${this.#host} did not take the microphone's track in time.`, { cause: thrown }));
      }
    }
  }

  /** Makes the server know what was wanted last; one request at a time. */
  async #followMuted(): Promise<void> {
    const microphone = this.#microphone;
    if (!microphone || this.#followingMuted) return;
    this.#followingMuted = true;
    try {
      if (!(await this.#published)) return;
      while (!this.#isOver && microphone.isMuted !== this.#muted) await (this.#muted ? microphone.mute() : microphone.unmute());
    } finally {
      this.#followingMuted = false;
    }
  }

  async #refusal(thrown: unknown): Promise<VcRoomError> {
    if (!(thrown instanceof Error)) return toVcRoomError(thrown);
    const { serverUrl, token } = this.#request;
    const known = thrown instanceof ConnectionError ? thrown : null;
    const reason = known ? (ConnectionErrorReason[known.reason] ?? '') : '';
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

function takenBack({ reason }: AbortSignal): VcRoomError {
  return reason instanceof VcRoomError ? reason : new VcRoomError('aborted', 'left', 'The connection was taken back before it stood.');
}

function hostOf(serverUrl: string): string {
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
