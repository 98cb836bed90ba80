import { expect } from '@open-wc/testing';
import { HintFinder } from '../../src/sound/hints.js';

describe('HintFinder', () => {
  /** What is found in the last of `seconds` of the same, 20 times a second, from `at` ms on. */
  function last(finder: HintFinder, seconds: number, input: number, speech: number | null, transmitting: boolean, at = 0): string | null {
    let hint: string | null = null;
    for (let moment = 0; moment < seconds * 1000; moment += 50) hint = finder.step({ input, speech, at: at + moment }, transmitting);
    return hint;
  }

  it('notices speech into a closed microphone, after a word and not after a click', () => {
    expect(last(new HintFinder(), 0.3, 0.05, 0.99, false)).to.equal(null);
    expect(last(new HintFinder(), 0.6, 0.05, 0.99, false)).to.equal('talking-while-muted');
  });

  it('takes neither noise nor distant voices for speech', () => {
    expect(last(new HintFinder(), 5, 0.2, 0.1, false)).to.equal(null);
    expect(last(new HintFinder(), 5, 0.001, 0.99, false)).to.equal(null);
  });

  it('goes by loudness where nobody recognises speech', () => {
    expect(last(new HintFinder(), 1, 0.05, null, false)).to.equal('talking-while-muted');
    expect(last(new HintFinder(), 1, 0.01, null, false)).to.equal(null);
  });

  it('forgets it some seconds after the last word, and at once when unmuted', () => {
    const finder = new HintFinder();
    last(finder, 1, 0.05, 0.99, false);
    expect(last(finder, 3, 0, 0, false, 1000)).to.equal('talking-while-muted');
    expect(last(finder, 3, 0, 0, false, 4000)).to.equal(null);
    last(finder, 1, 0.05, 0.99, false, 7000);
    expect(last(finder, 0.1, 0.05, 0.99, true, 8000)).to.equal(null);
    expect(last(finder, 0.1, 0.05, 0.99, false, 8100)).to.equal(null);
  });

  it('notices an open microphone that brings nothing for 5 s, and any sound after that', () => {
    const finder = new HintFinder();
    expect(last(finder, 4.9, 0, 0, true)).to.equal(null);
    expect(last(finder, 0.5, 0, 0, true, 4900)).to.equal('silent');
    expect(last(finder, 0.05, 0.001, 0, true, 5400)).to.equal(null);
  });

  it('is not misled by a page that stood still', () => {
    const finder = new HintFinder();
    finder.step({ input: 0.05, speech: 0.99, at: 0 }, false);
    expect(finder.step({ input: 0.05, speech: 0.99, at: 60_000 }, false)).to.equal(null);
  });
});
