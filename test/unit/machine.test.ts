import { expect } from '@open-wc/testing';
import { VcRoomError } from '../../src/room/errors.js';
import { transition } from '../../src/room/machine.js';
import type { Message } from '../../src/room/machine.js';
import { initialSnapshot } from '../../src/room/snapshot.js';
import type { ConnectionState, RoomSnapshot } from '../../src/room/snapshot.js';
import { patchFor } from '../../src/room/reports.js';
import type { DataReport } from '../../src/room/reports.js';
import type { Person } from '../../src/room/suppliers.js';

const error = new VcRoomError('unreachable', 'signal', 'test');
const person = (identity: string, more: Partial<Person> = {}): Person => ({
  identity,
  name: identity.toUpperCase(),
  muted: false,
  listenOnly: false,
  quality: 'good',
  connection: 'live',
  joinedAt: 1,
  ...more,
});

const committed: Message = { type: 'committed', listenOnly: false };

/** The shortest way into each state. */
const ways: Record<ConnectionState, Message[]> = {
  idle: [],
  joining: [committed],
  joined: [committed, { type: 'opened' }],
  reconnecting: [committed, { type: 'opened' }, { type: 'dropped' }],
};

/** A message, or a report that becomes one by way of `patchFor`. */
type Said = Message | DataReport;

const isMessage = (said: Said): said is Message =>
  !['participants', 'local', 'speakers', 'capture', 'playback', 'noisesuppression', 'devices'].includes(said.type);
const next = (now: RoomSnapshot, said: Said): RoomSnapshot => transition(now, isMessage(said) ? said : { type: 'patched', change: patchFor(now, said) });
const after = (...said: Said[]): RoomSnapshot => said.reduce(next, initialSnapshot);
const within = (state: ConnectionState, ...more: Said[]): RoomSnapshot => after(...ways[state], ...more);

const states = Object.keys(ways) as ConnectionState[];

/** The table of the house; '.' means: the same object. */
const table: Record<'committed' | 'opened' | 'dropped' | 'restored' | 'closed', [Message, ...(ConnectionState | '.')[]]> = {
  //                                              idle       joining   joined          reconnecting
  committed: [committed /*                     */, 'joining', '.', '.', '.'],
  opened: [{ type: 'opened' } /*               */, '.', 'joined', '.', '.'],
  dropped: [{ type: 'dropped' } /*             */, '.', '.', 'reconnecting', '.'],
  restored: [{ type: 'restored' } /*           */, '.', '.', '.', 'joined'],
  closed: [{ type: 'closed', error } /*        */, '.', 'idle', 'idle', 'idle'],
};

const reports: DataReport[] = [
  { type: 'participants', participants: [person('ben')] },
  { type: 'local', person: person('ada') },
  { type: 'speakers', identities: ['ada'] },
  { type: 'capture', capture: 'open' },
  { type: 'playback', blocked: true },
  { type: 'noisesuppression', active: 'browser' },
];

const choices: Message[] = [
  { type: 'muted', muted: true },
  { type: 'deafened', deafened: true },
  { type: 'volume', volume: 0.5 },
  { type: 'listening', identity: 'ben', listening: { volume: 0.5, locallyMuted: false } },
];

describe('transition', () => {
  for (const [name, [message, ...nexts]] of Object.entries(table))
    states.forEach((state, index) => {
      const expected = nexts[index];
      it(`${expected === '.' ? 'stays the same object in' : `moves to ${String(expected)} from`} ${state} when ${name}`, () => {
        const before = within(state);
        const now = transition(before, message);
        if (expected === '.') expect(now).to.equal(before);
        else expect(now.connectionState).to.equal(expected);
      });
    });

  for (const state of states) {
    for (const report of reports)
      it(`${state === 'idle' ? 'ignores the report' : 'never moves for the report'} ${report.type} in ${state}`, () => {
        const before = within(state);
        const now = next(before, report);
        expect(now.connectionState).to.equal(state);
        if (state === 'idle') expect(now).to.equal(before);
      });
    for (const choice of choices)
      it(`takes the choice ${choice.type} in ${state} without moving`, () => {
        const now = within(state, choice);
        expect(now.connectionState).to.equal(state);
        expect(now).not.to.equal(within(state));
      });
    it(`freezes what it returns in ${state}`, () => {
      for (const message of [...Object.values(table).map(([first]) => first), ...reports, ...choices]) {
        const now = within(state, message);
        expect(Object.isFrozen(now) && Object.isFrozen(now.remoteParticipants)).to.equal(true);
      }
    });
    it(`returns the same object when the same is said twice in ${state}`, () => {
      for (const message of [...reports, ...choices]) {
        const once = within(state, message);
        if (message.type !== 'listening') expect(next(once, message), message.type).to.equal(once);
      }
    });
  }

  it('clears the error of before when a join begins', () => {
    expect(within('joining', { type: 'closed', error }, committed).error).to.equal(null);
  });

  it('keeps the error with which a room closed, and forgets who was in it', () => {
    const now = within('joined', { type: 'participants', participants: [person('ben')] }, { type: 'closed', error });
    expect(now.error).to.equal(error);
    expect(now.remoteParticipants).to.deep.equal([]);
    expect(now.localParticipant).to.equal(null);
    expect(now.microphone).to.equal('off');
  });

  it('keeps people who did not change as the same objects', () => {
    const first = within('joined', { type: 'participants', participants: [person('ben'), person('cleo')] });
    const now = next(first, { type: 'participants', participants: [person('ben'), person('cleo', { muted: true })] });
    expect(now.remoteParticipants[0]).to.equal(first.remoteParticipants[0]);
    expect(now.remoteParticipants[1]).not.to.equal(first.remoteParticipants[1]);
    expect(now.remoteParticipants[1]?.muted).to.equal(true);
  });

  it('marks who speaks, me included, and keeps the mark through other changes', () => {
    const now = within(
      'joined',
      { type: 'participants', participants: [person('ben')] },
      { type: 'local', person: person('ada') },
      { type: 'speakers', identities: ['ada', 'ben'] },
      { type: 'participants', participants: [person('ben', { quality: 'poor' })] },
    );
    expect(now.localParticipant?.speaking).to.equal(true);
    expect(now.remoteParticipants[0]).to.include({ speaking: true, quality: 'poor' });
  });

  it('says of me that I am reconnecting for as long as that is so', () => {
    const here = within('joined', { type: 'local', person: person('ada') });
    expect(here.localParticipant?.connection).to.equal('live');
    const away = next(here, { type: 'dropped' });
    expect(away.localParticipant?.connection).to.equal('reconnecting');
    const told = next(away, { type: 'local', person: person('ada', { joinedAt: 2 }) });
    expect(told.localParticipant?.connection).to.equal('reconnecting');
    expect(next(told, { type: 'restored' }).localParticipant?.connection).to.equal('live');
  });

  it('has something new to tell when the list of devices is another, also without a microphone', () => {
    const before = within('joined');
    const after = next(before, { type: 'devices', input: null });
    expect(after).to.not.equal(before);
    expect(after.deviceList).to.not.equal(before.deviceList);
  });

  it('keeps everybody in their place, whoever joined anew', () => {
    const now = within(
      'joined',
      { type: 'participants', participants: [person('ben'), person('cleo')] },
      { type: 'participants', participants: [person('dora'), person('cleo'), person('ben')] },
    );
    expect(now.remoteParticipants.map(({ identity }) => identity)).to.deep.equal(['ben', 'cleo', 'dora']);
  });

  it('keeps how loud somebody is heard until they come back', () => {
    const now = within(
      'joined',
      { type: 'participants', participants: [person('ben')] },
      { type: 'listening', identity: 'ben', listening: { volume: 0.3, locallyMuted: true } },
      { type: 'participants', participants: [] },
      { type: 'participants', participants: [person('ben')] },
    );
    expect(now.remoteParticipants[0]).to.include({ volume: 0.3, locallyMuted: true });
  });

  describe('deafen', () => {
    it('also mutes, and gives back the state from before', () => {
      const deafened = within('joined', { type: 'deafened', deafened: true });
      expect(deafened).to.include({ deafened: true, micMuted: true });
      expect(transition(deafened, { type: 'deafened', deafened: false })).to.include({ deafened: false, micMuted: false });
    });

    it('leaves muted who was muted before', () => {
      const now = within('joined', { type: 'muted', muted: true }, { type: 'deafened', deafened: true }, { type: 'deafened', deafened: false });
      expect(now).to.include({ deafened: false, micMuted: true });
    });

    it('ends when the person unmutes', () => {
      const now = within('joined', { type: 'deafened', deafened: true }, { type: 'muted', muted: false });
      expect(now).to.include({ deafened: false, micMuted: false });
    });

    it('stays muted afterwards when the person muted meanwhile', () => {
      const now = within('joined', { type: 'deafened', deafened: true }, { type: 'muted', muted: true }, { type: 'deafened', deafened: false });
      expect(now).to.include({ deafened: false, micMuted: true });
    });
  });

  describe('microphone', () => {
    it('is requesting from the press on, live when open, muted when muted', () => {
      expect(within('joining').microphone).to.equal('requesting');
      const open = within('joined', { type: 'local', person: person('ada') }, { type: 'capture', capture: 'open' });
      expect(open.microphone).to.equal('live');
      expect(open.localParticipant?.muted).to.equal(false);
      expect(transition(open, { type: 'muted', muted: true })).to.have.property('microphone', 'muted');
    });

    it('is muted without asking for a device when one starts muted', () => {
      const now = after({ type: 'muted', muted: true }, committed);
      expect(now).to.include({ capture: 'off', microphone: 'muted' });
    });

    it('is off for who only listens', () => {
      expect(after({ type: 'committed', listenOnly: true }).microphone).to.equal('off');
    });

    it('tells why it is blocked, and takes that back when it opens after all', () => {
      const blocked = within('joined', { type: 'capture', capture: 'blocked', error: new VcRoomError('mic-blocked', 'person', 'test') });
      expect(blocked).to.include({ microphone: 'blocked', connectionState: 'joined' });
      expect(blocked.error?.code).to.equal('mic-blocked');
      expect(next(blocked, { type: 'capture', capture: 'open' })).to.include({ microphone: 'live', error: null });
    });
  });
});
