import { expect } from '@open-wc/testing';
import { LiveKitTransport } from '../../src/livekit/livekit-transport.js';
import type { VcRoomError } from '../../src/room/errors.js';
import type { ConnectRequest, Connection, ConnectionReport, Person, Track, Transport } from '../../src/room/suppliers.js';
import { FakeServer, FakeTransport } from '../support/fake-transport.js';
import { createRoom, deleteRoom, freshRoom, removeParticipant, serverUrl, token } from '../support/livekit-page.js';
import type { TokenWish } from '../support/livekit-page.js';

/** A server, and what a moderator can do there. */
interface World {
  readonly transport: Transport;
  readonly url: string;
  /** Where nobody listens. */
  readonly deadUrl: string;
  token(wish: TokenWish): Promise<string>;
  createRoom(room: string, maxParticipants: number): Promise<void>;
  removeParticipant(room: string, identity: string): Promise<void>;
  deleteRoom(room: string): Promise<void>;
  /** Something to publish, and a way to be done with it. */
  makeTrack(): { readonly track: Track; release(): void };
}

/** One page: what its connection reported, and a way to wait for it. */
class Page {
  readonly reports: ConnectionReport[] = [];
  readonly abort = new AbortController();
  connection: Connection | null = null;
  #waiting: (() => void)[] = [];

  constructor(readonly room: string) {}

  readonly report = (report: ConnectionReport): void => {
    this.reports.push(report);
    for (const look of this.#waiting) look();
  };

  get people(): readonly Person[] {
    return this.reports.findLast((report) => report.type === 'participants')?.participants ?? [];
  }

  get standby(): number {
    return this.reports.findLast((report) => report.type === 'standby')?.identities.length ?? 0;
  }

  get names(): string {
    return this.people.map(({ identity }) => identity).join();
  }

  get me(): Person | undefined {
    return this.reports.findLast((report) => report.type === 'local')?.person;
  }

  get ended(): VcRoomError | undefined {
    return this.reports.find((report) => report.type === 'ended')?.error;
  }

  person(identity: string): Person | undefined {
    return this.people.find((person) => person.identity === identity);
  }

  hears(identity: string): Track | null {
    return this.reports.filter((report) => report.type === 'track').findLast((report) => report.identity === identity)?.track ?? null;
  }

  /** Resolves as soon as it is true of what was reported; the test's own time limit bounds it. */
  until(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isTrue()) return;
        this.#waiting = this.#waiting.filter((other) => other !== look);
        resolve();
      };
      this.#waiting.push(look);
      look();
    });
  }
}

/** What every Transport promises to the room, whatever is behind it. */
export function describeTransport(name: string, makeWorld: () => Promise<World>): void {
  describe(name, () => {
    let world: World;
    let room: string;
    let pages: Page[];
    let tracks: { release(): void }[];

    before(async () => {
      world = await makeWorld();
    });

    beforeEach(() => {
      room = freshRoom();
      pages = [];
      tracks = [];
    });

    afterEach(() => {
      for (const page of pages) page.connection?.close();
      for (const track of tracks) track.release();
    });

    function newTrack(): Track {
      const made = world.makeTrack();
      tracks.push(made);
      return made.track;
    }

    async function open(wish: Partial<TokenWish> & { identity: string }, request: Partial<ConnectRequest> = {}): Promise<Page> {
      const page = new Page(room);
      pages.push(page);
      page.connection = await world.transport.connect({
        serverUrl: world.url,
        token: await world.token({ room, ...wish }),
        track: newTrack,
        isMuted: () => false,
        rtcConfig: { iceServers: [] },
        report: page.report,
        signal: page.abort.signal,
        ...request,
      });
      return page;
    }

    async function failure(promise: Promise<unknown>): Promise<VcRoomError> {
      return promise.then(
        () => expect.fail('should have been rejected'),
        (error: unknown) => error as VcRoomError,
      );
    }

    it('opens and reports who I am', async () => {
      const ada = await open({ identity: 'ada', name: 'Ada L.' }, { isMuted: () => true });
      await ada.until(() => ada.me !== undefined);
      const { joinedAt, quality, ...me } = ada.me ?? expect.fail();
      expect(me).to.deep.equal({ identity: 'ada', name: 'Ada L.', muted: true, listenOnly: false, connection: 'live' });
      expect(joinedAt).to.be.greaterThan(1_600_000_000_000);
      expect(quality).to.be.a('string');
      expect(ada.people).to.deep.equal([]);
    });

    it('shows two people to each other, and the track of each to the other', async () => {
      const ada = await open({ identity: 'ada' });
      const ben = await open({ identity: 'ben' });
      await Promise.all([ada.until(() => ada.hears('ben') !== null), ben.until(() => ben.hears('ada') !== null)]);
      expect(ada.names).to.equal('ben');
      expect(ben.names).to.equal('ada');
      expect(ada.hears('ben')?.kind).to.equal('audio');
      await Promise.all([ada.until(() => ada.person('ben')?.muted === false), ben.until(() => ben.person('ada')?.muted === false)]);
    });

    it('keeps people in order of joining', async () => {
      const ada = await open({ identity: 'zoe' });
      await open({ identity: 'ben' });
      await ada.until(() => ada.names === 'ben');
      const third = await open({ identity: 'ada' });
      await Promise.all([ada.until(() => ada.names === 'ben,ada'), third.until(() => third.names === 'zoe,ben')]);
    });

    it('tells others that I am muted, from the start and later', async () => {
      const ada = await open({ identity: 'ada' });
      const ben = await open({ identity: 'ben' }, { isMuted: () => true });
      await ada.until(() => ada.hears('ben') !== null);
      expect(ada.person('ben')?.muted).to.equal(true);
      ben.connection?.setMuted(false);
      await ada.until(() => ada.person('ben')?.muted === false);
      ben.connection?.setMuted(true);
      await Promise.all([ada.until(() => ada.person('ben')?.muted === true), ben.until(() => ben.me?.muted === true)]);
    });

    it('lets the last of several mutes win, also right after opening', async () => {
      const ada = await open({ identity: 'ada' });
      const ben = await open({ identity: 'ben' });
      ben.connection?.setMuted(true);
      ben.connection?.setMuted(false);
      ben.connection?.setMuted(true);
      await ada.until(() => ada.person('ben')?.listenOnly === false && ada.hears('ben') !== null && ada.person('ben')?.muted === true);
      ben.connection?.setMuted(false);
      ben.connection?.setMuted(true);
      ben.connection?.setMuted(false);
      await ada.until(() => ada.person('ben')?.muted === false);
      expect(ben.me?.muted).to.equal(false);
    });

    it('replaces what is sent without an end at the other side', async () => {
      const ada = await open({ identity: 'ada' });
      const ben = await open({ identity: 'ben' });
      await ada.until(() => ada.hears('ben') !== null);
      await ben.connection?.replaceTrack(newTrack());
      expect(ada.reports.some((report) => report.type === 'track' && report.track === null)).to.equal(false);
    });

    it('ends the track and the row of somebody who leaves', async () => {
      const ada = await open({ identity: 'ada' });
      const ben = await open({ identity: 'ben' });
      await ada.until(() => ada.hears('ben') !== null);
      ben.connection?.close();
      await ada.until(() => ada.names === '' && ada.hears('ben') === null);
    });

    describe('at the door', () => {
      /** Somebody whose click comes when the test wants it, muted or not. */
      async function knock(identity: string) {
        let isMuted = true;
        let come: () => void = () => undefined;
        const door = new Promise<void>((resolve) => (come = resolve));
        const click = (muted: boolean): void => {
          isMuted = muted;
          come();
        };
        return { page: await open({ identity }, { isMuted: () => isMuted, door }), click };
      }

      it('is a number to others and hears nobody', async () => {
        const ada = await open({ identity: 'ada' });
        const { page } = await knock('ben');
        await ada.until(() => ada.standby === 1);
        const cleo = await open({ identity: 'cleo' });
        await Promise.all([ada.until(() => ada.names === 'cleo'), cleo.until(() => cleo.names === 'ada' && cleo.standby === 1)]);
        await page.until(() => page.names === 'ada,cleo');
        expect(page.hears('ada')).to.equal(null);
        expect(page.me?.muted).to.equal(true);
      });

      it('comes in at the click, is heard and hears', async () => {
        const ada = await open({ identity: 'ada' });
        const { page, click } = await knock('ben');
        await ada.until(() => ada.standby === 1);
        click(false);
        await Promise.all([
          ada.until(() => ada.names === 'ben' && ada.person('ben')?.muted === false && ada.standby === 0 && ada.hears('ben') !== null),
          page.until(() => page.hears('ada') !== null && page.me?.muted === false),
        ]);
        const cleo = await open({ identity: 'cleo' });
        await page.until(() => page.hears('cleo') !== null);
        await cleo.until(() => cleo.names === 'ada,ben');
      });

      it('is listed also when they come in muted, by those who come later as well', async () => {
        const ada = await open({ identity: 'ada' });
        const { page, click } = await knock('ben');
        await ada.until(() => ada.standby === 1);
        click(true);
        await ada.until(() => ada.names === 'ben');
        expect(ada.person('ben')?.muted).to.equal(true);
        const cleo = await open({ identity: 'cleo' });
        await cleo.until(() => cleo.names === 'ada,ben');
        await page.until(() => page.hears('cleo') !== null);
      });

      it('joined when they came in, after all who came meanwhile, as everybody knows', async () => {
        const ada = await open({ identity: 'ada' });
        const { page, click } = await knock('ben');
        await open({ identity: 'cleo' });
        await Promise.all([page.until(() => page.names === 'ada,cleo'), ada.until(() => ada.names === 'cleo' && ada.standby === 1)]);
        const { joinedAt = 0 } = page.me ?? {};
        click(true);
        const dan = await open({ identity: 'dan' });
        await Promise.all([
          page.until(() => (page.me?.joinedAt ?? 0) > joinedAt),
          ada.until(() => ada.names === 'cleo,ben,dan'),
          dan.until(() => dan.names === 'ada,cleo,ben'),
        ]);
        for (const other of [ada, dan]) expect(other.person('ben')?.joinedAt).to.equal(page.me?.joinedAt);
      });

      it('comes in as soon as it stands when the click is faster', async () => {
        const ada = await open({ identity: 'ada' });
        let isMuted = true;
        const door = Promise.resolve().then(() => void (isMuted = false));
        const ben = await open({ identity: 'ben' }, { isMuted: () => isMuted, door });
        await Promise.all([ada.until(() => ada.names === 'ben' && ada.person('ben')?.muted === false), ben.until(() => ben.hears('ada') !== null)]);
      });

      it('is gone when it is taken back', async () => {
        const ada = await open({ identity: 'ada' });
        const { page } = await knock('ben');
        await ada.until(() => ada.standby === 1);
        page.abort.abort();
        await ada.until(() => ada.standby === 0);
        expect(ada.reports.some((report) => report.type === 'participants' && report.participants.length > 0)).to.equal(false);
      });
    });

    it('shows somebody without a track as listening', async () => {
      const ada = await open({ identity: 'ada' });
      const ben = await open({ identity: 'ben' }, { track: null });
      await Promise.all([ada.until(() => ada.person('ben')?.listenOnly === true), ben.until(() => ben.me?.listenOnly === true && ben.hears('ada') !== null)]);
      expect(ada.person('ben')?.muted).to.equal(true);
      expect(ada.hears('ben')).to.equal(null);
    });

    it('joins as a listener whom the server forbids to publish', async () => {
      const ben = await open({ identity: 'ben', canPublish: false });
      await ben.until(() => ben.me?.listenOnly === true);
    });

    it('knows how loud the others are', async () => {
      const ada = await open({ identity: 'ada' });
      await open({ identity: 'ben' });
      await ada.until(() => ada.hears('ben') !== null);
      const level = ada.connection?.levels().get('ben');
      expect(level).to.be.within(0, 1);
    });

    it('is closed twice as once, and silent from then on', async () => {
      const ada = await open({ identity: 'ada' });
      const ben = await open({ identity: 'ben' });
      const cem = await open({ identity: 'cem' });
      await Promise.all([ada.until(() => ada.names === 'ben,cem'), ben.until(() => ben.names === 'ada,cem'), cem.until(() => cem.names === 'ada,ben')]);
      ada.connection?.close();
      const reported = ada.reports.length;
      ada.connection?.close();
      ada.connection?.setMuted(true);
      await ben.until(() => ben.names === 'cem');
      cem.connection?.close();
      await ben.until(() => ben.names === '');
      expect(ada.reports.length).to.equal(reported);
      expect(ada.ended).to.equal(undefined);
      expect(ada.connection?.levels().size).to.equal(0);
    });

    it('leaves the given track alone', async () => {
      const track = newTrack();
      const ada = await open({ identity: 'ada' }, { track: () => track, isMuted: () => true });
      ada.connection?.close();
      if (track instanceof MediaStreamTrack) {
        expect(track.readyState).to.equal('live');
        expect(track.enabled).to.equal(true);
      }
    });

    it('does not even begin when it was taken back before', async () => {
      const gone = new AbortController();
      gone.abort();
      await failure(open({ identity: 'ben' }, { signal: gone.signal }));
      expect(pages[0]?.reports).to.deep.equal([]);
    });

    it('leaves nobody behind when it is taken back on the way', async () => {
      const ada = await open({ identity: 'ada' });
      const ben = new Page(room);
      const opening = world.transport.connect({
        serverUrl: world.url,
        token: await world.token({ room, identity: 'ben' }),
        track: newTrack,
        isMuted: () => false,
        rtcConfig: { iceServers: [] },
        report: ben.report,
        signal: ben.abort.signal,
      });
      ben.abort.abort();
      const reported = ben.reports.length;
      await failure(opening);
      await open({ identity: 'cem' });
      await ada.until(() => ada.names === 'cem');
      expect(ben.reports.length).to.equal(reported);
    });

    it('leaves nobody behind when it is taken back in the task after the server answered', async () => {
      const ada = await open({ identity: 'ada' });
      const ben = new Page(room);
      const opening = world.transport.connect({
        serverUrl: world.url,
        token: await world.token({ room, identity: 'ben' }),
        track: newTrack,
        isMuted: () => false,
        rtcConfig: { iceServers: [] },
        report: ben.report,
        signal: ben.abort.signal,
      });
      await ada.until(() => ada.names === 'ben');
      ben.abort.abort();
      await opening.then(
        (connection) => connection.close(),
        () => undefined,
      );
      await ada.until(() => ada.names === '');
    });

    it('rejects a token that the server does not know with token-rejected', async () => {
      const forged = await failure(open({ identity: 'ada', forged: true }));
      expect([forged.code, forged.reason]).to.deep.equal(['token-rejected', 'refused-by-server']);
      const expired = await failure(open({ identity: 'ada', ttl: -3600 }));
      expect(expired.code).to.equal('token-rejected');
      for (const { message, cause } of [forged, expired]) expect(`${message} ${String(cause)}`).not.to.match(/eyJ|fake-token/);
      const ada = await open({ identity: 'ada' });
      expect(ada.connection).not.to.equal(null);
    });

    it('rejects with unreachable where nobody listens', async () => {
      const error = await failure(open({ identity: 'ada' }, { serverUrl: world.deadUrl }));
      expect([error.code, error.reason]).to.deep.equal(['unreachable', 'signal']);
      expect(error.message).to.include(new URL(world.deadUrl).host);
      expect(pages[0]?.reports).to.deep.equal([]);
    });

    it('rejects with room-full where no more are let in', async () => {
      await world.createRoom(room, 1);
      await open({ identity: 'ada' });
      const error = await failure(open({ identity: 'ben' }));
      expect([error.code, error.reason]).to.deep.equal(['room-full', 'limit']);
    });

    it('ends the first of two with the same identity, once, with duplicate-identity', async () => {
      const first = await open({ identity: 'ada' });
      const second = await open({ identity: 'ada' });
      await first.until(() => first.ended !== undefined);
      expect(first.ended?.code).to.equal('duplicate-identity');
      const reported = first.reports.length;
      const ben = await open({ identity: 'ben' });
      await second.until(() => second.names === 'ben');
      expect(ben.names).to.equal('ada');
      expect(first.reports.length).to.equal(reported);
      expect(second.ended).to.equal(undefined);
    });

    it('ends with removed when a moderator removes me', async () => {
      const ada = await open({ identity: 'ada' });
      await world.removeParticipant(room, 'ada');
      await ada.until(() => ada.ended !== undefined);
      expect([ada.ended?.code, ada.ended?.reason]).to.deep.equal(['removed', 'by-moderator']);
    });

    it('ends with room-closed when the room is deleted', async () => {
      const ada = await open({ identity: 'ada' });
      await world.deleteRoom(room);
      await ada.until(() => ada.ended !== undefined);
      expect([ada.ended?.code, ada.ended?.reason]).to.deep.equal(['room-closed', 'deleted']);
    });
  });
}

describeTransport('FakeTransport', () => {
  const server = new FakeServer();
  return Promise.resolve({
    transport: new FakeTransport(server),
    url: server.url,
    deadUrl: 'ws://nowhere.test',
    token: (wish) => Promise.resolve(server.token(wish)),
    createRoom: (room, limit) => Promise.resolve(server.limit(room, limit)),
    removeParticipant: (room, identity) => Promise.resolve(server.remove(room, identity)),
    deleteRoom: (room) => Promise.resolve(server.deleteRoom(room)),
    makeTrack: () => ({ track: { id: crypto.randomUUID(), kind: 'audio' }, release: () => undefined }),
  });
});

describeTransport('LiveKitTransport', async () => {
  const context = new AudioContext();
  return {
    transport: new LiveKitTransport(),
    url: await serverUrl(),
    deadUrl: 'ws://127.0.0.1:65531',
    token,
    createRoom,
    removeParticipant,
    deleteRoom,
    makeTrack() {
      const tone = new OscillatorNode(context, { frequency: 440 });
      const out = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
      tone.connect(out);
      tone.start();
      const [track] = out.stream.getAudioTracks();
      if (!track) throw new Error('A destination without a track.');
      return {
        track,
        release() {
          tone.stop();
          track.stop();
        },
      };
    },
  };
});
