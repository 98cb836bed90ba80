import { expect } from '@open-wc/testing';
import { VcRoomError } from '../../src/room/errors.js';
import { checkClaims, readClaims } from '../../src/token/jwt.js';
import { goodClaims, sign } from '../support/token-page.js';

const now = 1_800_000_000;
const good = goodClaims(now);
const video = { roomJoin: true, room: 'lounge' };

function reasonOf(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof VcRoomError && thrown.code === 'token-invalid') return thrown.reason;
    throw thrown;
  }
  return 'none';
}

describe('readClaims', () => {
  it('reads what a LiveKit token says', async () => {
    expect(readClaims(await sign({ ...good, name: 'Ада 🎙' }), 'It')).to.deep.equal({
      identity: 'ada',
      name: 'Ада 🎙',
      room: 'lounge',
      roomJoin: true,
      canPublish: true,
      canPublishData: true,
      admin: false,
      expiresAt: now + 3600,
      issuedAt: now,
      notBefore: null,
    });
  });

  const rights: readonly (readonly [string, object, Partial<Record<'canPublish' | 'canPublishData' | 'admin', boolean>>])[] = [
    ['canPublish: false', { canPublish: false }, { canPublish: false, canPublishData: false }],
    ['canPublish: false, canPublishData: true', { canPublish: false, canPublishData: true }, { canPublish: false, canPublishData: true }],
    ['canPublishData: false', { canPublishData: false }, { canPublish: true, canPublishData: false }],
    ['sources with a microphone', { canPublishSources: ['camera', 'microphone'] }, { canPublish: true }],
    ['sources in capitals', { canPublishSources: ['MICROPHONE'] }, { canPublish: true }],
    ['sources without a microphone', { canPublishSources: ['camera'] }, { canPublish: false, canPublishData: true }],
    ['no sources at all', { canPublishSources: [] }, { canPublish: true }],
    ['roomAdmin', { roomAdmin: true }, { admin: true }],
    ['roomCreate', { roomCreate: true }, { admin: true }],
    ['roomAdmin: false', { roomAdmin: false }, { admin: false }],
  ];
  for (const [name, extra, wanted] of rights)
    it(`understands ${name}`, async () => expect(readClaims(await sign({ ...good, video: { ...video, ...extra } }), 'It')).to.include(wanted));

  it('takes 0 for no time at all', async () =>
    expect(readClaims(await sign({ ...good, nbf: 0, iat: 0 }), 'It')).to.include({ notBefore: null, issuedAt: null }));

  for (const [name, token] of [
    ['text that is not base64url', 'aaaa.b!!b.cccc'],
    ['a payload that is not JSON', `aaaa.${btoa('hello')}.cccc`],
    ['a payload that is not UTF-8', `aaaa.${btoa('{"sub":"\xff"}')}.cccc`],
    ['a payload that is no object', `aaaa.${btoa('null')}.cccc`],
    ['a token without exp', `aaaa.${btoa('{"sub":"ada"}')}.cccc`],
  ] as const)
    it(`calls ${name} malformed`, () => expect(reasonOf(() => readClaims(token, 'It'))).to.equal('malformed'));
});

describe('checkClaims', () => {
  const table: readonly (readonly [string, Record<string, unknown>, string | null, string])[] = [
    ['a good token', {}, 'lounge', 'none'],
    ['a room nobody asked for', {}, null, 'none'],
    ['a room left to the endpoint', {}, '', 'none'],
    ['another room', {}, 'hall', 'wrong-room'],
    ['no room', { video: { roomJoin: true } }, null, 'wrong-room'],
    ['no roomJoin', { video: { room: 'lounge' } }, 'lounge', 'no-room-join'],
    ['roomJoin as text', { video: { room: 'lounge', roomJoin: 'true' } }, 'lounge', 'no-room-join'],
    ['no video grants', { video: null }, 'lounge', 'no-room-join'],
    ['no identity', { sub: undefined }, 'lounge', 'no-identity'],
    ['an empty identity', { sub: '' }, 'lounge', 'no-identity'],
    ['exp a minute ago', { exp: now - 60 }, 'lounge', 'expired'],
    ['exp just now, which the server forgives', { exp: now - 59 }, 'lounge', 'none'],
    ['nbf in two minutes', { nbf: now + 120 }, 'lounge', 'not-yet-valid'],
    ['nbf in a minute, which the server forgives', { nbf: now + 60 }, 'lounge', 'none'],
  ];
  for (const [name, claims, room, reason] of table)
    it(`calls ${name} ${reason}`, async () => {
      const token = await sign({ ...good, ...claims });
      expect(reasonOf(() => checkClaims(readClaims(token, 'It'), now, room, 'It'))).to.equal(reason);
    });
});
