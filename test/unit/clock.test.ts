import { expect } from '@open-wc/testing';
import { steadyClock } from '../../src/sound/clock.js';
import { holdContext } from '../../src/sound/press.js';

describe('steadyClock', () => {
  let page: ReturnType<typeof holdContext>;
  let slow: typeof setTimeout;
  beforeEach(async () => {
    page = holdContext();
    await page.value?.resume();
    slow = window.setTimeout;
    // As in a tab that has been hidden for long: no timer within the test.
    window.setTimeout = (() => 0) as unknown as typeof setTimeout;
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
  });
  afterEach(() => {
    window.setTimeout = slow;
    Reflect.deleteProperty(document, 'visibilityState');
    page.release();
  });

  it('goes on in a hidden tab whose timers stand still', async () => {
    const begun = performance.now();
    await new Promise<void>((resolve) => steadyClock.after(200, resolve));
    expect(performance.now() - begun).to.be.at.least(150);
  });

  it('can be taken back there', async () => {
    let rang = false;
    steadyClock.after(50, () => (rang = true))();
    await new Promise<void>((resolve) => steadyClock.after(200, resolve));
    expect(rang).to.equal(false);
  });

  it('gives the context back with the last who held it', async () => {
    await new Promise<void>((resolve) => steadyClock.after(20, resolve));
    window.setTimeout = slow;
    page.release();
    while (page.value?.state !== 'closed') await new Promise((resolve) => requestAnimationFrame(resolve));
  });
});
