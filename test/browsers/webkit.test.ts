import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { openStage } from '../support/stage.js';
import type { Stage } from '../support/stage.js';
import { startWebKit } from '../support/webkit.js';
import type { WebKit } from '../support/webkit.js';

/** WebKitGTK has no RTCPeerConnection: what is to be seen is all but the call. Safari has one. */
describe('<vc-room> in WebKitGTK', () => {
  let stage: Stage;
  let webKit: WebKit;
  const opened: { stop(): Promise<void> }[] = [];
  before(async () => {
    opened.push((webKit = await startWebKit()));
    opened.push((stage = await openStage()));
  });
  beforeEach(() => stage.newRoom());
  after(async () => {
    for (const one of opened.reverse()) await one.stop();
  });

  const room = "document.querySelector('vc-room')";
  const part = (name: string) => `${room}.shadowRoot.querySelector('[part~="${name}"]')`;

  it('says in the lobby that nobody can call from here', async () => {
    await webKit.open(stage.page({ as: 'ada' }));
    await webKit.run(`await customElements.whenDefined('vc-room'); await ${room}.updateComplete;`);
    assert.equal(await webKit.run('return typeof RTCPeerConnection'), 'undefined');
    await webKit.click(part('join-button'));
    const seen = await webKit.run(`
      const room = ${room};
      while (!room.error) await new Promise((resolve) => room.addEventListener('error', resolve, { once: true }));
      // Until the words are loaded, it says the code.
      let says;
      do {
        await new Promise(requestAnimationFrame);
        says = ${part('notice')}?.textContent.trim() ?? '';
      } while (says === '' || says === room.error.code);
      return { code: room.error.code, reason: room.error.reason, state: room.connectionState, says, disabled: ${part('join-button')}.ariaDisabled };`);
    assert.deepEqual(seen, {
      code: 'unsupported',
      reason: 'webrtc',
      state: 'idle',
      says: 'This browser cannot make voice calls. A current Chrome, Edge, Firefox or Safari can.',
      disabled: 'true',
    });
  });
});
