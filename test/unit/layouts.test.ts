import { expect } from '@open-wc/testing';
import { sendKeys, sendMouse } from '@web/test-runner-commands';
import { english as en } from '../../stories/english.js';
import { fixtures } from '../../stories/fixtures.js';
import { atRest } from '../support/at-rest.js';
import type { Fixture } from '../../stories/fixtures.js';
import { FaceElement, clear, part, show } from '../support/face.js';
import { until } from '../support/until.js';

afterEach(clear);

const has = (face: FaceElement, name: string): boolean => Boolean(face.shadowRoot?.querySelector(`[part~="${name}"]`));
const shell = (face: FaceElement): HTMLElement => face.shadowRoot!.querySelector<HTMLElement>('.shell')!;
const edges = (face: FaceElement): { right: number; bottom: number; left: number; top: number } => {
  const { left, top, right, bottom } = shell(face).getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  return { left: Math.round(left), top: Math.round(top), right: Math.round(clientWidth - right), bottom: Math.round(clientHeight - bottom) };
};

/** With the layout's chunk loaded and drawn. */
async function laidOut(fixture: Fixture, attributes: Readonly<Record<string, string>>, style = ''): Promise<FaceElement> {
  const face = await show(fixture, style, attributes);
  while (!face.shadowRoot?.querySelector('.face, .shell')) await new Promise(requestAnimationFrame);
  await settled(face);
  return face;
}

async function settled(face: FaceElement): Promise<void> {
  await face.updateComplete;
  await atRest(face.shadowRoot!);
}

describe('layout="floating"', () => {
  it('is a launcher, a panel, and during a call a pill', async () => {
    const face = await laidOut(fixtures.lobby, { layout: 'floating' });
    expect(has(face, 'launcher-button')).to.equal(true);
    expect(has(face, 'join-button')).to.equal(false);
    part(face, 'launcher-button').click();
    await settled(face);
    expect(face.hasAttribute('open')).to.equal(true);
    expect(has(face, 'launcher-button')).to.equal(false);
    expect(face.shadowRoot!.activeElement).to.equal(null);
    face.fixture = fixtures['three people, one speaking'];
    part(face, 'hide-button').click();
    await settled(face);
    expect(face.hasAttribute('open')).to.equal(false);
    expect(part(face, 'show-button').textContent).to.contain('Ada Lovelace');
    part(face, 'mute-button').click();
    part(face, 'leave-button').click();
    expect(face.done).to.deep.equal([['setMicMuted', true], ['leave']]);
    part(face, 'show-button').click();
    await settled(face);
    expect(has(face, 'roster')).to.equal(true);
  });

  it('has the talk key in its pill', async () => {
    const face = await laidOut(fixtures['push to talk'], { layout: 'floating' });
    await until(() => has(face, 'talk-button'));
    expect([has(face, 'pill'), has(face, 'mute-button')]).to.deep.equal([true, false]);
    part(face, 'talk-button').dispatchEvent(new PointerEvent('pointercancel'));
    part(face, 'talk-button').click();
    expect(face.done).to.deep.equal([['talk', true]]);
    expect(part(face, 'pill').scrollWidth).to.be.at.most(part(face, 'pill').clientWidth);
  });

  it('tells in its pill what is wrong, and leads to what can be done', async () => {
    for (const [name, words] of [
      ['microphone unplugged', en['error.mic-missing.unplugged']],
      ['microphone blocked by the system', en['error.mic-blocked.system']],
      ['talking while muted', en['notice.talking']],
      ['silent microphone', en['notice.silent']],
      ['weak connection', en['notice.weak']],
    ] as const) {
      const face = await laidOut(fixtures[name], { layout: 'floating' });
      const button = part(face, 'show-button');
      expect(button.textContent.trim(), name).to.match(new RegExp(`^${words}`));
      expect(button.querySelectorAll('svg').length, name).to.equal(1);
      expect(part(face, 'pill').scrollWidth, name).to.be.at.most(part(face, 'pill').clientWidth);
      expect(part(face, 'pill').getBoundingClientRect().height, name).to.equal(48);
      button.click();
      await settled(face);
      expect(part(face, 'notice').textContent, name).to.contain(words);
      clear();
    }
  });

  it('hands the focus from launcher to panel and back, by Escape too', async () => {
    const face = await laidOut(fixtures.lobby, { layout: 'floating' });
    part(face, 'launcher-button').focus();
    await sendKeys({ press: 'Enter' });
    await settled(face);
    expect(face.shadowRoot!.activeElement).to.equal(part(face, 'join-button'));
    await sendKeys({ press: 'Escape' });
    await settled(face);
    expect(face.shadowRoot!.activeElement).to.equal(part(face, 'launcher-button'));
  });

  it('tells by toggle, once for what happens in one task', async () => {
    const face = await laidOut(fixtures.lobby, { layout: 'floating' });
    const told: string[] = [];
    face.addEventListener('toggle', (event) => told.push(`${event.oldState} ${event.newState}`));
    face.show();
    face.hide();
    face.open = true;
    await Promise.resolve();
    face.removeAttribute('open');
    await Promise.resolve();
    face.show();
    face.hide();
    await Promise.resolve();
    expect(told).to.deep.equal(['closed open', 'open closed']);
  });

  for (const [placement, near] of Object.entries({
    'bottom-right': ['right', 'bottom'],
    'bottom-left': ['left', 'bottom'],
    'top-right': ['right', 'top'],
    'top-left': ['left', 'top'],
  } as const)) {
    it(`lies ${placement}, whatever transforms or clips the place of the tag`, async () => {
      const box = document.body.appendChild(document.createElement('div'));
      box.style.cssText = 'transform: rotate(20deg); overflow: hidden; inline-size: 10px; block-size: 10px; contain: strict';
      const face = await laidOut(fixtures.alone, { layout: 'floating', placement });
      box.append(face);
      await settled(face);
      for (const edge of near) expect(edges(face)[edge], edge).to.equal(16);
      box.remove();
    });
  }

  it('is dragged without being pressed, and stays in view', async () => {
    const face = await laidOut(fixtures.lobby, { layout: 'floating' });
    const { x, y } = part(face, 'launcher-button').getBoundingClientRect();
    await sendMouse({ type: 'move', position: [Math.round(x + 20), Math.round(y + 20)] });
    await sendMouse({ type: 'down' });
    await sendMouse({ type: 'move', position: [Math.round(x - 80), Math.round(y - 40)] });
    await sendMouse({ type: 'up' });
    expect(edges(face).right).to.equal(116);
    expect(edges(face).bottom).to.equal(76);
    expect(face.open).to.equal(false);
    face.open = true;
    await settled(face);
    for (const distance of Object.values(edges(face))) expect(distance).to.be.at.least(0);
    face.placement = 'top-left';
    await settled(face);
    expect(edges(face)).to.include({ left: 16, top: 16 });
  });

  it('is moved by arrow keys, and without dragging from corner to corner', async () => {
    const face = await laidOut(fixtures.lobby, { layout: 'floating', open: '' });
    part(face, 'move-button').focus();
    await sendKeys({ press: 'ArrowUp' });
    await sendKeys({ press: 'ArrowLeft' });
    expect(edges(face)).to.include({ right: 40, bottom: 40 });
    await sendKeys({ press: 'Home' });
    expect(edges(face)).to.include({ right: 16, bottom: 16 });
    part(face, 'move-button').click();
    expect(edges(face)).to.include({ left: 16, bottom: 16 });
  });

  it('comes above a phone’s keyboard', async () => {
    const face = await laidOut(fixtures.lobby, { layout: 'floating' });
    const real = visualViewport;
    const covered = { scale: 1, offsetTop: 0, height: document.documentElement.clientHeight - 200 };
    Object.defineProperty(window, 'visualViewport', { value: covered, configurable: true });
    dispatchEvent(new Event('resize'));
    expect(edges(face).bottom).to.equal(216);
    Object.defineProperty(window, 'visualViewport', { value: real, configurable: true });
  });
});

describe('layout="compact"', () => {
  for (const width of [200, 240, 360, 480, 900])
    it(`is one line of at most 40 px in ${width} px`, async () => {
      for (const [name, fixture] of Object.entries<Fixture>(fixtures)) {
        const face = await laidOut(fixture, { layout: 'compact' }, `inline-size: ${width}px`);
        expect(face.getBoundingClientRect().height, name).to.equal(40);
        const line = face.shadowRoot!.querySelector('.face')!;
        expect(line.scrollWidth, name).to.be.at.most(width);
        for (const button of face.shadowRoot!.querySelectorAll('button')) {
          const { left, right, width: across, height } = button.getBoundingClientRect();
          // In the narrowest line push-to-talk takes the place of the names; what opens beside the line has a width of its own.
          if (!across || button.closest('[part~=panel]')) continue;
          expect(left, name).to.be.at.least(face.getBoundingClientRect().left);
          expect(right, name).to.be.at.most(face.getBoundingClientRect().right + 0.5);
          expect(Math.min(across, height), name).to.be.at.least(24);
        }
        clear();
      }
    });

  for (const width of [240, 360, 480])
    it(`cuts neither the key nor the way out of trouble in ${width} px`, async () => {
      for (const lang of ['en', 'de', 'ja', 'ar'])
        for (const name of ['push to talk', 'talking while muted', 'microphone blocked by the person', 'tap to hear', 'silent microphone'] as const) {
          const face = await laidOut(fixtures[name], { layout: 'compact', lang }, `inline-size: ${width}px`);
          await until(() => face.shadowRoot!.querySelector(`[lang=${lang}]`));
          const buttons = [...face.shadowRoot!.querySelectorAll<HTMLElement>('.line > .talk, .line > .notice button')];
          expect(buttons.length, name).to.equal(1);
          for (const button of buttons) {
            const words = document.createRange();
            words.selectNodeContents(button.querySelector('span') ?? button);
            const [box, text] = [button, words].map((place) => place.getBoundingClientRect()) as [DOMRect, DOMRect];
            const what = `${name}, ${lang}: ${button.textContent.trim()}`;
            expect(text.width, what).to.be.above(0);
            expect(text.left, what).to.be.at.least(box.left);
            expect(text.right, what).to.be.at.most(box.right);
            expect(text.top, what).to.be.at.least(box.top - 0.5);
            expect(text.bottom, what).to.be.at.most(box.bottom + 0.5);
            expect(button.querySelector('span')?.scrollHeight ?? 0, what).to.be.at.most((button.querySelector('span')?.clientHeight ?? 0) + 1);
          }
          clear();
        }
    });

  it('has all the words of what is wrong beside it, which its own words and the names open', async () => {
    const face = await laidOut(fixtures['microphone blocked by the person'], { layout: 'compact' }, 'inline-size: 240px');
    for (const opener of ['.line > .notice p', '[part~=summary-button]']) {
      face.shadowRoot!.querySelector<HTMLElement>(opener)!.click();
      await settled(face);
      const notice = part(face, 'notice');
      expect(part(face, 'panel').contains(notice)).to.equal(true);
      expect(notice.querySelector('p')!.scrollHeight).to.be.at.most(notice.querySelector('p')!.clientHeight);
      expect(has(face, 'deafen-button') && part(face, 'deafen-button').checkVisibility()).to.equal(true);
      part(face, 'retry-button').click();
      part(face, 'summary-button').click();
      await settled(face);
      expect(has(face, 'panel')).to.equal(false);
    }
    expect(face.done).to.deep.equal([
      ['setMicMuted', false],
      ['setMicMuted', false],
    ]);
  });

  for (const width of [200, 240, 280, 320])
    it(`leaves people within reach beside a key to talk in ${width} px`, async () => {
      const face = await laidOut(fixtures['push to talk'], { layout: 'compact' }, `inline-size: ${width}px`);
      await until(() => has(face, 'talk-button'));
      await settled(face);
      const { left, right, width: across } = part(face, 'summary-button').getBoundingClientRect();
      expect(across).to.be.at.least(32);
      for (const shown of ['talk-button', 'settings-button', 'leave-button']) {
        const box = part(face, shown).getBoundingClientRect();
        expect(box.left >= right || box.right <= left, shown).to.equal(true);
        expect(box.width, shown).to.be.at.least(32);
      }
      part(face, 'summary-button').click();
      await settled(face);
      expect(part(face, 'roster').children.length).to.equal(3);
    });

  it('comes back without the list that was open as one left', async () => {
    const face = await laidOut(fixtures['three people, one speaking'], { layout: 'compact' }, 'inline-size: 480px');
    part(face, 'summary-button').click();
    await settled(face);
    expect(has(face, 'roster')).to.equal(true);
    for (const fixture of [fixtures.lobby, fixtures['three people, one speaking']]) {
      face.fixture = fixture;
      await settled(face);
      expect(has(face, 'roster')).to.equal(false);
    }
  });

  for (const [lang, names] of Object.entries({
    en: 'Dora D., Hana R., Ada A.',
    de: 'Dora D., Hana R., Ada A.',
    es: 'Dora D., Hana R., Ada A.',
    fr: 'Dora D., Hana R., Ada A.',
    ko: 'Dora D., Hana R., Ada A.',
    pt: 'Dora D., Hana R., Ada A.',
    ja: 'Dora D.、Hana R.、Ada A.',
    zh: 'Dora D.、Hana R.、Ada A.',
    ar: 'Dora D.، Hana R.، Ada A.',
  }))
    it(`writes names beside each other as the language does: ${lang}`, async () => {
      const face = await laidOut(fixtures['fifty people'], { layout: 'compact', lang }, 'inline-size: 480px');
      await until(() => face.shadowRoot!.querySelector(`.line[lang^=${lang}]`));
      expect(part(face, 'names').textContent.trim()).to.equal(names);
      face.setAttribute('layout', 'inline');
      await until(() => has(face, 'speakers'));
      expect(part(face, 'speakers').querySelector('bdi')!.textContent).to.equal(names.slice(0, names.lastIndexOf('Ada')).replace(/[、،,] ?$/, ''));
    });

  for (const [layout, place] of Object.entries({ compact: 'names', floating: 'show-button' }))
    it(`says for a while who came, ${layout} too`, async () => {
      const face = await laidOut(fixtures['somebody came'], { layout }, 'inline-size: 480px');
      face.requestUpdate();
      await face.updateComplete;
      expect(part(face, place).textContent.trim()).to.match(/^Ben Okafor joined\./);
    });

  for (const width of [200, 320])
    it(`hangs who came below a line of ${width} px, in which nothing moves for it`, async () => {
      const placesOf = ({ shadowRoot }: FaceElement): string[] =>
        [...shadowRoot!.querySelectorAll('button')].map((button) => `${button.part.value} ${button.offsetLeft} ${button.offsetWidth}`);
      const before = await laidOut({ ...fixtures['somebody came'], caption: '' }, { layout: 'compact' }, `inline-size: ${width}px`);
      const places = placesOf(before);
      clear();
      const face = await laidOut(fixtures['somebody came'], { layout: 'compact' }, `inline-size: ${width}px`);
      await settled(face);
      const [line, bubble] = [face, part(face, 'names')].map((element) => element.getBoundingClientRect()) as [DOMRect, DOMRect];
      expect(placesOf(face)).to.deep.equal(places);
      expect(bubble.top).to.be.above(line.bottom);
      expect(bubble.width).to.be.above(80);
      expect(bubble.right).to.be.at.most(line.right);
    });

  it('leaves people within reach while something is wrong', async () => {
    const face = await laidOut(fixtures['weak connection'], { layout: 'compact' }, 'inline-size: 480px');
    expect(has(face, 'notice')).to.equal(true);
    expect(part(face, 'summary-button').getBoundingClientRect().width).to.equal(32);
    part(face, 'summary-button').click();
    await settled(face);
    expect(part(face, 'roster').children.length).to.equal(3);
  });

  it('names who speaks first, and opens the list of people beside it', async () => {
    const face = await laidOut(fixtures['fifty people'], { layout: 'compact' }, 'inline-size: 480px');
    const summary = part(face, 'summary-button');
    expect(summary.textContent.replaceAll(/\s+/g, ' ').trim()).to.match(/^DD Dora D\., Hana R\., Ada A\. ?\+46$/);
    summary.focus();
    await sendKeys({ press: 'Enter' });
    await settled(face);
    expect(part(face, 'roster').children.length).to.equal(50);
    expect(part(face, 'panel').getBoundingClientRect().top).to.be.at.least(face.getBoundingClientRect().bottom);
    await sendKeys({ press: 'Escape' });
    await settled(face);
    expect(has(face, 'panel')).to.equal(false);
    expect(face.shadowRoot!.activeElement).to.equal(summary);
    summary.click();
    await settled(face);
    await sendMouse({ type: 'click', position: [700, 500] });
    await settled(face);
    expect(has(face, 'panel')).to.equal(false);
  });
});

describe('settings in the lobby', () => {
  it('stay open when the gear is pressed again before they are there', async () => {
    const face = document.body.appendChild(new FaceElement());
    await face.updateComplete;
    // Their code takes another task at least.
    part(face, 'settings-button').click();
    part(face, 'settings-button').click();
    await until(() => has(face, 'settings'));
    await settled(face);
    expect(part(face, 'settings-button').getAttribute('aria-expanded')).to.equal('true');
    part(face, 'settings-button').click();
    await settled(face);
    await until(() => !has(face, 'settings'));
    face.remove();
  });

  it('are named to the mouse too', async () => {
    const face = await laidOut(fixtures.lobby, {});
    expect(part(face, 'settings-button').title).to.equal('Settings');
  });

  it('open beside a compact line, which stays one, and close by Escape', async () => {
    const face = await laidOut(fixtures.lobby, { layout: 'compact' }, 'inline-size: 480px');
    const gear = part(face, 'settings-button');
    gear.focus();
    await sendKeys({ press: 'Enter' });
    await until(() => has(face, 'settings'));
    await settled(face);
    expect(face.getBoundingClientRect().height).to.equal(40);
    expect(part(face, 'panel').getBoundingClientRect().top).to.be.at.least(face.getBoundingClientRect().bottom);
    expect(face.shadowRoot!.activeElement).to.equal(part(face, 'settings'));
    await sendKeys({ press: 'Escape' });
    await settled(face);
    expect([has(face, 'panel'), face.shadowRoot!.activeElement]).to.deep.equal([false, gear]);
  });

  for (const [where, fixture] of Object.entries({ 'the lobby': fixtures.lobby, 'a room': fixtures.alone }))
    it(`close by Escape in ${where} without closing what floats around them`, async () => {
      const face = await laidOut(fixture, { layout: 'floating', open: '' });
      part(face, 'settings-button').click();
      await until(() => has(face, 'settings'));
      await settled(face);
      const { top, bottom } = edges(face);
      expect(Math.min(top, bottom)).to.be.at.least(16);
      await sendKeys({ press: 'Escape' });
      await settled(face);
      expect([has(face, 'settings'), face.open]).to.deep.equal([false, true]);
      expect(face.shadowRoot!.activeElement).to.equal(part(face, 'settings-button'));
      // Its tip, where it has one.
      if (part(face, 'settings-button').querySelector('.tip')) await sendKeys({ press: 'Escape' });
      expect(face.open).to.equal(true);
      await sendKeys({ press: 'Escape' });
      await settled(face);
      expect(face.open).to.equal(false);
    });
});

describe('slots', () => {
  it('take the page’s own HTML', async () => {
    const face = await show(fixtures.lobby);
    face.innerHTML = '<b slot="title">Our room</b><em slot="lobby">From nine to five</em><i slot="footer">Imprint</i><span slot="empty">Be the first</span>';
    const shown = (): string[] => [...face.children].filter((child) => (child as HTMLElement).offsetWidth).map(({ slot }) => slot);
    expect(shown()).to.deep.equal(['title', 'lobby', 'footer']);
    face.fixture = fixtures.alone;
    await face.updateComplete;
    expect(shown()).to.deep.equal(['title', 'footer', 'empty']);
  });

  it('take the page’s own icons, of which nobody hears anything', async () => {
    const face = await show(fixtures.lobby);
    const icons = ['settings-icon', 'mute-icon', 'muted-icon', 'deafen-icon', 'deafened-icon', 'leave-icon'];
    face.innerHTML = icons.map((slot) => `<b slot="${slot}">${slot}</b>`).join('');
    const shown = (): string[] => [...face.children].filter((child) => (child as HTMLElement).offsetWidth).map(({ slot }) => slot);
    const ours = (): number => [...face.shadowRoot!.querySelectorAll<SVGElement>('button svg')].filter((icon) => icon.getBoundingClientRect().width).length;
    expect([shown(), ours()]).to.deep.equal([['settings-icon'], 0]);
    face.fixture = fixtures.alone;
    await face.updateComplete;
    expect([shown(), ours()]).to.deep.equal([['settings-icon', 'mute-icon', 'deafen-icon', 'leave-icon'], 0]);
    expect(part(face, 'mute-button').offsetWidth).to.equal(part(face, 'mute-button').offsetHeight);
    face.fixture = fixtures.deafened;
    await face.updateComplete;
    expect(shown()).to.deep.equal(['settings-icon', 'muted-icon', 'deafened-icon', 'leave-icon']);
    face.setAttribute('layout', 'floating');
    await until(() => has(face, 'pill'));
    expect(shown()).to.deep.equal(['muted-icon', 'leave-icon']);
  });
});

describe('host pages', () => {
  const resets = {
    'Tailwind preflight':
      '*, ::before, ::after { box-sizing: border-box; border: 0 solid; margin: 0; padding: 0 } html { line-height: 1.5 } button { all: unset; background: none; font: inherit } h2 { font-size: inherit } svg { display: block; vertical-align: middle } ul { list-style: none }',
    'Bootstrap reboot':
      '*, ::before, ::after { box-sizing: border-box } body { font: 400 1rem/1.5 serif; color: #212529; letter-spacing: .2em; text-transform: uppercase; text-align: center; word-spacing: 1em } button { border-radius: 0; text-transform: none } h2 { margin: 0 0 .5rem; font-size: 2rem } p { margin: 0 0 1rem } svg { vertical-align: middle }',
  };

  for (const [name, css] of Object.entries(resets))
    it(`neither break it nor are changed by it: ${name}`, async () => {
      const sizes = async (): Promise<string> => {
        const seen: unknown[] = [];
        for (const layout of ['inline', 'compact', 'floating']) {
          const face = await laidOut(fixtures['three people, one speaking'], { layout, open: '' }, 'inline-size: 400px; font: 16px/1.2 Arial');
          for (const element of face.shadowRoot!.querySelectorAll('[part]')) {
            const { width, height } = element.getBoundingClientRect();
            seen.push([element.getAttribute('part'), Math.round(width), Math.round(height)]);
          }
          clear();
        }
        return JSON.stringify(seen);
      };
      const before = await sizes();
      const outside = document.body.appendChild(document.createElement('button'));
      outside.textContent = 'Mine';
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets.push(sheet);
      const mine = outside.getBoundingClientRect().toJSON() as object;
      try {
        expect(await sizes()).to.equal(before);
        expect(outside.getBoundingClientRect().toJSON()).to.deep.equal(mine);
      } finally {
        document.adoptedStyleSheets.pop();
        outside.remove();
      }
    });
});
