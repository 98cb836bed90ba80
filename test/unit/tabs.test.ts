import { expect } from '@open-wc/testing';
import { claimIdentity } from '../../src/page/tabs.js';
import type { IdentityClaim } from '../../src/page/tabs.js';

describe('claimIdentity', () => {
  const key = 'vc-room:identities';
  const claims: IdentityClaim[] = [];
  const claim = async (): Promise<string> => {
    const claimed = await claimIdentity();
    claims.push(claimed);
    return claimed.identity;
  };
  const releaseAll = (): void => claims.splice(0).forEach((claimed) => claimed.release());

  beforeEach(() => localStorage.removeItem(key));
  afterEach(releaseAll);

  it('finds the same identity on a second visit', async () => {
    const first = await claim();
    releaseAll();
    expect(await claim()).to.equal(first);
  });

  it('waits for no lock where the identity has just been made up, and holds it all the same', async () => {
    const { locks } = navigator;
    const request = locks.request.bind(locks);
    let answer: () => void = () => undefined;
    const silence = new Promise<void>((resolve) => (answer = resolve));
    const slow = { request: async (...wish: Parameters<typeof request>) => silence.then(() => request(...wish)) };
    Object.defineProperty(navigator, 'locks', { value: slow, configurable: true });
    let first: string;
    try {
      first = await claim();
    } finally {
      Reflect.deleteProperty(navigator, 'locks');
    }
    answer();
    await new Promise((resolve) => setTimeout(resolve));
    expect(await claim()).not.to.equal(first);
  });

  it('never gives one identity to two elements', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, claim));
    expect(new Set(all).size).to.equal(12);
  });

  it('keeps at most eight in the profile', async () => {
    for (let count = 0; count < 10; count++) await claim();
    expect(JSON.parse(localStorage.getItem(key) ?? '')).to.have.length(8);
  });

  it('gives back in the same task what the page itself released', async () => {
    const first = await claimIdentity();
    first.release();
    first.release();
    expect(await claim()).to.equal(first.identity);
  });

  it('keeps the second when the first is released', async () => {
    const [first, second] = [await claimIdentity(), await claim()];
    first.release();
    expect(second).to.not.equal(first.identity);
    expect(await claim()).to.equal(first.identity);
  });

  it('passes over what another tab holds', async () => {
    localStorage.setItem(key, JSON.stringify(['held', 'free']));
    const frame = document.createElement('iframe');
    document.body.append(frame);
    await new Promise<void>((held) => void frame.contentWindow?.navigator.locks.request('vc-room:identity:held', () => (held(), new Promise(() => undefined))));
    expect(await claim()).to.equal('free');
    frame.remove();
  });

  it('finds what a tab held that has died', async () => {
    localStorage.setItem(key, JSON.stringify(['held']));
    const frame = document.createElement('iframe');
    document.body.append(frame);
    await new Promise<void>((held) => void frame.contentWindow?.navigator.locks.request('vc-room:identity:held', () => (held(), new Promise(() => undefined))));
    frame.remove();
    await navigator.locks.request('vc-room:identity:held', () => undefined);
    expect(await claim()).to.equal('held');
  });

  for (const [name, stored] of [
    ['words', 'hello'],
    ['an object', '{}'],
    ['things that are no identity', '[1,null,""]'],
  ] as const)
    it(`starts anew over a list that is ${name}`, async () => {
      localStorage.setItem(key, stored);
      expect(await claim()).to.match(/^guest-[0-9a-f]{24}$/);
    });

  it('makes one up without Web Locks', async () => {
    Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true });
    try {
      expect(await claim()).to.match(/^guest-/);
      expect(localStorage.getItem(key)).to.equal(null);
    } finally {
      Reflect.deleteProperty(navigator, 'locks');
    }
  });

  it('makes one up without storage', async () => {
    const real = Object.getOwnPropertyDescriptor(window, 'localStorage') ?? {};
    Object.defineProperty(window, 'localStorage', {
      configurable: true,
      get: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    });
    try {
      expect(await claim()).to.match(/^guest-/);
    } finally {
      Object.defineProperty(window, 'localStorage', real);
    }
  });
});
