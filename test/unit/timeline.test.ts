import { expect } from '@open-wc/testing';
import { Timeline } from '../../src/room/timeline.js';

const measures = () => performance.getEntriesByType('measure').filter(({ name }) => name.startsWith('vc-room:'));

describe('Timeline', () => {
  beforeEach(() => performance.clearMeasures());

  it('tells DevTools of nothing before the click, and then of all', () => {
    const timeline = new Timeline();
    timeline.mark('press');
    timeline.mark('grant');
    expect(measures()).to.deep.equal([]);
    timeline.mark('click');
    timeline.mark('joined');
    expect(measures().map(({ name }) => name)).to.have.members(['vc-room:press', 'vc-room:grant', 'vc-room:click', 'vc-room:joined']);
    expect(new Set(measures().map(({ startTime }) => startTime)).size).to.equal(1);
  });

  it('keeps the first of each name, in order, frozen', () => {
    const timeline = new Timeline();
    timeline.mark('press');
    timeline.mark('click');
    const { entries } = timeline;
    timeline.mark('click');
    expect(timeline.entries).to.equal(entries);
    expect(entries.map(({ name }) => name)).to.deep.equal(['press', 'click']);
    expect(entries.map(({ at }) => at)).to.satisfy(([press, click]: number[]) => press! >= 0 && click! >= press!);
    expect([entries, ...entries].every(Object.isFrozen)).to.equal(true);
  });

  it('counts from the press also what had come before', () => {
    const timeline = new Timeline();
    timeline.mark('grant');
    const later = performance.now() + 2;
    while (performance.now() < later);
    timeline.mark('press');
    timeline.mark('click');
    expect(timeline.entries.map(({ name, at }) => [name, Math.sign(at)])).to.deep.include.members([
      ['grant', -1],
      ['press', 0],
    ]);
    expect(performance.getEntriesByName('vc-room:grant')[0]?.duration).to.be.greaterThan(1);
  });
});
