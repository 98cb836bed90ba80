import { expect } from '@open-wc/testing';
import { stays } from '../../src/page/stays.js';
import { someGrant } from '../support/fake-suppliers.js';

describe('stays', () => {
  const begun: { end(): void }[] = [];
  const begin = () => {
    const stay = stays.begin();
    begun.push(stay);
    return stay;
  };
  afterEach(() => {
    for (const stay of begun.splice(0)) stay.end();
  });

  it('tells an earlier join on this page that a later one has its identity', () => {
    const [first, second] = [begin(), begin()];
    first.enter(someGrant);
    second.enter(someGrant);
    expect([first.isTakenOver, second.isTakenOver]).to.deep.equal([true, false]);
  });

  it('knows its own successor, and leaves others alone', () => {
    const [ada, ben, elsewhere] = [begin(), begin(), begin()];
    ada.enter(someGrant);
    ada.enter(someGrant);
    ben.enter({ ...someGrant, identity: 'ben' });
    elsewhere.enter({ ...someGrant, room: 'attic' });
    expect([ada, ben, elsewhere].map(({ isTakenOver }) => isTakenOver)).to.deep.equal([false, false, false]);
  });

  it('hears of another tab', async () => {
    const stay = begin();
    stay.enter(someGrant);
    const tab = new BroadcastChannel('vc-room:stays');
    tab.postMessage({ key: [someGrant.serverUrl, someGrant.room, someGrant.identity].join('\n'), nonce: 'another' });
    while (!stay.isTakenOver) await new Promise((resolve) => requestAnimationFrame(resolve));
    tab.close();
  });
});
