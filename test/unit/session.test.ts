import { expect } from '@open-wc/testing';
import { VcRoomError } from '../../src/room/errors.js';
import { Session } from '../../src/room/session.js';
import { heardAs } from '../../src/room/snapshot.js';
import type { RoomSnapshot } from '../../src/room/snapshot.js';
import type { Person } from '../../src/room/suppliers.js';
import { Script, settled, someGrant } from '../support/fake-suppliers.js';
import { until } from '../support/until.js';

const ben: Person = { identity: 'ben', name: 'Ben', muted: false, listenOnly: false, quality: 'good', connection: 'live', joinedAt: 1 };

/** A session that remembers what it said, and the joins that were scripted for it. */
function createWorld() {
  const said: RoomSnapshot[] = [];
  const session = new Session((now) => said.push(now));
  return {
    session,
    said,
    states: () => said.map(({ connectionState }) => connectionState).filter((state, index, all) => state !== all[index - 1]),
    join(script = new Script(), more = {}) {
      session.prepare(script.order(more));
      const joined = session.commit();
      const outcome = joined.then(
        () => 'joined' as const,
        (error: unknown) => error as VcRoomError,
      );
      return { script, joined, outcome };
    },
    async joined(more = {}) {
      const { script, outcome } = this.join(new Script(), more);
      script.loaded.resolve(script.suppliers);
      script.granted.resolve(someGrant);
      await settled();
      script.sound.report({ type: 'capture', capture: 'open' });
      script.connection.open();
      expect(await outcome).to.equal('joined');
      return script;
    },
  };
}

describe('Session', () => {
  it('is joining in the task of the press, and joined when the connection opened', async () => {
    const world = createWorld();
    const { script, outcome } = world.join();
    expect(world.session.snapshot).to.include({ connectionState: 'joining', step: 'loading' });
    script.loaded.resolve(script.suppliers);
    await settled();
    expect(world.session.snapshot.step).to.equal('asking');
    script.granted.resolve(someGrant);
    await settled();
    expect(world.session.snapshot.step).to.equal('connecting');
    script.connection.open();
    expect(await outcome).to.equal('joined');
    expect(world.states()).to.deep.equal(['joining', 'joined']);
  });

  it('returns the same promise to a second join, and releases what its press had opened', () => {
    const world = createWorld();
    const first = world.join();
    const second = world.join();
    expect(second.joined).to.equal(first.joined);
    expect(second.script.pressReleased).to.equal(1);
    expect(first.script.pressReleased).to.equal(0);
  });

  it('returns the same promise also once joined', async () => {
    const world = createWorld();
    await world.joined();
    const opened = world.session.opened;
    expect(world.join().joined).to.equal(opened);
  });

  for (const step of ['loading', 'asking', 'connecting', 'joined'] as const)
    it(`is idle in the task of a leave while ${step}, with microphone and sound released`, async () => {
      const world = createWorld();
      const { script, outcome } = world.join();
      if (step !== 'loading') script.loaded.resolve(script.suppliers);
      if (step === 'connecting' || step === 'joined') script.granted.resolve(someGrant);
      await settled();
      if (step === 'joined') script.connection.open();
      await settled();

      world.session.leave();
      expect(world.session.snapshot).to.include({ connectionState: 'idle', error: null, microphone: 'off' });
      expect(script.pressReleased).to.equal(1);
      if (step !== 'loading') expect(script.sound.closed).to.equal(true);
      if (step === 'joined') expect(script.connection.closed).to.equal(true);
      if (step === 'connecting') expect(script.connection.request.signal.aborted).to.equal(true);
      const end = await outcome;
      if (step === 'joined') expect(end).to.equal('joined');
      else expect(end).to.include({ code: 'aborted' });
    });

  it('joins again in the task after a leave, and what the first join still says is stale', async () => {
    const world = createWorld();
    const first = world.join();
    first.script.loaded.resolve(first.script.suppliers);
    first.script.granted.resolve(someGrant);
    await settled();
    world.session.leave();
    const second = world.join();
    expect(world.session.snapshot.connectionState).to.equal('joining');

    first.script.connection.report({ type: 'participants', participants: [ben] });
    first.script.connection.report({ type: 'ended', error: new VcRoomError('removed', 'by-moderator', 'late') });
    first.script.sound.report({ type: 'capture', capture: 'open' });
    first.script.connection.open();
    await settled();
    expect(first.script.connection.closed).to.equal(true);
    expect(world.session.snapshot).to.include({ connectionState: 'joining', error: null, step: 'loading' });
    expect(world.session.snapshot.remoteParticipants).to.deep.equal([]);

    second.script.loaded.resolve(second.script.suppliers);
    second.script.granted.resolve(someGrant);
    await settled();
    second.script.connection.open();
    expect(await second.outcome).to.equal('joined');
    expect(await first.outcome).to.include({ code: 'aborted' });
  });

  it('begins nothing when the parts are loaded after the leave', async () => {
    const world = createWorld();
    const { script } = world.join();
    world.session.leave();
    script.loaded.resolve(script.suppliers);
    await settled();
    expect(script.pressReleased).to.equal(1);
    expect(script.asked).to.deep.equal([]);
  });

  for (const fails of ['load', 'grant', 'connect'] as const)
    it(`ends idle with the error when ${fails} fails, and can be joined again`, async () => {
      const world = createWorld();
      const { script, outcome } = world.join();
      const error = new VcRoomError('unreachable', 'signal', 'test');
      if (fails === 'load') script.loaded.reject(error);
      script.loaded.resolve(script.suppliers);
      if (fails === 'grant') script.granted.reject(error);
      script.granted.resolve(someGrant);
      await settled();
      if (fails === 'connect') script.connection.opening.reject(error);
      expect(await outcome).to.equal(error);
      expect(world.session.snapshot).to.include({ connectionState: 'idle', error });
      expect(script.pressReleased).to.equal(1);
      await world.joined();
      expect(world.session.snapshot).to.include({ connectionState: 'joined', error: null });
    });

  it('wraps what was thrown unexpectedly', async () => {
    const { script, outcome } = createWorld().join();
    script.loaded.reject(new TypeError('boom'));
    expect(await outcome).to.include({ code: 'unknown', reason: 'unexpected' });
  });

  it('ends idle when the connection ends, with its reason', async () => {
    const world = createWorld();
    const script = await world.joined();
    const error = new VcRoomError('removed', 'by-moderator', 'test');
    script.connection.report({ type: 'ended', error });
    expect(world.session.snapshot).to.include({ connectionState: 'idle', error });
    expect(script.sound.closed).to.equal(true);
  });

  it('has noise suppressed once the connection no longer needs the thread, and not before', async () => {
    const calm: number[] = [];
    const world = createWorld();
    const { script } = world.join(new Script(), { calm: () => calm.push(1) });
    script.loaded.resolve(script.suppliers);
    script.granted.resolve(someGrant);
    await settled();
    expect([script.sound.denoises, calm.length]).to.deep.equal([false, 0]);
    script.connection.report({ type: 'negotiated' });
    expect([script.sound.denoises, calm.length]).to.deep.equal([true, 1]);
    script.connection.open();
    await settled();
    expect(calm.length).to.equal(1);
    const { sound } = await createWorld().joined();
    expect(sound.denoises, 'where the transport does not tell').to.equal(true);
  });

  it('plays nobody any more who left while the connection was away', async () => {
    const { connection, connections, sound } = await createWorld().joined();
    connection.report({ type: 'participants', participants: [ben] });
    connection.report({ type: 'track', identity: 'ben', track: { id: 'voice', kind: 'audio' } });
    expect([...sound.playing.keys()]).to.deep.equal(['ben']);
    connection.report({ type: 'ended', error: new VcRoomError('unreachable', 'signal', 'test') });
    await until(() => connections.length === 2);
    connections[1]?.report({ type: 'participants', participants: [] });
    connections[1]?.open();
    await until(() => sound.playing.size === 0, 'ben is silent');
  });

  it('listens on when the microphone is refused', async () => {
    const world = createWorld();
    const { script, outcome } = world.join();
    script.loaded.resolve(script.suppliers);
    script.granted.resolve(someGrant);
    await settled();
    const error = new VcRoomError('mic-blocked', 'person', 'test');
    script.sound.report({ type: 'capture', capture: 'blocked', error });
    script.connection.open();
    expect(await outcome).to.equal('joined');
    expect(world.session.snapshot).to.include({ connectionState: 'joined', microphone: 'blocked', error });
    expect(script.connection.muted).to.equal(true);
  });

  it('asks for the microphone again when one unmutes who was refused', async () => {
    const world = createWorld();
    const script = await world.joined();
    script.sound.report({ type: 'capture', capture: 'blocked', error: new VcRoomError('mic-blocked', 'person', 'test') });
    const { opened } = script.sound;
    world.session.setMicMuted(false);
    expect(script.sound.opened).to.equal(opened + 1);
  });

  it('shuts the gate and tells the others in the task of a mute', async () => {
    const world = createWorld();
    const script = await world.joined();
    expect(script.sound.transmitting).to.equal(true);
    expect(script.connection.muted).to.equal(false);
    world.session.setMicMuted(true);
    expect(script.sound.transmitting).to.equal(false);
    expect(script.connection.muted).to.equal(true);
  });

  it('tells the others of a mute that was pressed while connecting', async () => {
    const world = createWorld();
    const { script, outcome } = world.join();
    script.loaded.resolve(script.suppliers);
    script.granted.resolve(someGrant);
    script.sound.report({ type: 'capture', capture: 'open' });
    await settled();
    script.sound.report({ type: 'capture', capture: 'open' });
    world.session.setMicMuted(true);
    script.connection.open();
    await outcome;
    expect(script.connection.muted).to.equal(true);
  });

  it('does not ask for a microphone of who starts muted until they unmute', async () => {
    const world = createWorld();
    world.session.setMicMuted(true);
    const { script, outcome } = world.join();
    script.loaded.resolve(script.suppliers);
    script.granted.resolve(someGrant);
    await settled();
    script.connection.open();
    await outcome;
    expect(script.sound.opened).to.equal(0);
    expect(world.session.snapshot.microphone).to.equal('muted');
    world.session.setMicMuted(false);
    expect(script.sound.opened).to.equal(1);
  });

  it('publishes nothing for who only listens, by choice or by grant', async () => {
    const byChoice = createWorld();
    const first = await byChoice.joined({ listenOnly: true });
    expect(first.connection.request.track).to.equal(null);
    expect(first.sound.opened).to.equal(0);

    const byGrant = createWorld();
    const { script } = byGrant.join();
    script.loaded.resolve(script.suppliers);
    script.granted.resolve({ ...someGrant, canPublish: false });
    await settled();
    expect(script.connection.request.track).to.equal(null);
    expect(script.sound.opened).to.equal(0);
    expect(byGrant.session.snapshot).to.include({ listenOnly: true, microphone: 'off' });
  });

  it('plays people at master volume times their own, and nobody while deafened', async () => {
    const world = createWorld();
    const script = await world.joined();
    script.connection.report({ type: 'participants', participants: [ben] });
    world.session.setVolume(0.5);
    world.session.setParticipantVolume('ben', 1.5);
    expect(script.sound.gains.get('ben')).to.equal(0.75);
    world.session.setDeafened(true);
    expect(script.sound.gains.get('ben')).to.equal(0);
    expect(script.sound.transmitting).to.equal(false);
    world.session.setDeafened(false);
    expect(script.sound.gains.get('ben')).to.equal(0.75);
    expect(script.sound.transmitting).to.equal(true);
    world.session.muteParticipant('ben', true);
    expect(script.sound.gains.get('ben')).to.equal(0);
  });

  it('leaves what is remembered of somebody as it is, beside what was said of them before', async () => {
    const world = createWorld();
    world.session.setParticipantVolume('ben', 0.5);
    world.session.recall({ ben: { volume: 2, locallyMuted: true }, cleo: { volume: 1.5, locallyMuted: false } });
    const script = await world.joined();
    script.connection.report({ type: 'participants', participants: [ben] });
    expect(world.session.snapshot.remoteParticipants[0]).to.include({ volume: 0.5, locallyMuted: true });
    world.session.muteParticipant('ben', false);
    expect(script.sound.gains.get('ben')).to.equal(0.5);
    expect(heardAs(world.session.snapshot, 'cleo').volume).to.equal(1.5);
  });

  it('brings volumes into 0 to 2 and takes what is no number for 1', () => {
    const { session } = createWorld();
    session.setVolume(7);
    expect(session.snapshot.volume).to.equal(2);
    session.setVolume(-1);
    expect(session.snapshot.volume).to.equal(0);
    session.setVolume(Number.NaN);
    expect(session.snapshot.volume).to.equal(1);
  });

  it('neither hears nor is heard while held, and goes on as before afterwards', async () => {
    const world = createWorld();
    const script = await world.joined();
    script.connection.report({ type: 'participants', participants: [ben] });
    world.session.hold(true);
    expect(script.sound.transmitting).to.equal(false);
    expect(script.sound.gains.get('ben')).to.equal(0);
    world.session.hold(false);
    expect(script.sound.transmitting).to.equal(true);
    expect(script.sound.gains.get('ben')).to.equal(1);
  });

  describe('before the click', () => {
    /** A press that has come as far as it may: all is loaded, the grant is there, the microphone is open. */
    async function pressed(more = {}, isOurs = false, grant = someGrant, isGranted = true) {
      const world = createWorld();
      const script = new Script();
      script.isOurs = isOurs;
      const letGo = world.session.prepare(script.order(more));
      if (isGranted) world.session.openMicrophoneAhead();
      script.loaded.resolve(script.suppliers);
      script.granted.resolve(grant);
      await settled();
      if (script.sound.opened) script.sound.report({ type: 'capture', capture: 'open' });
      return { ...world, script, letGo };
    }

    it('shows nothing of what it does, sends nothing and connects to nobody', async () => {
      const { session, said, script } = await pressed();
      expect(said).to.deep.equal([]);
      expect(session.snapshot).to.include({ connectionState: 'idle', microphone: 'off' });
      expect(session.opened).to.equal(null);
      expect(script.sound).to.include({ opened: 1, transmitting: false });
      expect(script.connections).to.have.length(0);
    });

    it('waits at the door where it may, muted and silent, and comes in at the click', async () => {
      const { session, said, script } = await pressed({}, true);
      expect(script.connection).to.include({ muted: true });
      script.connection.open();
      script.connection.report({ type: 'participants', participants: [ben] });
      script.connection.report({ type: 'standby', identities: ['cleo'] });
      await settled();
      expect(said).to.deep.equal([]);
      expect(script.sound.transmitting).to.equal(false);
      const joined = session.commit();
      await script.connection.request.door;
      expect(script.connection.request.isMuted()).to.equal(false);
      await joined;
      expect(session.snapshot).to.include({ connectionState: 'joined', standbyCount: 1 });
      expect(session.snapshot.remoteParticipants).to.have.length(1);
      expect(script.connection.muted).to.equal(false);
    });

    it('knows at the door who is in, says so, and forgets it with the door', async () => {
      const { session, said, script, letGo } = await pressed({}, true);
      script.connection.open();
      script.connection.report({ type: 'participants', participants: [ben] });
      expect(session.levels?.here.map(({ name }) => name)).to.deep.equal(['Ben']);
      expect(script.toldAtDoor).to.equal(1);
      letGo();
      expect([session.levels, script.toldAtDoor]).to.deep.equal([null, 2]);
      expect(said).to.deep.equal([]);
    });

    it('is joined by a click whose connection at the door has died once there is another', async () => {
      const { session, script } = await pressed({}, true);
      script.connection.open();
      await settled();
      script.connection.report({ type: 'ended', error: new VcRoomError('unreachable', 'signal', 'test') });
      const states: string[] = [];
      const joined = session.commit().then(() => states.push('joined'));
      await settled();
      expect([session.snapshot.connectionState, states]).to.deep.equal(['joining', []]);
      await until(() => script.connections.length === 2);
      expect(states).to.deep.equal([]);
      script.connections[1]?.open();
      await joined;
      expect(session.snapshot.connectionState).to.equal('joined');
    });

    it('comes in unmuted when the microphone opens in the moment of the click', async () => {
      const { session, script } = await pressed({}, true, someGrant, false);
      script.connection.open();
      await settled();
      const told: boolean[] = [];
      void script.connection.request.door?.then(() => told.push(script.connection.request.isMuted()));
      void session.commit();
      script.sound.report({ type: 'capture', capture: 'open' });
      await settled();
      expect(told).to.deep.equal([false]);
      expect(script.connection.muted).to.equal(false);
    });

    it('plugs the microphone in as soon as a press has opened it, at the door too', async () => {
      const { session, script } = await pressed({}, true, someGrant, false);
      expect(script.sound.opened).to.equal(0);
      session.openMicrophoneAhead();
      expect(script.sound).to.include({ opened: 1, transmitting: false });
      script.sound.report({ type: 'capture', capture: 'open' });
      expect(script.connection.request.isMuted()).to.equal(true);
      void session.commit();
      expect(script.sound).to.include({ opened: 1, transmitting: true });
    });

    it('closes the connection at the door when it is let go', async () => {
      const { said, script, letGo } = await pressed({}, true);
      script.connection.open();
      await settled();
      letGo();
      expect(script.connection.closed).to.equal(true);
      expect(said).to.deep.equal([]);
    });

    for (const [why, more, grant] of [
      ['who only listens', { listenOnly: true }, someGrant],
      ['a grant without leave to speak', {}, { ...someGrant, canPublish: false }],
      ['a grant without leave to send data', {}, { ...someGrant, canPublishData: false }],
    ] as const)
      it(`does not connect ahead with ${why}`, async () => {
        const { session, script } = await pressed(more, true, grant);
        expect(script.connections).to.have.length(0);
        void session.commit();
        await settled();
        expect(script.connection.request.door).to.equal(null);
      });

    it('goes on from where it stands when the click comes', async () => {
      const { session, states, script } = await pressed();
      const joined = session.commit();
      expect(session.snapshot).to.include({ connectionState: 'joining', microphone: 'live' });
      expect(script.sound).to.include({ opened: 1, transmitting: true });
      await settled();
      script.connection.open();
      await joined;
      expect(states()).to.deep.equal(['joining', 'joined']);
      expect(script.asked).to.have.length(1);
      expect(script.marked).to.deep.equal(['code', 'grant', 'microphone', 'click', 'joined']);
    });

    it('leaves the microphone to the click where somebody would be asked', async () => {
      const { session, script } = await pressed({}, false, someGrant, false);
      expect(script.sound.opened).to.equal(0);
      void session.commit();
      expect(script.sound.opened).to.equal(1);
    });

    it('is gone without a trace when it is let go', async () => {
      const { session, said, script, letGo } = await pressed();
      letGo();
      expect(script.pressReleased).to.equal(1);
      expect(script.sound.closed).to.equal(true);
      expect(session.isFree).to.equal(true);
      await settled();
      expect(script.connections).to.have.length(0);
      expect(said).to.deep.equal([]);
    });

    it('is not let go any more once it is committed', async () => {
      const { session, letGo } = await pressed();
      session.commit().catch(() => undefined);
      letGo();
      expect(session.snapshot.connectionState).to.equal('joining');
    });

    for (const fails of ['load', 'grant'] as const)
      it(`forgets that ${fails} failed, so that the click tries for itself`, async () => {
        const { session, said } = createWorld();
        const script = new Script();
        session.prepare(script.order());
        const error = new VcRoomError('unreachable', 'signal', 'test');
        if (fails === 'load') script.loaded.reject(error);
        script.loaded.resolve(script.suppliers);
        if (fails === 'grant') script.granted.reject(error);
        await settled();
        expect(session.isFree).to.equal(true);
        expect(session.snapshot.error).to.equal(null);
        expect(script.pressReleased).to.equal(1);
        expect(said).to.deep.equal([]);
      });

    it('follows what the person does to mute and volume meanwhile', async () => {
      const { session, script } = await pressed();
      session.setMicMuted(true);
      expect(session.snapshot.micMuted).to.equal(true);
      void session.commit();
      expect(session.snapshot).to.include({ micMuted: true, microphone: 'muted' });
      expect(script.sound.transmitting).to.equal(false);
    });

    it('is taken back by leave without an event', async () => {
      const { session, said, script } = await pressed();
      session.leave();
      expect(script.sound.closed).to.equal(true);
      expect(said).to.deep.equal([]);
    });
  });
});
