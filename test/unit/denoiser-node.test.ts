import { expect } from '@open-wc/testing';
import { whenLate } from '../../src/sound/denoiser-node.js';

describe('whenLate', () => {
  const { setTimeout } = window;
  let looks: (() => void)[];
  beforeEach(() => {
    looks = [];
    window.setTimeout = ((look: () => void) => looks.push(look)) as unknown as typeof setTimeout;
  });
  afterEach(() => void (window.setTimeout = setTimeout));

  function look(): void {
    for (const one of looks.splice(0)) one();
  }

  for (const { how, context, steps } of [
    { how: 'runs, but has rendered nothing yet', context: { state: 'running', currentTime: 7 }, steps: [7, 7.5, 8.9] },
    { how: 'stands still', context: { state: 'suspended', currentTime: 0 }, steps: [0, 0, 0] },
  ])
    it(`waits as long as the context ${how}`, () => {
      let isLate = false;
      whenLate(context as BaseAudioContext, () => (isLate = true));
      for (const step of steps) {
        context.currentTime = step;
        look();
        expect(isLate).to.equal(false);
      }
      context.currentTime += 2;
      look();
      expect(isLate).to.equal(true);
      expect(looks).to.have.length(0);
    });

  it('waits no longer for a context that was closed', () => {
    const context = { state: 'running', currentTime: 0 };
    let isLate = false;
    whenLate(context as BaseAudioContext, () => (isLate = true));
    context.state = 'closed';
    look();
    expect(isLate).to.equal(true);
  });
});
