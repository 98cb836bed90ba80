import { expect } from '@open-wc/testing';
import { languageOf } from '../../src/strings/languages.js';
import { fixtures } from '../../stories/fixtures.js';
import { clear, part, show } from '../support/face.js';

afterEach(clear);

describe('languageOf', () => {
  it('takes the first that there are words for, else English', () => {
    expect(languageOf(['xx', 'en-GB', 'de'])).to.equal('en');
    expect(languageOf(['no tag', '', 'tlh'])).to.equal('en');
  });
});

describe('strings', () => {
  it('replace single words, and nothing that is no word', async () => {
    const face = await show(fixtures.lobby);
    face.strings = { join: 'Come in', hint: 7 as unknown as string };
    await face.updateComplete;
    expect(part(face, 'join-button').textContent.trim()).to.equal('Come in');
    expect(part(face, 'step').textContent.trim()).to.equal('A voice call. You can mute or leave at any time.');
    face.strings = undefined;
    await face.updateComplete;
    expect(part(face, 'join-button').textContent.trim()).to.equal('Join');
  });
});
