import { expect } from '@open-wc/testing';
import { lifecycle } from '../../src/page/lifecycle.js';

describe('lifecycle', () => {
  let heard = 0;
  let unlisten: () => void = () => undefined;
  beforeEach(() => {
    heard = 0;
    unlisten = lifecycle.listen(() => heard++);
  });
  afterEach(() => {
    unlisten();
    Reflect.deleteProperty(document, 'visibilityState');
  });

  const show = (state: DocumentVisibilityState): void => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
    document.dispatchEvent(new Event('visibilitychange'));
  };

  const returns: Readonly<Record<string, () => void>> = {
    'comes out of the back/forward cache': () => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
    'hears of a network': () => dispatchEvent(new Event('online')),
    'goes on after a freeze': () => document.dispatchEvent(new Event('resume')),
    'is shown': () => show('visible'),
    'is on another network': () => (navigator as { connection?: EventTarget }).connection?.dispatchEvent(new Event('change')),
  };
  for (const [what, happen] of Object.entries(returns))
    it(`tells once when the page ${what}, and nobody who listens no more`, () => {
      happen();
      expect(heard).to.equal(1);
      unlisten();
      happen();
      expect(heard).to.equal(1);
    });

  it('tells nothing when the page is hidden, and knows that it is', () => {
    show('hidden');
    expect(heard).to.equal(0);
    expect(lifecycle.visible).to.equal(false);
    show('visible');
    expect(lifecycle.visible).to.equal(true);
  });
});
