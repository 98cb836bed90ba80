import type { ConnectionQuality } from '../room/snapshot.js';
import type { ConnectionReport, Person } from '../room/suppliers.js';
import { joinedAtOf } from './engine.js';
import type { Presence } from './presence.js';

interface Publication {
  readonly source: string;
  readonly trackName: string;
  readonly isMuted: boolean;
  readonly track?: { readonly mediaStreamTrack: MediaStreamTrack; readonly receiver?: RTCRtpReceiver | undefined } | undefined;
}

/** What is read of a livekit-client participant. */
export interface Somebody {
  readonly sid: string;
  readonly identity: string;
  readonly name?: string | undefined;
  readonly joinedAt?: Date | undefined;
  readonly connectionQuality: string;
  readonly audioLevel: number;
  readonly permissions?: { readonly canPublish: boolean } | undefined;
  readonly audioTrackPublications: ReadonlyMap<string, Publication>;
}

/** What is read of a livekit-client room. */
export interface Gathering {
  readonly localParticipant: Somebody;
  readonly remoteParticipants: ReadonlyMap<string, Somebody>;
  readonly activeSpeakers: readonly { readonly identity: string }[];
}

/**
 * For so long, in ms, a newcomer without a microphone may still be about to publish one. Nearly all who publish appear only then:
 * LiveKit tells about the others in batches, up to 3 s late (subscriberUpdateInterval in pkg/rtc/room.go).
 */
const grace = 1000;
/** A synchronization source that was silent for longer, in ms, sends nothing; DTX still sends every 400 ms. */
const freshness = 600;
const qualities: readonly string[] = ['excellent', 'good', 'poor', 'lost'] satisfies ConnectionQuality[];

/** Reads the room as it is now and reports what differs from what it reported before. */
export class Roster {
  readonly #presence: Presence;
  readonly #report: (report: ConnectionReport) => void;
  readonly #heard = new Map<string, MediaStreamTrack>();
  #local = '';
  #participants = '[]';
  #speakers = '';
  #standby = '';
  /** When I joined, by both clocks: so the server's time is known here, give or take a round trip. */
  #joined = { there: NaN, here: 0 };

  constructor(presence: Presence, report: (report: ConnectionReport) => void) {
    this.#presence = presence;
    this.#report = report;
  }

  /** Returns after how many ms to look again though nothing may have changed, or null. */
  read(room: Gathering, own: Pick<Person, 'listenOnly' | 'muted' | 'connection' | 'joinedAt'>): number | null {
    const me = room.localParticipant;
    this.#tellLocal({ ...person(me, undefined, 0), ...own });

    const others = [...room.remoteParticipants.values()].sort((a, b) => joinedAtOf(a) - joinedAtOf(b));
    const now = this.serverTime(me);
    let again: number | null = null;
    const atDoor = new Set(others.filter((other) => this.#presence.isAtDoor(other, microphoneOf(other))));
    const inside = others.filter((other) => !atDoor.has(other));
    const participants = inside.map((other) => {
      const left = other.permissions?.canPublish === false ? 0 : joinedAtOf(other) + grace - now;
      if (left > 0 && !microphoneOf(other)) again = Math.min(again ?? left, left);
      const said = person(other, microphoneOf(other), left);
      return { ...said, joinedAt: Math.max(said.joinedAt, this.#presence.since(other)) };
    });
    this.#tellStandby([...atDoor].map(({ identity }) => identity));
    this.#tellParticipants(participants.sort((a, b) => a.joinedAt - b.joinedAt));
    this.#tellTracks(others);
    const known = new Set([me, ...inside].map(({ identity }) => identity));
    this.#tellSpeakers(room.activeSpeakers.map(({ identity }) => identity).filter((identity) => known.has(identity)));
    return again;
  }

  /** Now, in ms by the server's clock, give or take a round trip. */
  serverTime(me: Somebody): number {
    const there = joinedAtOf(me);
    if (there !== this.#joined.there) this.#joined = { there, here: performance.now() };
    return there + performance.now() - this.#joined.here;
  }

  #tellLocal(local: Person): void {
    const text = JSON.stringify(local);
    if (text === this.#local) return;
    this.#local = text;
    this.#report({ type: 'local', person: local });
  }

  #tellParticipants(participants: readonly Person[]): void {
    const text = JSON.stringify(participants);
    if (text === this.#participants) return;
    this.#participants = text;
    this.#report({ type: 'participants', participants });
  }

  #tellStandby(identities: readonly string[]): void {
    const text = identities.join('\n');
    if (text === this.#standby) return;
    this.#standby = text;
    this.#report({ type: 'standby', identities });
  }

  #tellTracks(others: readonly Somebody[]): void {
    const now = new Map(
      others.flatMap((other) => {
        const track = microphoneOf(other)?.track?.mediaStreamTrack;
        return track ? [[other.identity, track] as const] : [];
      }),
    );
    // Ends first: livekit-client gives the same receiver, and so the same track, to the next person.
    for (const identity of [...this.#heard.keys()]) {
      if (now.has(identity)) continue;
      this.#heard.delete(identity);
      this.#report({ type: 'track', identity, track: null });
    }
    for (const [identity, track] of now) {
      if (this.#heard.get(identity) === track) continue;
      this.#heard.set(identity, track);
      this.#report({ type: 'track', identity, track });
    }
  }

  #tellSpeakers(identities: readonly string[]): void {
    const text = [...identities].sort().join('\n');
    if (text === this.#speakers) return;
    this.#speakers = text;
    this.#report({ type: 'speakers', identities });
  }
}

/** Loudness of a remote microphone as of now, 0 to 1: the receiver's own, else what the server said last. */
export function levelOf(somebody: Somebody): number {
  const microphone = microphoneOf(somebody);
  if (!microphone?.track || microphone.isMuted) return 0;
  const source = microphone.track.receiver?.getSynchronizationSources?.()[0];
  if (source?.audioLevel === undefined) return somebody.audioLevel;
  // Chromium counts from the epoch, the others from the page's time origin.
  const now = performance.now();
  const age = Math.min(Math.abs(now - source.timestamp), Math.abs(performance.timeOrigin + now - source.timestamp));
  return age > freshness ? 0 : source.audioLevel;
}

/** The one publication that is their voice: the newest from a microphone, else audio of unknown source. */
function microphoneOf({ audioTrackPublications }: Somebody): Publication | undefined {
  const publications = [...audioTrackPublications.values()].reverse();
  const subscribedFirst = (found: readonly Publication[]) => found.find(({ track }) => track) ?? found[0];
  return (
    subscribedFirst(publications.filter(({ source }) => source === 'microphone')) ?? subscribedFirst(publications.filter(({ source }) => source === 'unknown'))
  );
}

function person(somebody: Somebody, microphone: Publication | undefined, graceLeft: number): Person {
  const quality = (qualities.includes(somebody.connectionQuality) ? somebody.connectionQuality : 'unknown') as ConnectionQuality;
  return {
    identity: somebody.identity,
    name: somebody.name || somebody.identity,
    muted: microphone?.isMuted ?? true,
    listenOnly: !microphone && graceLeft <= 0,
    quality,
    connection: quality === 'lost' ? 'reconnecting' : 'live',
    joinedAt: joinedAtOf(somebody),
  };
}
