import { expect } from '@open-wc/testing';
import { VcRoomError } from '../../src/room/errors.js';
import { Supervisor } from '../../src/room/supervisor.js';
import type { SupervisorReport } from '../../src/room/supervisor.js';
import type { CheckedGrant, Transport } from '../../src/room/suppliers.js';
import { FakeServer, FakeTransport } from '../support/fake-transport.js';
import { settled, someGrant } from '../support/fake-suppliers.js';
import { TestClock } from '../support/token-page.js';

const room = 'lounge';

/** Ada in a room whose network and server the test moves, on a clock that the test moves too; at the door until that opens. */
function createWorld(opensDoor?: Promise<void>) {
  const server = new FakeServer();
  const transport = new FakeTransport(server);
  const clock = new TestClock(1_000_000);
  const end = new AbortController();
  const said: SupervisorReport[] = [];
  const asked: boolean[] = [];
  const refused: CheckedGrant[] = [];
  let door = opensDoor ?? null;
  void door?.then(() => (door = null));
  const page = { online: true, visible: true, isTakenOver: false, heard: () => undefined as void };
  const world = {
    server,
    transport,
    clock,
    end,
    asked,
    refused,
    page,
    muted: false,
    isOurs: false,
    endpoint: (): string | VcRoomError => server.token({ room, identity: 'ada' }),
    told: (...types: SupervisorReport['type'][]) => said.map(({ type }) => type).filter((type) => types.includes(type)),
    last: () => said.at(-1),
    people: () => said.findLast((report) => report.type === 'participants')?.participants.map(({ identity, connection }) => `${identity} ${connection}`),
    /** Lets so many ms pass, and everything that is due in them happen. */
    async pass(ms: number) {
      for (let done = 0; done < ms; done += 50) {
        clock.advance(50);
        await settled();
      }
    },
    supervisor: null as unknown as Supervisor,
  };
  world.supervisor = new Supervisor(
    {
      transport,
      clock,
      stays: {
        begin: () => ({
          get isTakenOver() {
            return page.isTakenOver;
          },
          enter: () => undefined,
          end: () => undefined,
        }),
      },
      lifecycle: {
        get online() {
          return page.online;
        },
        get visible() {
          return page.visible;
        },
        listen(heard) {
          page.heard = heard;
          return () => undefined;
        },
      },
      grants: {
        ask: (_request, { fresh }) => {
          asked.push(fresh);
          const token = world.endpoint();
          return token instanceof VcRoomError ? Promise.reject(token) : Promise.resolve({ ...someGrant, token, serverUrl: server.url });
        },
        reject: (grant) => {
          refused.push(grant);
          return true;
        },
        isOurs: () => world.isOurs,
      },
    },
    {
      request: { room, identity: 'ada', displayName: 'Ada' },
      rtcConfig: undefined,
      track: () => ({ id: 'graph', kind: 'audio' }),
      door: () => door,
      isMuted: () => world.muted || door !== null,
      expectsSound: () => !world.muted && !door,
      report: (report) => said.push(report),
      signal: end.signal,
    },
  );
  return world;
}

async function createCall() {
  const world = createWorld();
  await world.supervisor.open();
  await world.pass(1_000);
  return world;
}

/** At the door, over a way that has not been lost for long. */
async function createWaiting() {
  let click = (): void => undefined;
  const world = createWorld(new Promise((resolve) => (click = resolve)));
  world.isOurs = true;
  const outcomes: unknown[] = [];
  world.supervisor.open().then(
    () => outcomes.push('joined'),
    (thrown: unknown) => outcomes.push(thrown),
  );
  await world.pass(1_000);
  return { ...world, click, outcomes };
}

type World = Awaited<ReturnType<typeof createCall>>;

/** From now on the server answers probes after so many ms, or when the test calls; returned are those that are still open. */
function answerAfter(world: World, ms: number): ReadonlySet<() => void> {
  const open = new Set<() => void>();
  const probe: Transport['probe'] = (_url, signal) =>
    new Promise((resolve) => {
      const end = (answered: boolean) => {
        open.delete(answer);
        resolve(answered);
      };
      const answer = () => end(true);
      open.add(answer);
      if (Number.isFinite(ms)) world.clock.after(ms, answer);
      signal.addEventListener('abort', () => end(false));
    });
  Object.assign(world.transport, { probe });
  return open;
}

const lost = (): VcRoomError => new VcRoomError('unreachable', 'signal', 'test');

describe('Supervisor', () => {
  it('opens with one attempt and says nothing of trouble while packets arrive', async () => {
    const world = await createCall();
    await world.pass(10_000);
    expect(world.transport.requests).to.have.length(1);
    expect(world.told('dropped', 'restored', 'closed')).to.deep.equal([]);
  });

  it('rejects when the first attempt fails, without trying again', async () => {
    const world = createWorld();
    world.endpoint = () => world.server.tokenThatFails(new VcRoomError('timeout', 'signal', 'test'));
    const end: unknown = await world.supervisor.open().catch((thrown: unknown) => thrown);
    expect(end).to.include({ code: 'timeout' });
    expect(world.transport.requests).to.have.length(1);
  });

  it('asks once more, fresh, when a grant that was kept is refused', async () => {
    const world = createWorld();
    const tokens = [world.server.token({ room, identity: 'ada', forged: true }), world.server.token({ room, identity: 'ada' })];
    world.endpoint = () => tokens.shift() ?? '';
    await world.supervisor.open();
    expect(world.asked).to.deep.equal([false, true]);
    expect(world.refused).to.have.length(1);
  });

  describe('at the door', () => {
    it('comes in at the click over a way that stands, with nothing to wait for', async () => {
      const { click, outcomes, transport } = await createWaiting();
      expect(outcomes).to.deep.equal([]);
      click();
      await settled();
      expect(outcomes).to.deep.equal(['joined']);
      expect(transport.requests).to.have.length(1);
    });

    it('comes in once signalling is back that was lost at the click', async () => {
      const { click, outcomes, pass, server, transport } = await createWaiting();
      server.resuming(room, 'ada');
      click();
      await pass(2_000);
      expect(outcomes).to.deep.equal([]);
      server.resumed(room, 'ada');
      await settled();
      expect(outcomes).to.deep.equal(['joined']);
      expect(transport.requests).to.have.length(1);
    });

    for (const before of [100, 8_000])
      it(`comes in as soon as the server is back that was lost ${before} ms before the click`, async () => {
        const { click, outcomes, pass, server, transport } = await createWaiting();
        server.silence = 'all';
        server.resuming(room, 'ada');
        await pass(before);
        click();
        await pass(5_000);
        expect(outcomes).to.deep.equal([]);
        server.remove(room, 'ada', lost());
        server.silence = 'none';
        await pass(600);
        expect(outcomes).to.deep.equal(['joined']);
        expect(transport.requests).to.have.length(2);
      });

    for (const [online, reason] of [
      [true, 'signal'],
      [false, 'offline'],
    ] as const)
      it(`does not wait for ever for a server that was lost before the click: ${reason}`, async () => {
        const { click, outcomes, page, pass, server } = await createWaiting();
        page.online = online;
        server.silence = 'all';
        server.resuming(room, 'ada');
        await pass(8_000);
        click();
        await pass(15_050);
        expect(outcomes).to.have.length(1);
        expect(outcomes[0]).to.include({ code: 'unreachable', reason });
      });
  });

  it('replaces a connection that ended, under the same identity, at once', async () => {
    const world = await createCall();
    world.server.remove(room, 'ada', lost());
    await world.pass(200);
    expect(world.told('dropped', 'restored')).to.deep.equal(['dropped', 'restored']);
    expect(world.transport.requests).to.have.length(2);
    expect(world.server.present(room)).to.deep.equal(['ada']);
  });

  it('comes back over a way on which answers take seconds', async () => {
    const world = await createCall();
    answerAfter(world, 3_000);
    world.server.remove(room, 'ada', lost());
    await world.pass(4_000);
    expect(world.told('dropped', 'restored')).to.deep.equal(['dropped', 'restored']);
  });

  it('replaces a connection that went silent on a way on which answers take seconds', async () => {
    const world = await createCall();
    answerAfter(world, 3_000);
    world.server.silence = 'media';
    await world.pass(4_500);
    expect(world.transport.requests).to.have.length(2);
  });

  for (const [trouble, begin] of [
    ['of a call that went silent', (world: World) => void (world.server.silence = 'all')],
    ['of a server that is away', (world: World) => world.server.remove(room, 'ada', lost())],
  ] as const)
    it(`ends the probes ${trouble} when all is over`, async () => {
      const world = await createCall();
      const open = answerAfter(world, Infinity);
      begin(world);
      await world.pass(1_500);
      expect(open.size).to.be.greaterThan(1);
      world.end.abort();
      await settled();
      expect(open.size).to.equal(0);
    });

  it('ends what it still asks once the server has answered', async () => {
    const world = await createCall();
    const open = answerAfter(world, Infinity);
    world.server.remove(room, 'ada', lost());
    await world.pass(1_000);
    const answered = [...open].at(-1);
    answered?.();
    await world.pass(100);
    expect(world.transport.requests).to.have.length(2);
    expect(open.size).to.equal(0);
  });

  it('asks no more whether a server is there that has just sent it away', async () => {
    const world = await createCall();
    const { probes } = world.transport;
    world.transport.requests[0]?.report({ type: 'ended', error: lost(), answered: true });
    await world.pass(100);
    expect(world.transport.requests).to.have.length(2);
    expect(world.transport.probes).to.equal(probes);
  });

  it('replaces nothing in the dark, and comes back as soon as the server answers, after an hour', async () => {
    const world = await createCall();
    world.server.silence = 'all';
    world.server.remove(room, 'ada', lost());
    await world.pass(3_600_000 / 20);
    expect(world.transport.requests).to.have.length(1);
    expect(world.transport.probes).to.be.greaterThan(100);
    world.server.silence = 'none';
    await world.pass(600);
    expect(world.transport.requests).to.have.length(2);
    expect(world.told('dropped', 'restored', 'closed')).to.deep.equal(['dropped', 'restored']);
  }).timeout(30_000);

  it('replaces a connection that went silent while the server answers', async () => {
    const world = await createCall();
    world.server.silence = 'media';
    await world.pass(1_900);
    expect(world.told('dropped')).to.deep.equal([]);
    await world.pass(1_500);
    expect(world.transport.requests).to.have.length(2);
  });

  it('does not wait for a browser that believes itself offline while the server answers', async () => {
    const world = await createCall();
    world.page.online = false;
    world.server.silence = 'media';
    await world.pass(3_400);
    expect(world.transport.requests).to.have.length(2);
  });

  it('replaces nothing when all is silent and then comes back', async () => {
    const world = await createCall();
    world.server.silence = 'all';
    await world.pass(8_000);
    expect(world.told('dropped')).to.deep.equal(['dropped']);
    world.server.silence = 'none';
    await world.pass(1_500);
    expect(world.told('dropped', 'restored')).to.deep.equal(['dropped', 'restored']);
    expect(world.transport.requests).to.have.length(1);
  });

  it('waits longer where everybody is muted and little is to be expected', async () => {
    const world = await createCall();
    world.muted = true;
    world.server.silence = 'media';
    await world.pass(5_500);
    expect(world.told('dropped')).to.deep.equal([]);
    await world.pass(1_500);
    expect(world.told('dropped')).to.deep.equal(['dropped']);
  });

  it('tells nobody of signalling that is resumed while media flows', async () => {
    const world = await createCall();
    world.server.resuming(room, 'ada');
    await world.pass(5_000);
    world.server.resumed(room, 'ada');
    await world.pass(1_000);
    expect(world.told('dropped', 'restored')).to.deep.equal([]);
    expect(world.transport.requests).to.have.length(1);
  });

  it('believes a server to be dead sooner when signalling broke off as well', async () => {
    const world = await createCall();
    world.server.silence = 'all';
    world.server.resuming(room, 'ada');
    await world.pass(1_100);
    expect(world.told('dropped')).to.deep.equal(['dropped']);
    world.server.silence = 'media';
    await world.pass(200);
    expect(world.transport.requests).to.have.length(2);
  });

  it('keeps who was here, marked, until they are back or a moment has passed', async () => {
    const world = await createCall();
    const enter = (identity: string) =>
      new FakeTransport(world.server).connect({
        serverUrl: world.server.url,
        token: world.server.token({ room, identity }),
        track: null,
        isMuted: () => true,
        rtcConfig: undefined,
        signal: world.end.signal,
        report: () => undefined,
      });
    await enter('ben');
    await enter('cleo');
    await settled();
    // The server restarts: everybody is put out, and comes back on their own.
    world.server.silence = 'all';
    for (const identity of ['ben', 'cleo', 'ada']) world.server.remove(room, identity, lost());
    await world.pass(500);
    world.server.silence = 'none';
    await world.pass(600);
    expect(world.people()).to.deep.equal(['ben reconnecting', 'cleo reconnecting']);
    await enter('ben');
    await settled();
    expect(world.people()).to.deep.equal(['ben live', 'cleo reconnecting']);
    await world.pass(2_000);
    expect(world.people()).to.deep.equal(['ben live']);
  });

  it('never has two attempts at a time', async () => {
    const world = await createCall();
    const release = world.server.hold();
    world.server.remove(room, 'ada', lost());
    await world.pass(200);
    world.page.heard();
    world.page.heard();
    await world.pass(5_000);
    expect(world.transport.requests).to.have.length(2);
    release();
    await world.pass(100);
    expect(world.told('restored')).to.deep.equal(['restored']);
    expect(world.transport.requests).to.have.length(2);
  });

  it('hears nothing any more from a connection that is being replaced', async () => {
    const world = await createCall();
    const release = world.server.hold();
    const stale = world.transport.requests[0]?.report;
    world.server.remove(room, 'ada', lost());
    await world.pass(200);
    const before = world.last();
    stale?.({ type: 'ended', error: new VcRoomError('removed', 'by-moderator', 'late') });
    stale?.({ type: 'participants', participants: [] });
    expect(world.last()).to.equal(before);
    release();
  });

  for (const [code, reason] of [
    ['removed', 'by-moderator'],
    ['duplicate-identity', 'elsewhere'],
    ['room-closed', 'deleted'],
  ] as const)
    it(`closes, and stays closed, for ${code}`, async () => {
      const world = await createCall();
      world.server.remove(room, 'ada', new VcRoomError(code, reason, 'test'));
      await world.pass(20_000);
      expect(world.last()).to.deep.include({ type: 'closed' });
      expect(world.transport.requests).to.have.length(1);
    });

  it('asks for a fresh grant when the room or the token is gone', async () => {
    const world = await createCall();
    world.server.remove(room, 'ada', new VcRoomError('room-closed', 'not-found', 'test'));
    await world.pass(200);
    expect(world.asked).to.deep.equal([false, true]);
    expect(world.told('restored')).to.deep.equal(['restored']);
  });

  it('goes on with the last grant while the token endpoint is down', async () => {
    const world = await createCall();
    world.endpoint = () => new VcRoomError('token-unreachable', 'network', 'test');
    world.server.remove(room, 'ada', lost());
    await world.pass(200);
    expect(world.told('restored')).to.deep.equal(['restored']);
  });

  it('tries again at once when the page hears of a network', async () => {
    const world = await createCall();
    world.page.online = false;
    world.server.remove(room, 'ada', lost());
    await world.pass(1_000);
    expect(world.transport.requests).to.have.length(1);
    world.page.online = true;
    world.page.heard();
    await world.pass(100);
    expect(world.transport.requests).to.have.length(2);
  });

  it('comes back muted when it was muted meanwhile', async () => {
    const world = await createCall();
    const release = world.server.hold();
    world.server.remove(room, 'ada', lost());
    await world.pass(200);
    world.muted = true;
    release();
    await world.pass(100);
    const [ada] = world.transport.requests.slice(-1);
    expect(ada?.track).to.not.equal(null);
    const people: unknown[] = [];
    const ben = world.server.token({ room, identity: 'ben' });
    await new FakeTransport(world.server).connect({
      serverUrl: world.server.url,
      token: ben,
      track: null,
      isMuted: () => true,
      rtcConfig: undefined,
      signal: world.end.signal,
      report: (report) => report.type === 'participants' && people.push(...report.participants),
    });
    await settled();
    expect(people[0]).to.include({ identity: 'ada', muted: true });
  });

  it('has a successor ready while the server is away, and lets go of it when the call came back by itself', async () => {
    const world = await createCall();
    world.server.silence = 'all';
    await world.pass(3_000);
    expect(world.transport.prepared).to.equal(1);
    world.server.silence = 'none';
    await world.pass(1_000);
    expect(world.transport.prepared).to.equal(0);
    expect(world.transport.requests).to.have.length(1);
  });

  it('has a successor ready from the moment on at which signalling is lost, and lets go of it when that came back', async () => {
    const world = await createCall();
    const [request] = world.transport.requests;
    request?.report({ type: 'resuming' });
    expect(world.transport.prepared).to.equal(1);
    request?.report({ type: 'resumed' });
    expect(world.transport.prepared).to.equal(0);
    expect(world.told('dropped')).to.deep.equal([]);
  });

  it('comes back once, and then no more, when the other who entered may have been itself', async () => {
    const world = await createCall();
    const fine = world.endpoint;
    world.endpoint = () => world.server.tokenThatFails(new VcRoomError('timeout', 'signal', 'test'));
    world.server.remove(room, 'ada', lost());
    await world.pass(50);
    world.endpoint = fine;
    await world.pass(10_000);
    expect(world.told('restored')).to.deep.equal(['restored']);
    const elsewhere = (): void => world.server.remove(room, 'ada', new VcRoomError('duplicate-identity', 'elsewhere', 'test'));
    elsewhere();
    await world.pass(300);
    expect(world.told('restored', 'closed')).to.deep.equal(['restored', 'restored']);
    elsewhere();
    await world.pass(300);
    expect(world.told('restored', 'closed')).to.deep.equal(['restored', 'restored', 'closed']);
  });

  it('gets in past a request that an earlier join took back, under an identity that nobody else has', async () => {
    for (const [isOurs, tries] of [
      [true, 2],
      [false, 1],
    ] as const) {
      const world = Object.assign(createWorld(), { isOurs });
      const connect = world.transport.connect.bind(world.transport);
      let tried = 0;
      world.transport.connect = (request) => (++tried === 1 ? Promise.reject(new VcRoomError('duplicate-identity', 'elsewhere', 'test')) : connect(request));
      const outcome = await world.supervisor.open().then(
        () => 'in',
        (thrown: unknown) => (thrown as VcRoomError).code,
      );
      expect([outcome, tried]).to.deep.equal([isOurs ? 'in' : 'duplicate-identity', tries]);
      world.server.remove(room, 'ada', new VcRoomError('duplicate-identity', 'elsewhere', 'test'));
      await world.pass(20_000);
      expect(tried).to.equal(tries);
    }
  });

  it('comes back once when a request that an earlier join took back puts it out', async () => {
    const world = Object.assign(createWorld(), { isOurs: true });
    await world.supervisor.open();
    for (const told of [['restored'], ['restored', 'closed']]) {
      world.server.remove(room, 'ada', new VcRoomError('duplicate-identity', 'elsewhere', 'test'));
      await world.pass(300);
      expect(world.told('restored', 'closed')).to.deep.equal(told);
    }
  });

  it('leaves the room to another tab that took over while the server was away', async () => {
    const world = await createCall();
    world.server.silence = 'all';
    world.server.remove(room, 'ada', lost());
    await world.pass(500);
    world.page.isTakenOver = true;
    world.server.silence = 'none';
    await world.pass(500);
    expect(world.last()).to.deep.include({ type: 'closed' });
    expect(world.transport.requests).to.have.length(1);
  });

  it('closes a connection that comes to stand after all is over', async () => {
    const world = await createCall();
    const connect = world.transport.connect.bind(world.transport);
    let answer = (): void => undefined;
    let closed = 0;
    world.transport.connect = async (request) => {
      // One that does not hear the signal.
      const connection = await connect({ ...request, signal: new AbortController().signal });
      await new Promise<void>((resolve) => (answer = resolve));
      return Object.assign(connection, { close: () => closed++ });
    };
    world.server.remove(room, 'ada', lost());
    await world.pass(300);
    world.end.abort();
    const before = world.last();
    answer();
    await settled();
    expect(closed).to.equal(1);
    expect(world.last()).to.equal(before);
  });

  it('takes an answer that is late for none in the next silence', async () => {
    const world = await createCall();
    const { probe } = world.transport;
    const answers: (() => void)[] = [];
    world.transport.probe = () => new Promise((resolve) => answers.push(() => resolve(true)));
    world.server.silence = 'media';
    await world.pass(1_500);
    expect(answers).to.have.length(2);
    // It was only a pause; the answer comes as the next one has begun, in which the server is away.
    world.server.silence = 'none';
    await world.pass(600);
    world.server.silence = 'all';
    for (const answer of answers) answer();
    world.transport.probe = probe;
    await world.pass(8_000);
    expect(world.transport.requests).to.have.length(1);
    expect(world.told('dropped')).to.deep.equal(['dropped']);
  });

  it('ends everything in the task of the abort', async () => {
    const world = await createCall();
    world.server.remove(room, 'ada', lost());
    await world.pass(50);
    world.end.abort();
    expect(world.server.present(room)).to.deep.equal([]);
    const { length } = world.transport.requests;
    await world.pass(20_000);
    expect(world.transport.requests).to.have.length(length);
  });
});
