import { expect } from '@open-wc/testing';
import { fixtures } from '../../stories/fixtures.js';
import type { Fixture } from '../../stories/fixtures.js';
import type { Participant } from '../../src/room/snapshot.js';
import { clear, show } from '../support/face.js';
import type { FaceElement } from '../support/face.js';

afterEach(clear);

const [somebody] = fixtures['three people, one speaking'].snapshot.remoteParticipants as [Participant];
const crowd = Array.from({ length: 200 }, (_, index) => Object.freeze({ ...somebody, identity: `crowd-${index}`, name: `Person ${index}`, speaking: false }));

const withOthers = (remoteParticipants: readonly Participant[]): Fixture => ({ title: 'Hall', snapshot: { ...fixtures.alone.snapshot, remoteParticipants } });

/** Ms that one change takes, from telling to laid out. */
async function cost(face: FaceElement, others: readonly Participant[]): Promise<number> {
  const start = performance.now();
  face.fixture = withOthers(others);
  await face.updateComplete;
  face.getBoundingClientRect();
  void face.shadowRoot!.querySelector<HTMLElement>('.people')!.scrollHeight;
  return performance.now() - start;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

describe('a room of 200', () => {
  it('shows another speaker for a fraction of what it took to show the room, without touching any other row', async () => {
    const face = await show(withOthers([]));
    const whole = await cost(face, crowd);
    const rows = [...face.shadowRoot!.querySelectorAll('li')];
    const touched = new Set<Node>();
    const observer = new MutationObserver((records) =>
      records.forEach(({ target }) => touched.add((target as Element).closest?.('li') ?? target.parentElement?.closest('li') ?? target)),
    );
    observer.observe(face.shadowRoot!.querySelector('ul')!, { subtree: true, childList: true, attributes: true, characterData: true });
    const speaks = (index: number): Participant[] => crowd.map((person, at) => (at === index ? { ...person, speaking: true } : person));
    const changes: number[] = [];
    for (let index = 0; index < 30; index++) changes.push(await cost(face, speaks(index)));
    await new Promise(requestAnimationFrame);
    observer.disconnect();
    expect([...touched].filter((node) => node instanceof HTMLLIElement).length).to.equal(30);
    expect([...face.shadowRoot!.querySelectorAll('li')]).to.deep.equal(rows);
    expect(median(changes)).to.be.below(whole / 2);
  });

  it('takes in a storm of joins one by one, no dearer for the last than in proportion', async () => {
    const face = await show(withOthers([]));
    const joins: number[] = [];
    for (let count = 1; count <= crowd.length; count++) joins.push(await cost(face, crowd.slice(0, count)));
    expect(face.shadowRoot!.querySelectorAll('li').length).to.equal(201);
    expect(median(joins.slice(-50))).to.be.below(20 * median(joins.slice(5, 30)));
  });
});
