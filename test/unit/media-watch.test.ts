import { expect } from '@open-wc/testing';
import { MediaWatch } from '../../src/livekit/media-watch.js';

describe('MediaWatch', () => {
  it('tells that nothing arrives after three empty looks, and that something does from the first growth on', async () => {
    const arrivals = [10, 10, 10, 10, 20];
    const told: boolean[] = [];
    const ask = globalThis.setInterval;
    let tick: () => void = () => undefined;
    globalThis.setInterval = ((look: () => void) => {
      tick = look;
      return 0;
    }) as typeof setInterval;
    const watch = new MediaWatch(
      () => Promise.resolve(new Map([['T', { type: 'transport', bytesReceived: arrivals.shift() }]])),
      (arrives) => told.push(arrives),
    );
    globalThis.setInterval = ask;
    const seen: string[] = [];
    for (let look = 0; look < 5; look++) {
      tick();
      await Promise.resolve().then(() => undefined);
      seen.push(told.join());
    }
    watch.stop();
    expect(seen).to.deep.equal(['', '', '', 'false', 'false,true']);
  });
});
