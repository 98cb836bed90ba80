import { expect } from '@open-wc/testing';
import { preferListening, rememberedListening } from '../../src/page/listening.js';
import { forgetPreferences } from '../../src/page/forget.js';
import { prefer, preferences } from '../../src/page/preferences.js';
import { SettingsElement } from '../../src/settings.js';
import type { Choice } from '../../src/settings.js';
import { html } from 'lit/html.js';

class Chooser extends SettingsElement {
  static readonly observedAttributes = ['noise-suppression', 'push-to-talk'];

  override render() {
    return html``;
  }

  decide(choice: Choice): void {
    this.choose(choice);
  }
}
customElements.define('test-chooser', Chooser);

beforeEach(forgetPreferences);
after(forgetPreferences);

describe('what a person chose', () => {
  it('counts more than the attribute and less than script, and the latest of both where both come', () => {
    const element = new Chooser();
    element.setAttribute('noise-suppression', 'browser');
    expect(element.noiseSuppression).to.equal('browser');
    element.decide({ noiseSuppression: 'off' });
    expect(element.noiseSuppression).to.equal('off');
    element.setAttribute('noise-suppression', 'rnnoise');
    expect(element.noiseSuppression).to.equal('off');
    expect(new Chooser().noiseSuppression).to.equal('off');
    element.noiseSuppression = 'rnnoise';
    expect(element.noiseSuppression).to.equal('rnnoise');
    element.decide({ noiseSuppression: 'browser' });
    expect(element.noiseSuppression).to.equal('browser');
  });

  it('can switch push-to-talk off that the page has set', () => {
    const element = new Chooser();
    element.setAttribute('push-to-talk', 'Space');
    element.decide({ pushToTalk: '' });
    expect(element.pushToTalk).to.equal('');
    forgetPreferences();
    expect(element.pushToTalk).to.equal('Space');
  });

  it('counts for this visit where nothing can be stored', () => {
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    try {
      prefer({ cues: 'off' });
    } finally {
      Storage.prototype.setItem = setItem;
    }
    expect(preferences().cues).to.equal('off');
  });
});

describe('rememberedListening', () => {
  it('keeps how people are heard, the latest 200, and nothing of those who are as ever', () => {
    for (let index = 0; index < 205; index++) preferListening(`person ${index}`, { volume: 2, locallyMuted: false });
    preferListening('person 204', { volume: 1, locallyMuted: false });
    const kept = rememberedListening();
    expect(Object.keys(kept).length).to.equal(199);
    expect(kept['person 203']).to.deep.equal({ volume: 2, locallyMuted: false });
    expect(kept['person 0']).to.equal(undefined);
  });

  it('keeps of somebody what is not said anew', () => {
    preferListening('ada', { locallyMuted: true });
    preferListening('ada', { volume: 0.5 });
    expect(rememberedListening()['ada']).to.deep.equal({ volume: 0.5, locallyMuted: true });
    preferListening('ada', { locallyMuted: false });
    expect(rememberedListening()['ada']).to.deep.equal({ volume: 0.5, locallyMuted: false });
  });

  it('takes nothing that is no volume', () => {
    prefer({ listening: { ada: { volume: 7, locallyMuted: false }, ben: 'loud', cleo: { volume: 0.5 } } as never });
    expect(rememberedListening()).to.deep.equal({ cleo: { volume: 0.5, locallyMuted: false } });
  });
});
