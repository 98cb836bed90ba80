import { VcRoomError } from '../../src/room/errors.js';
import type { ConnectionQuality } from '../../src/room/snapshot.js';
import type { Arrivals, ConnectRequest, Connection, Person, Statistics, Track, Transport } from '../../src/room/suppliers.js';
import type { TokenWish } from './livekit-page.js';

/** A room server in memory. Nothing happens by itself: what a network would decide, the test decides. */
export class FakeServer {
  readonly url = 'ws://fake.test';
  readonly #wishes = new Map<string, TokenWish | VcRoomError>();
  readonly #rooms = new Map<string, FakeConnection[]>();
  readonly #limits = new Map<string, number>();
  readonly #levels = new Map<string, number>();
  #gate: Promise<void> = Promise.resolve();
  #clock = 1_700_000_000_000;

  /** A token that opens. */
  token(wish: TokenWish): string {
    const token = `fake-token-${this.#wishes.size + 1}`;
    const bad = wish.forged === true || (wish.ttl ?? 1) < 0;
    this.#wishes.set(token, bad ? new VcRoomError('token-rejected', 'refused-by-server', 'fake.test refused the token.') : wish);
    return token;
  }

  /** A token whose connection fails like this. */
  tokenThatFails(error: VcRoomError): string {
    const token = `fake-token-${this.#wishes.size + 1}`;
    this.#wishes.set(token, error);
    return token;
  }

  /** Connections asked for from now on wait until this is called back. */
  hold(): () => void {
    let release: () => void = () => undefined;
    this.#gate = new Promise((resolve) => (release = resolve));
    return () => {
      this.#gate = Promise.resolve();
      release();
    };
  }

  /** Identities in a room, in order of joining. */
  present(room: string): readonly string[] {
    return this.#in(room).map(({ identity }) => identity);
  }

  limit(room: string, maxParticipants: number): void {
    this.#limits.set(room, maxParticipants);
  }

  speak(room: string, ...identities: readonly string[]): void {
    for (const member of this.#in(room)) member.speaks(identities.includes(member.identity));
    this.changed(room);
  }

  setLevel(identity: string, level: number): void {
    this.#levels.set(identity, level);
  }

  setQuality(room: string, identity: string, quality: ConnectionQuality): void {
    this.#find(room, identity)?.change({ quality, connection: quality === 'lost' ? 'reconnecting' : 'live' });
  }

  /** Signalling breaks off, or is back. */
  resuming(room: string, identity: string): void {
    this.#find(room, identity)?.say({ type: 'resuming' });
  }

  resumed(room: string, identity: string): void {
    this.#find(room, identity)?.say({ type: 'resumed' });
  }

  /** What does not come through: nothing, packets of media, or everything, the answers to probes included. */
  silence: 'none' | 'media' | 'all' = 'none';

  /** The server ends a connection: a moderator's removal unless another error is given. */
  remove(room: string, identity: string, error: VcRoomError = new VcRoomError('removed', 'by-moderator', 'A moderator took this participant out.')): void {
    this.#find(room, identity)?.end(error);
  }

  deleteRoom(room: string): void {
    for (const member of [...this.#in(room)]) member.end(new VcRoomError('room-closed', 'deleted', 'The room was deleted.'));
  }

  /** @internal */
  get gate(): Promise<void> {
    return this.#gate;
  }

  /** @internal */
  enter(request: ConnectRequest): FakeConnection {
    const wish = this.#wishes.get(request.token) ?? new VcRoomError('token-rejected', 'refused-by-server', 'fake.test refused the token.');
    if (wish instanceof VcRoomError) throw wish;
    const others = this.#in(wish.room);
    const double = this.#find(wish.room, wish.identity);
    if (!double && others.length >= (this.#limits.get(wish.room) ?? Infinity)) throw new VcRoomError('room-full', 'limit', 'fake.test let nobody more in.');
    double?.end(new VcRoomError('duplicate-identity', 'elsewhere', 'The same identity entered elsewhere.'));
    const member = new FakeConnection(this, wish, request, this.now());
    this.#rooms.set(wish.room, [...this.#in(wish.room), member]);
    this.changed(wish.room);
    return member;
  }

  /** @internal ms, never the same twice. */
  now(): number {
    return ++this.#clock;
  }

  /** @internal */
  leave(member: FakeConnection): void {
    this.#rooms.set(
      member.room,
      this.#in(member.room).filter((other) => other !== member),
    );
    this.changed(member.room);
  }

  /** @internal */
  changed(room: string): void {
    const members = this.#in(room);
    for (const member of members) member.look(members);
  }

  /** @internal */
  levelsFor(member: FakeConnection): ReadonlyMap<string, number> {
    return new Map(this.#in(member.room).flatMap((other) => (other === member ? [] : [[other.identity, this.#levels.get(other.identity) ?? 0] as const])));
  }

  #in(room: string): readonly FakeConnection[] {
    return this.#rooms.get(room) ?? [];
  }

  #find(room: string, identity: string): FakeConnection | undefined {
    return this.#in(room).find((member) => member.identity === identity);
  }
}

export class FakeTransport implements Transport {
  readonly #server: FakeServer;
  /** Every request so far, for tests that ask what was asked. */
  readonly requests: ConnectRequest[] = [];
  probes = 0;
  /** What was made ready and is neither used nor let go of. */
  prepared = 0;

  constructor(server: FakeServer) {
    this.#server = server;
  }

  async connect(request: ConnectRequest): Promise<Connection> {
    this.requests.push(request);
    this.prepared = 0;
    const { signal } = request;
    signal.throwIfAborted();
    await Promise.race([this.#server.gate, aborted(signal)]);
    signal.throwIfAborted();
    if (request.serverUrl !== this.#server.url || this.#server.silence === 'all')
      throw new VcRoomError('unreachable', 'signal', `${new URL(request.serverUrl).host} cannot be reached.`);
    const connection = this.#server.enter(request);
    signal.addEventListener('abort', () => connection.close(), { once: true });
    return connection;
  }

  prepare(_rtcConfig: object | undefined, signal: AbortSignal): void {
    this.prepared++;
    signal.addEventListener('abort', () => void (this.prepared = 0), { once: true });
  }

  probe(serverUrl: string): Promise<boolean> {
    this.probes++;
    return Promise.resolve(serverUrl === this.#server.url && this.#server.silence !== 'all');
  }
}

class FakeConnection implements Connection {
  readonly room: string;
  readonly identity: string;
  readonly #server: FakeServer;
  readonly #request: ConnectRequest;
  readonly #heard = new Map<string, Track>();
  #person: Person;
  #track: Track | null;
  readonly #subscribes: boolean;
  #speaking = false;
  #told = { local: '', participants: '[]', speakers: '', standby: '' };
  #members: readonly FakeConnection[] | null = null;
  #over = false;
  #isAtDoor: boolean;
  #isRetired = false;
  #arrived = 0;

  constructor(server: FakeServer, wish: TokenWish, request: ConnectRequest, joinedAt: number) {
    this.#server = server;
    this.#request = request;
    this.room = wish.room;
    this.identity = wish.identity;
    this.#track = wish.canPublish === false ? null : (request.track?.() ?? null);
    this.#subscribes = wish.canSubscribe !== false;
    this.#isAtDoor = Boolean(request.door);
    void request.door?.then(() => {
      this.#isAtDoor = false;
      this.change({ muted: request.isMuted() || listenOnly, joinedAt: server.now() });
    });
    const listenOnly = !this.#track;
    this.#person = {
      identity: wish.identity,
      name: wish.name ?? wish.identity,
      muted: listenOnly || request.isMuted(),
      listenOnly,
      quality: 'excellent',
      connection: 'live',
      joinedAt,
    };
  }

  setMuted(muted: boolean): void {
    if (this.#track) this.change({ muted });
  }

  replaceTrack(track: Track): Promise<void> {
    if (this.#track && !this.#over) {
      this.#track = track;
      this.#server.changed(this.room);
    }
    return Promise.resolve();
  }

  levels(): ReadonlyMap<string, number> {
    return this.#over ? new Map() : this.#server.levelsFor(this);
  }

  arrived(): Promise<Arrivals | null> {
    if (this.#server.silence === 'none') this.#arrived++;
    return Promise.resolve(this.#over ? null : { total: this.#arrived, answers: null });
  }

  statistics(): Promise<Statistics | null> {
    return Promise.resolve(null);
  }

  /** As a real server, that keeps who said no goodbye until somebody comes under the same identity. */
  retire(): void {
    this.#isRetired = true;
  }

  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#server.leave(this);
  }

  end(error: VcRoomError): void {
    if (this.#over) return;
    this.close();
    if (!this.#isRetired) this.#request.report({ type: 'ended', error });
  }

  say(report: Parameters<ConnectRequest['report']>[0]): void {
    if (!this.#over && !this.#isRetired) this.#request.report(report);
  }

  change(change: Partial<Person>): void {
    this.#person = { ...this.#person, ...change };
    if (!this.#over) this.#server.changed(this.room);
  }

  speaks(speaking: boolean): void {
    this.#speaking = speaking;
  }

  /** Reports once a microtask what differs from what was told before. */
  look(members: readonly FakeConnection[]): void {
    const isWaiting = this.#members !== null;
    this.#members = members;
    if (isWaiting) return;
    queueMicrotask(() => {
      const now = this.#members ?? [];
      this.#members = null;
      this.#tell(now);
    });
  }

  #tell(members: readonly FakeConnection[]): void {
    const others = members.filter((member) => member !== this);
    const inside = others.filter((other) => !other.#isAtDoor);
    const participants = inside.map((other) => other.#person).sort((a, b) => a.joinedAt - b.joinedAt);
    const standby = others.filter((other) => other.#isAtDoor).map(({ identity }) => identity);
    const speakers = members.filter((member) => member.#speaking).map(({ identity }) => identity);
    const told = {
      local: JSON.stringify(this.#person),
      participants: JSON.stringify(participants),
      speakers: JSON.stringify(speakers),
      standby: standby.join('\n'),
    };
    const before = this.#told;
    this.#told = told;
    if (told.local !== before.local) this.say({ type: 'local', person: this.#person });
    if (told.standby !== before.standby) this.say({ type: 'standby', identities: standby });
    if (told.participants !== before.participants) this.say({ type: 'participants', participants });
    const tracks = new Map(
      (this.#isAtDoor ? [] : others).flatMap((other) => (other.#track && this.#subscribes ? [[other.identity, other.#track] as const] : [])),
    );
    for (const identity of [...this.#heard.keys()]) {
      if (tracks.has(identity)) continue;
      this.#heard.delete(identity);
      this.say({ type: 'track', identity, track: null });
    }
    for (const [identity, track] of tracks) {
      if (this.#heard.get(identity) === track) continue;
      this.#heard.set(identity, track);
      this.say({ type: 'track', identity, track });
    }
    if (told.speakers !== before.speakers && (speakers.length > 0 || before.speakers !== '')) this.say({ type: 'speakers', identities: speakers });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
