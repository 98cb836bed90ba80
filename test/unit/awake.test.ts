import { expect } from '@open-wc/testing';
import { Awake } from '../../src/controls/awake.js';
import { settled } from '../support/fake-suppliers.js';

describe('Awake', () => {
  let held = 0;
  let wanted = true;
  const host = { addController: () => undefined, removeController: () => undefined, requestUpdate: () => undefined, updateComplete: Promise.resolve(true) };
  const show = (state: DocumentVisibilityState): void => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
    // Browsers take it back with the page's being hidden.
    if (state === 'hidden') held = 0;
    document.dispatchEvent(new Event('visibilitychange'));
  };
  beforeEach(() => {
    held = 0;
    wanted = true;
    Object.defineProperty(navigator, 'wakeLock', {
      configurable: true,
      value: {
        request: () => {
          held++;
          return Promise.resolve({ release: () => Promise.resolve(void held--) });
        },
      },
    });
  });
  afterEach(() => {
    Reflect.deleteProperty(navigator, 'wakeLock');
    Reflect.deleteProperty(document, 'visibilityState');
  });

  it('holds one lock while it is wanted', async () => {
    const awake = new Awake(host, () => wanted);
    awake.hostConnected();
    awake.hostUpdated();
    awake.hostUpdated();
    expect(held).to.equal(1);
    wanted = false;
    awake.hostUpdated();
    await settled();
    expect(held).to.equal(0);
    awake.hostDisconnected();
  });

  it('takes it again when the page is shown again, and lets go with the element', async () => {
    const awake = new Awake(host, () => wanted);
    awake.hostConnected();
    awake.hostUpdated();
    await settled();
    show('hidden');
    expect(held).to.equal(0);
    show('visible');
    expect(held).to.equal(1);
    awake.hostDisconnected();
    await settled();
    expect(held).to.equal(0);
  });
});
