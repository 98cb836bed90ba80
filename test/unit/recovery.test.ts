import { expect } from '@open-wc/testing';
import { VcRoomError } from '../../src/room/errors.js';
import type { VcRoomErrorCode, VcRoomErrorReasons } from '../../src/room/errors.js';
import { decide } from '../../src/room/recovery.js';

const calm = { attempt: 0, refusals: 1, online: true, random: 0.5, ghost: false };

function error<C extends VcRoomErrorCode>(code: C, reason: VcRoomErrorReasons[C]): VcRoomError {
  return new VcRoomError(code, reason, 'test');
}

const stop = { type: 'stop' };
const again = { type: 'retry', afterMs: 0, fresh: false };
const anew = { type: 'retry', afterMs: 0, fresh: true };

const table: [VcRoomError, object][] = [
  [error('unreachable', 'signal'), again],
  [error('unreachable', 'media'), again],
  [error('unreachable', 'offline'), again],
  [error('timeout', 'signal'), again],
  [error('timeout', 'media'), again],
  [error('unknown', 'unexpected'), again],
  [error('room-full', 'limit'), again],
  [error('assets-blocked', 'chunk'), again],
  [error('token-unreachable', 'server-error'), again],
  [error('token-rejected', 'refused-by-server'), anew],
  [error('token-rejected', 'unauthorized'), anew],
  [error('token-invalid', 'expired'), anew],
  [error('room-closed', 'not-found'), anew],
  [error('room-closed', 'deleted'), stop],
  [error('room-closed', 'ended'), stop],
  [error('removed', 'by-moderator'), stop],
  [error('duplicate-identity', 'elsewhere'), stop],
  [error('aborted', 'left'), stop],
  [error('not-configured', 'no-endpoint'), stop],
  [error('invalid-configuration', 'rtc-config'), stop],
  [error('invalid-configuration', 'request-headers'), again],
  [error('unsupported', 'webrtc'), stop],
  [error('insecure-context', 'http'), stop],
];

describe('decide', () => {
  for (const [thrown, decision] of table)
    it(`answers ${JSON.stringify(decision)} to ${thrown.code}/${thrown.reason}`, () => expect(decide(thrown, calm)).to.deep.equal(decision));

  it('comes back once when "elsewhere" may have been a request of its own that was given up', () => {
    expect(decide(error('duplicate-identity', 'elsewhere'), { ...calm, ghost: true })).to.deep.equal(again);
  });

  it('waits with full jitter between 0.1 and 8 s, and never stops for the number of attempts', () => {
    const lost = error('unreachable', 'signal');
    const waits = (random: number) => [1, 2, 5, 10, 1_000].map((attempt) => decide(lost, { ...calm, attempt, random }));
    for (const decision of [...waits(0), ...waits(0.5), ...waits(1)]) {
      expect(decision.type).to.equal('retry');
      if (decision.type === 'retry') expect(decision.afterMs).to.be.within(100, 8_000);
    }
    expect(decide(lost, { ...calm, attempt: 1_000, random: 1 })).to.include({ afterMs: 8_000 });
    expect(decide(lost, { ...calm, attempt: 1_000, random: 0 })).to.include({ afterMs: 100 });
  });

  it('tries seldom while the browser says offline, which is wrong at times', () => {
    expect(decide(error('unreachable', 'offline'), { ...calm, online: false })).to.deep.equal({ type: 'retry', afterMs: 5_000, fresh: false });
  });

  it('believes a site that goes on refusing, but not a server that may have restarted with an old clock', () => {
    const refused = error('token-rejected', 'unauthorized');
    expect(decide(refused, { ...calm, attempt: 50, random: 0 })).to.include({ type: 'retry', fresh: true });
    expect(decide(refused, { ...calm, attempt: 2, refusals: 2 })).to.deep.equal({ type: 'retry', afterMs: 2_000, fresh: true });
    expect(decide(refused, { ...calm, attempt: 3, refusals: 3 })).to.deep.equal(stop);
    expect(decide(error('token-rejected', 'refused-by-server'), { ...calm, attempt: 50 })).to.include({ type: 'retry', fresh: true });
  });
});
