import { expect } from '@open-wc/testing';
import { Presence, standbyTrack } from '../../src/livekit/presence.js';

const ada = { sid: 'PA_1' };
const waiting = { trackName: standbyTrack, isMuted: true };

describe('Presence', () => {
  it('leaves at the door who stood there, also when their track is gone before them', () => {
    const presence = new Presence();
    expect(presence.isAtDoor(ada, waiting)).to.equal(true);
    expect(presence.isAtDoor(ada, undefined)).to.equal(true);
  });

  it('has in the room who was ever not muted, whatever they do then', () => {
    const presence = new Presence();
    expect(presence.isAtDoor(ada, { ...waiting, isMuted: false })).to.equal(false);
    expect(presence.isAtDoor(ada, waiting)).to.equal(false);
    expect(presence.isAtDoor(ada, undefined)).to.equal(false);
  });

  it('has in the room who said that they are present', () => {
    const presence = new Presence();
    expect(presence.isAtDoor(ada, waiting)).to.equal(true);
    expect(presence.hear(ada, new TextEncoder().encode('present'), 'vc-room')).to.equal(true);
    expect(presence.isAtDoor(ada, waiting)).to.equal(false);
  });

  it('knows since when they are in who said that, and takes no nonsense for a time', () => {
    const presence = new Presence();
    const says = (text: string): boolean => presence.hear(ada, new TextEncoder().encode(text), 'vc-room');
    expect(presence.since(ada)).to.equal(0);
    expect(says('present 1700000000123')).to.equal(true);
    expect(presence.since(ada)).to.equal(1_700_000_000_123);
    presence.isAtDoor(ada, { ...waiting, isMuted: false });
    expect(presence.since(ada)).to.equal(1_700_000_000_123);
    for (const nonsense of ['present Infinity', 'present x', 'present 1e400', 'present']) {
      says(nonsense);
      expect(presence.since(ada)).to.equal(0);
    }
    expect(says('presents 1')).to.equal(false);
  });

  it('has other clients in the room, with a microphone or without', () => {
    const presence = new Presence();
    expect(presence.isAtDoor(ada, undefined)).to.equal(false);
    expect(presence.isAtDoor(ada, { trackName: 'microphone', isMuted: true })).to.equal(false);
  });
});
