import { expect } from '@open-wc/testing';
import { english as en } from '../../stories/english.js';
import { languageOf, wordsOf } from '../../src/strings/languages.js';
import { fixtures } from '../../stories/fixtures.js';
import { clear, part, show } from '../support/face.js';

afterEach(clear);

describe('languageOf', () => {
  it('takes the first that there are words for, else English', () => {
    expect(languageOf(['xx', 'en-GB', 'de'])).to.equal('en');
    expect(languageOf(['no tag', '', 'tlh'])).to.equal('en');
    expect(languageOf(['pl', 'de-CH', 'en'])).to.equal('de');
    expect(['zh', 'zh-SG', 'zh-TW', 'pt-PT', 'ar-EG'].map((tag) => languageOf([tag]))).to.deep.equal(['zh', 'zh', 'en', 'pt', 'ar']);
  });
});

describe('languages', () => {
  for (const language of ['ar', 'de', 'es', 'fr', 'ja', 'ko', 'pt', 'zh'])
    it(`say everything, with the places and plurals that are needed: ${language}`, async () => {
      const words: Readonly<Record<string, string>> = { ...(await wordsOf(language, true)) };
      expect(Object.keys(words).sort()).to.deep.equal(Object.keys(en).sort());
      const places = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort();
      for (const [key, english] of Object.entries(en)) {
        if (english.includes('other:')) {
          const forms = (words[key] ?? '').split('|').map((form) => form.split(':')[0]);
          const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
          // Millions of people are in no room.
          expect(forms, key).to.include.members(needed.filter((form) => form !== 'many' || language === 'ar'));
        } else expect(places(words[key] ?? ''), key).to.deep.equal(places(english));
      }
    });

  it('follow the closest lang, also when it changes, and turn around', async () => {
    const box = document.body.appendChild(document.createElement('div'));
    box.lang = 'ja';
    const face = await show(fixtures.lobby);
    const button = (): string => part(face, 'join-button').textContent.trim();
    const says = async (word: string): Promise<void> => {
      while (button() !== word) await new Promise(requestAnimationFrame);
    };
    expect(button()).to.equal('Join');
    box.append(face);
    await says('参加');
    face.lang = 'ar';
    await says('انضمام');
    expect(getComputedStyle(part(face, 'lobby')).direction).to.equal('rtl');
    face.removeAttribute('lang');
    await says('参加');
    box.lang = 'de';
    await says('Beitreten');
    expect(part(face, 'lobby').lang).to.equal('de');
    expect(getComputedStyle(part(face, 'lobby')).direction).to.equal('ltr');
    box.remove();
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
