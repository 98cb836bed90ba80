import { expect } from '@open-wc/testing';
import { leaveMark, takeMark } from '../../src/page/resume.js';

const at = (now: number, work: () => void): void => {
  const own = Date.now;
  Date.now = () => now;
  try {
    work();
  } finally {
    Date.now = own;
  }
};

describe('takeMark', () => {
  afterEach(() => sessionStorage.clear());

  it('finds what was left less than a minute ago, once', () => {
    leaveMark('lounge', { deafened: true });
    expect(takeMark('lounge')).to.deep.equal({ deafened: true });
    expect(takeMark('lounge')).to.equal(null);
  });

  it('finds nothing for another room, or after a minute', () => {
    const now = Date.now();
    at(now - 60_000, () => leaveMark('lounge', { deafened: false }));
    leaveMark('den', { deafened: false });
    at(now, () => {
      expect(takeMark('lounge')).to.equal(null);
    });
    expect(takeMark('attic')).to.equal(null);
  });

  for (const nonsense of ['', 'null', '7', '{"at":"soon"}', '{"at":99999999999999}'])
    it(`takes ${nonsense || 'an empty text'} for no mark`, () => {
      sessionStorage.setItem('vc-room:resume:lounge', nonsense);
      expect(takeMark('lounge')).to.equal(null);
    });
});
