import { expect } from '@open-wc/testing';
import { Roll } from '../../src/room/roll.js';
import type { Person } from '../../src/room/suppliers.js';
import { TestClock } from '../support/token-page.js';

const person = (identity: string): Person => ({ identity, name: identity, muted: false, listenOnly: false, quality: 'good', connection: 'live', joinedAt: 0 });

function called() {
  const clock = new TestClock(1_000);
  let told: readonly Person[] = [];
  const roll = new Roll(clock, (people) => (told = people));
  return {
    clock,
    roll,
    hear: (...identities: string[]) => roll.hear(identities.map(person)),
    joined: () => told.map(({ joinedAt }) => joinedAt),
    people: () => told.map(({ identity, connection }) => `${identity} ${connection}`),
  };
}

describe('Roll', () => {
  it('keeps who vanishes, marked, for 1.5 s', () => {
    const { clock, hear, people } = called();
    hear('ben', 'cleo');
    hear('cleo');
    expect(people()).to.deep.equal(['cleo live', 'ben reconnecting']);
    clock.advance(1_499);
    expect(people()).to.have.length(2);
    clock.advance(1);
    expect(people()).to.deep.equal(['cleo live']);
  });

  it('does not wait for who turns out to stand at the door, whichever is told first', () => {
    const { roll, hear, people } = called();
    hear('ben');
    roll.dismiss(['ben']);
    hear();
    expect(people()).to.deep.equal([]);
    roll.dismiss([]);
    hear('ben');
    hear();
    expect(people()).to.deep.equal(['ben reconnecting']);
    hear('ben', 'cleo');
    hear();
    roll.dismiss(['ben', 'cleo']);
    expect(people()).to.deep.equal([]);
  });

  it('knows who comes back under the same identity', () => {
    const { clock, hear, people } = called();
    hear('ben');
    hear();
    clock.advance(1_000);
    hear('ben');
    clock.advance(5_000);
    expect(people()).to.deep.equal(['ben live']);
  });

  it('keeps when they joined whose stay goes on, however often they are away, and only for so long', () => {
    const { clock, roll, hear, joined } = called();
    const comes = (joinedAt: number): void => roll.hear([{ ...person('ben'), joinedAt }]);
    comes(10);
    hear();
    comes(20);
    expect(joined()).to.deep.equal([10]);
    roll.renew();
    comes(30);
    hear();
    expect(joined()).to.deep.equal([10]);
    clock.advance(1_500);
    comes(40);
    expect(joined()).to.deep.equal([40]);
    hear();
    roll.dismiss(['ben']);
    roll.dismiss([]);
    comes(50);
    expect(joined()).to.deep.equal([50]);
    // Who came in from the door says since when a moment later.
    comes(55);
    expect(joined()).to.deep.equal([55]);
  });

  it('lets nobody leave while a new connection is on its way, and gives them a moment once it stands', () => {
    const { clock, roll, hear, people } = called();
    hear('ben', 'cleo');
    roll.renew();
    clock.advance(60_000);
    hear('cleo');
    expect(people()).to.deep.equal(['cleo live', 'ben reconnecting']);
    roll.settle();
    clock.advance(1_499);
    expect(people()).to.have.length(2);
    clock.advance(1);
    expect(people()).to.deep.equal(['cleo live']);
  });

  it('says nothing after its end', () => {
    const { clock, roll, hear, people } = called();
    hear('ben');
    hear();
    roll.close();
    clock.advance(5_000);
    expect(people()).to.deep.equal(['ben reconnecting']);
  });
});
