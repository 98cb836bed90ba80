import { expect } from '@open-wc/testing';
import { isSilent, observe } from '../../src/room/health.js';
import type { Expectation, Health } from '../../src/room/health.js';

const told = (total: number, answers: number | null = null) => ({ total, answers });

/** What is known after looks at these times, each with what had arrived by then. */
const after = (...looks: [at: number, arrived: number][]): Health => {
  const [first, ...rest] = looks as [[number, number], ...[number, number][]];
  return rest.reduce<Health>((health, [at, arrived]) => observe(health, told(arrived), at), observe(null, told(first[1]), first[0]));
};
const quiet = (until: number): [number, number][] => Array.from({ length: until / 500 + 1 }, (_, index) => [index * 500, 7]);

const limits: [Expectation, number][] = [
  [{ media: 'sound', signal: 'signalled' }, 2_000],
  [{ media: 'muted', signal: 'signalled' }, 6_000],
  [{ media: 'sound', signal: 'lost' }, 500],
  [{ media: 'muted', signal: 'lost' }, 3_000],
];

describe('isSilent', () => {
  for (const [expectation, limit] of limits)
    it(`speaks up after ${limit} ms when ${expectation.media} is expected and signalling is ${expectation.signal}`, () => {
      const health = after(...quiet(8_000));
      expect(isSilent(health, limit - 1, expectation)).to.equal(false);
      expect(isSilent(health, limit, expectation)).to.equal(true);
    });

  it('believes a pause in which signalling is lost for a second: of what is sent then every 400 ms, one may be lost', () => {
    const lost: Expectation = { media: 'sound', signal: 'lost' };
    const paused = after([0, 7], [400, 8], [800, 9]);
    expect(isSilent(paused, 1_799, lost)).to.equal(false);
    expect(isSilent(paused, 1_800, lost)).to.equal(true);
    const brokenOff = after([0, 7], [400, 8], [800, 48], [900, 49]);
    expect(isSilent(brokenOff, 1_400, lost)).to.equal(true);
  });

  it('starts anew with everything that arrives, also when counts were lost with a connection', () => {
    expect(after([0, 7], [500, 7], [1_000, 8]).since).to.equal(1_000);
    expect(after([0, 7], [500, 3], [1_000, 3], [1_500, 4]).since).to.equal(1_500);
  });

  it('takes counts that were lost with a dead path for no sign of life', () => {
    expect(after([0, 7], [500, 8], [1_000, 3], [1_500, 3]).since).to.equal(500);
  });

  it('speaks up after 6 s without an answer, though sound arrives: what is sent does not get through', () => {
    const times = Array.from({ length: 14 }, (_, index) => index * 500);
    const health = times.reduce<Health | null>((before, at) => observe(before, told(at, 3), at), null);
    expect(health && isSilent(health, 5_999, { media: 'sound', signal: 'signalled' })).to.equal(false);
    expect(health && isSilent(health, 6_000, { media: 'sound', signal: 'signalled' })).to.equal(true);
  });

  it('gives a page that slept a second for a sign of life', () => {
    const health = after([0, 7], [500, 7], [60_000, 7]);
    expect(isSilent(health, 60_000, { media: 'sound', signal: 'signalled' })).to.equal(false);
    expect(isSilent(health, 61_000, { media: 'sound', signal: 'signalled' })).to.equal(true);
  });
});
