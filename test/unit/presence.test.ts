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

  it('has other clients in the room, with a microphone or without', () => {
    const presence = new Presence();
    expect(presence.isAtDoor(ada, undefined)).to.equal(false);
    expect(presence.isAtDoor(ada, { trackName: 'microphone', isMuted: true })).to.equal(false);
  });
});
