import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { fixtures } from '../../stories/fixtures.js';
import type { Fixture } from '../../stories/fixtures.js';
import { english as en } from '../../stories/english.js';
import { explain } from '../../src/strings/explain.js';
import { format, plural } from '../../src/strings/format.js';
import { nameOf } from '../../src/strings/name.js';
import { hueOf, initialsOf } from '../../src/view/people.js';
import { wayTo } from '../../src/view/way.js';
import { clear, part, show } from '../support/face.js';
import type { FaceElement } from '../support/face.js';
import { until } from '../support/until.js';

afterEach(clear);

const text = (element: Element): string => (element.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
const has = (face: FaceElement, name: string): boolean => Boolean(face.shadowRoot?.querySelector(`[part~="${name}"]`));
const rows = (face: FaceElement): HTMLElement[] => [...face.shadowRoot!.querySelectorAll<HTMLElement>('[part~="participant"]')];
/** Some browsers know no choice of the loudspeaker: WebKitGTK. */
const choosesOutput = 'setSinkId' in HTMLMediaElement.prototype;
const doubleClick = (element: Element): void => [1, 2].forEach((detail) => element.dispatchEvent(new MouseEvent('click', { detail, bubbles: true })));

describe('lobby', () => {
  it('shows the name of the room, one large button, and the gear', async () => {
    const face = await show(fixtures.lobby);
    expect(text(part(face, 'title'))).to.equal('Lounge');
    expect([...face.shadowRoot!.querySelectorAll('button')]).to.deep.equal([part(face, 'join-button'), part(face, 'settings-button')]);
    expect(part(face, 'join-button').offsetWidth).to.be.above(3 * part(face, 'settings-button').offsetWidth);
    expect(text(part(face, 'join-button'))).to.equal('Join');
    part(face, 'join-button').click();
    expect(face.done).to.deep.equal([['join']]);
  });

  it('calls a room without a name a voice room', async () => {
    expect(text(part(await show(fixtures['lobby without a name']), 'title'))).to.equal('Voice room');
  });

  it('says who is in, where a connection ahead of the click knows it', async () => {
    const face = await show(fixtures['lobby, four inside']);
    expect(text(part(face, 'step'))).to.equal('People in the room: Ada A., Ben B., Chidi C. +1');
    face.fixture = fixtures['joining, asking'];
    await face.updateComplete;
    expect(text(part(face, 'step'))).to.equal(en['step.asking']);
    face.fixture = fixtures.lobby;
    await face.updateComplete;
    expect(text(part(face, 'step'))).to.equal(en.hint);
  });

  it('turns the same button at the same place into Cancel while joining, and says each step', async () => {
    const face = await show(fixtures.lobby);
    const button = part(face, 'join-button');
    const before = button.getBoundingClientRect();
    for (const step of ['loading', 'asking', 'connecting'] as const) {
      face.fixture = fixtures[`joining, ${step}`];
      await face.updateComplete;
      expect(part(face, 'join-button')).to.equal(button);
      expect(button.getBoundingClientRect().toJSON()).to.deep.equal(before.toJSON());
      expect(text(button)).to.equal('Cancel');
      expect(text(part(face, 'step'))).to.equal(en[`step.${step}`]);
    }
    button.click();
    expect(face.done).to.deep.equal([['leave']]);
  });

  it('does not take the second half of a double click for Cancel', async () => {
    const face = await show(fixtures.lobby);
    face.done.length = 0;
    const join = part(face, 'join-button');
    join.dispatchEvent(new MouseEvent('click', { detail: 1, bubbles: true }));
    face.fixture = fixtures['joining, loading'];
    await face.updateComplete;
    join.dispatchEvent(new MouseEvent('click', { detail: 2, bubbles: true }));
    expect(face.done).to.deep.equal([['join']]);
  });

  it('joins once while Enter is held down', async () => {
    const face = await show(fixtures.lobby);
    part(face, 'join-button').focus();
    await sendKeys({ down: 'Enter' });
    await sendKeys({ down: 'Enter' });
    await sendKeys({ up: 'Enter' });
    expect(face.done).to.deep.equal([['join']]);
  });

  for (const [name, fixture] of Object.entries<Fixture>(fixtures)) {
    const { error, connectionState } = fixture.snapshot;
    if (!error || connectionState !== 'idle') continue;
    it(`says in words what is wrong: ${name}`, async () => {
      const face = await show(fixture);
      const notice = part(face, 'notice');
      expect(text(notice)).to.equal(explain(en, error));
      expect(text(notice)).to.match(/^[A-Z].+\.$/);
      expect(part(face, 'join-button').getAttribute('aria-describedby')).to.equal(notice.id);
    });
  }

  it('offers what helps: to try again, to join again, to join here', async () => {
    expect(text(part(await show(fixtures['endpoint down']), 'join-button'))).to.equal('Try again');
    expect(text(part(await show(fixtures.removed), 'join-button'))).to.equal('Join again');
    expect(text(part(await show(fixtures['another tab took over']), 'join-button'))).to.equal('Join here');
  });

  it('does not try what cannot work, and stays focusable', async () => {
    for (const name of ['page not secure', 'browser too old'] as const) {
      const face = await show(fixtures[name]);
      const button = part(face, 'join-button');
      expect(button.getAttribute('aria-disabled')).to.equal('true');
      button.click();
      button.focus();
      expect(face.done).to.deep.equal([]);
      expect(face.shadowRoot!.activeElement).to.equal(button);
    }
  });
});

describe('room', () => {
  it('lists me first, then the others in order of joining', async () => {
    const face = await show(fixtures['three people, one speaking']);
    expect(part(face, 'roster').getAttribute('role')).to.equal('list');
    expect(rows(face).map(text)).to.deep.equal(['C Cleo (you)', 'AL Ada Lovelace speaking', 'BO Ben Okafor mic off']);
    expect(text(part(face, 'count'))).to.equal('3 people');
  });

  it('counts who is at the door, and names them nowhere', async () => {
    const face = await show(fixtures['alone, two at the door']);
    expect(text(part(face, 'count'))).to.equal('1 person · 2 at the door');
    expect(rows(face)).to.have.length(1);
  });

  it('invites when nobody else is here', async () => {
    const face = await show(fixtures.alone);
    expect(text(part(face, 'count'))).to.equal('1 person');
    expect(text(part(face, 'empty'))).to.equal(en.empty);
  });

  it('says the state of everybody in words', async () => {
    const face = await show(fixtures['others listening, weak, coming back']);
    expect(rows(face).slice(1).map(text)).to.deep.equal([
      'AL Ada Lovelace listening only',
      'BO Ben Okafor weak connection',
      'CA Chidi Anagonye weak connection mic off',
      'D Dora reconnecting',
    ]);
    const mine = async (fixture: Fixture): Promise<string> => text(rows(await show(fixture))[0]!);
    expect(await mine(fixtures.muted)).to.equal('C Cleo (you) mic off');
    expect(await mine(fixtures.deafened)).to.equal('C Cleo (you) sound off');
    expect(await mine(fixtures['listening only'])).to.equal('C Cleo (you) listening only');
    expect(await mine(fixtures['no microphone'])).to.equal('C Cleo (you) no mic');
    expect(await mine(fixtures['microphone asked for'])).to.equal('C Cleo (you) opening mic');
    expect(await mine(fixtures['I speak'])).to.equal('C Cleo (you) speaking');
  });

  it('has toggles that keep their name and say whether they hold', async () => {
    const face = await show(fixtures.alone);
    const [mute, deafen] = [part(face, 'mute-button'), part(face, 'deafen-button')];
    expect([text(mute), mute.getAttribute('aria-pressed')]).to.deep.equal(['Mute', 'false']);
    expect([text(deafen), deafen.getAttribute('aria-pressed')]).to.deep.equal(['Deafen', 'false']);
    mute.click();
    deafen.click();
    face.fixture = fixtures.deafened;
    await face.updateComplete;
    expect([text(mute), mute.getAttribute('aria-pressed')]).to.deep.equal(['Mute', 'true']);
    expect([text(deafen), deafen.getAttribute('aria-pressed')]).to.deep.equal(['Deafen', 'true']);
    mute.click();
    deafen.click();
    expect(face.done).to.deep.equal([
      ['setMicMuted', true],
      ['setDeafened', true],
      ['setMicMuted', false],
      ['setDeafened', false],
    ]);
  });

  it('leaves by a word, once', async () => {
    const face = await show(fixtures.alone);
    expect(text(part(face, 'leave-button'))).to.equal('Leave');
    doubleClick(part(face, 'leave-button'));
    expect(face.done).to.deep.equal([['leave']]);
  });

  it('has no mute button for who only listens', async () => {
    const face = await show(fixtures['listening only']);
    expect(has(face, 'mute-button')).to.equal(false);
    expect(has(face, 'deafen-button')).to.equal(true);
  });

  it('offers to hear when the browser holds the sound back', async () => {
    const face = await show(fixtures['tap to hear']);
    expect(part(face, 'notice').contains(part(face, 'resume-button'))).to.equal(true);
    part(face, 'resume-button').click();
    expect(face.done).to.deep.equal([['resumePlayback']]);
  });

  for (const [name, fixture] of Object.entries<Fixture>(fixtures).filter(([, { snapshot }]) => snapshot.error?.code.startsWith('mic-'))) {
    it(`tells why nobody hears me and what to do: ${name}`, async () => {
      const face = await show(fixture);
      expect(text(part(face, 'notice'))).to.contain(explain(en, fixture.snapshot.error!));
      expect(part(face, 'mute-button').getAttribute('aria-pressed')).to.equal('true');
      expect(has(face, 'retry-button')).to.equal(fixture.snapshot.error?.reason !== 'page-policy');
      part(face, 'mute-button').click();
      expect(face.done).to.deep.equal([['setMicMuted', false]]);
    });
  }

  it('keeps the roster while reconnecting, and counts the seconds from the first on', async () => {
    const face = await show(fixtures.reconnecting);
    const time = face.shadowRoot!.querySelector('.time')!;
    expect(rows(face).length).to.equal(3);
    expect(text(time)).to.equal('');
    await new Promise<void>((resolve) => new MutationObserver(() => resolve()).observe(time, { characterData: true, childList: true, subtree: true }));
    while (!text(time)) await new Promise(requestAnimationFrame);
    expect(text(time)).to.match(/^[1-9]\d* s$/);
  });

  it('keeps its size whoever comes and whatever is wrong', async () => {
    const heights = new Set<number>();
    for (const name of [
      'alone',
      'three people, one speaking',
      'fifty people',
      'microphone blocked by the system',
      'tap to hear',
      'reconnecting',
      'deafened',
    ] as const) {
      heights.add((await show(fixtures[name], 'inline-size: 360px')).getBoundingClientRect().height);
    }
    expect([...heights]).to.have.length(1);
  });

  for (const width of [200, 280, 360, 900]) {
    it(`fits into ${width} px`, async () => {
      for (const fixture of Object.values<Fixture>(fixtures)) {
        const face = await show(fixture, `inline-size: ${width}px`);
        const inner = face.shadowRoot!.querySelector('.face')!;
        expect(inner.scrollWidth, 'nothing wider than the face').to.be.at.most(width);
        for (const button of face.shadowRoot!.querySelectorAll('button')) {
          const { left, right, width: across, height } = button.getBoundingClientRect();
          expect(left).to.be.at.least(face.getBoundingClientRect().left);
          expect(right).to.be.at.most(face.getBoundingClientRect().right);
          expect(Math.min(across, height)).to.be.at.least(24);
        }
        clear();
      }
    });
  }

  it('takes names as text that can neither act, nor hide, nor turn around what stands beside it', async () => {
    const face = await show(fixtures['hostile names'], 'inline-size: 360px');
    const names = rows(face).map((row) => text(row.querySelector('[part=name]')!));
    expect(names.slice(1, 3)).to.deep.equal(['gnp.exe admin', '<img src=x onerror=alert(1)> {n} "\'`']);
    expect(names[4]).to.equal('W'.repeat(120));
    expect(names.slice(5, 7)).to.deep.equal(['only-the-identity', 'Guest']);
    expect(face.shadowRoot!.querySelector('img')).to.equal(null);
    expect(new Set(rows(face).map((row) => row.getBoundingClientRect().height)).size).to.equal(1);
    for (const row of rows(face)) {
      expect(row.querySelector('[part=name] > bdi')).to.not.equal(null);
      expect(row.scrollWidth).to.be.at.most(row.clientWidth);
    }
  });

  it('writes no inline style and no style element', async () => {
    for (const fixture of Object.values<Fixture>(fixtures)) {
      // How loud somebody is gets into a style frame by frame, by script, which no policy forbids.
      const face = await show({ ...fixture, levels: {} });
      expect(face.shadowRoot!.querySelector('style')).to.equal(null);
      expect(face.shadowRoot!.innerHTML).to.not.contain('style=');
      clear();
    }
  });

  it('is worked by keyboard alone, without a trap', async () => {
    const face = await show(fixtures['tap to hear']);
    const [start, after] = [document.createElement('button'), document.createElement('button')];
    face.before(start);
    document.body.append(after);
    const seen: string[] = [];
    start.focus();
    for (let step = 0; step < 9 && document.activeElement !== after; step++) {
      await sendKeys({ press: 'Tab' });
      const focused = face.shadowRoot!.activeElement;
      if (!focused) continue;
      seen.push(focused.getAttribute('part') ?? 'list');
      expect(getComputedStyle(focused).outlineStyle).to.equal('solid');
    }
    expect(seen).to.deep.equal(['participant-button', 'resume-button', 'mute-button', 'deafen-button', 'settings-button', 'leave-button']);
    expect(document.activeElement).to.equal(after);
    start.remove();
    after.remove();
  });

  it('lets keys scroll a long list', async () => {
    const face = await show(fixtures['fifty people']);
    const list = face.shadowRoot!.querySelector<HTMLElement>('.people')!;
    list.querySelector<HTMLElement>('button:not([tabindex])')!.focus();
    await sendKeys({ press: 'End' });
    while (!list.scrollTop) await new Promise(requestAnimationFrame);
  });

  it('sends a tip away by Escape', async () => {
    const face = await show(fixtures.alone);
    await sendKeys({ press: 'Tab' });
    const mute = part(face, 'mute-button');
    mute.focus();
    const tip = mute.querySelector('.tip')!;
    while (getComputedStyle(tip).opacity !== '1') await new Promise(requestAnimationFrame);
    await sendKeys({ press: 'Escape' });
    while (getComputedStyle(tip).opacity !== '0') await new Promise(requestAnimationFrame);
  });
});

describe('FocusKeeper', () => {
  it('moves the focus on when the focused control goes away', async () => {
    const face = await show(fixtures['joining, connecting']);
    part(face, 'join-button').focus();
    face.fixture = fixtures['tap to hear'];
    await face.updateComplete;
    expect(face.shadowRoot!.activeElement).to.equal(part(face, 'mute-button'));
    part(face, 'resume-button').focus();
    face.fixture = fixtures.alone;
    await face.updateComplete;
    expect(face.shadowRoot!.activeElement).to.equal(part(face, 'mute-button'));
    part(face, 'leave-button').focus();
    face.fixture = fixtures.lobby;
    await face.updateComplete;
    expect(face.shadowRoot!.activeElement).to.equal(part(face, 'join-button'));
  });

  it('takes the focus from nobody', async () => {
    const face = await show(fixtures['joining, connecting']);
    face.fixture = fixtures.alone;
    await face.updateComplete;
    expect(face.shadowRoot!.activeElement).to.equal(null);
  });
});

describe('strings', () => {
  it('explains by code and reason, by code, else by the code itself', () => {
    expect(explain(en, { code: 'mic-blocked', reason: 'system' })).to.equal(en['error.mic-blocked.system']);
    expect(explain(en, { code: 'mic-blocked', reason: 'new' })).to.equal(en['error.mic-blocked']);
    expect(explain(en, { code: 'brand-new', reason: 'new' })).to.equal('brand-new');
  });

  it('fills places and leaves unknown ones', () => {
    expect(format('{a} and {b}', { a: '{b}' })).to.equal('{b} and {b}');
  });

  it('counts by the rules of the language', () => {
    const polish = 'one:{n} osoba|few:{n} osoby|other:{n} osób';
    expect([1, 3, 5].map((n) => plural(polish, n, 'pl'))).to.deep.equal(['1 osoba', '3 osoby', '5 osób']);
    expect(plural('{n}人', 1234, 'ja')).to.equal('1,234人');
  });

  it('calls people by what can be seen of their name', () => {
    expect(nameOf({ name: ' Ada ', identity: 'a' }, 'Guest')).to.equal('Ada');
    expect(nameOf({ name: '\u200b', identity: 'a' }, 'Guest')).to.equal('a');
    expect(nameOf({ name: '', identity: '\u2800' }, 'Guest')).to.equal('Guest');
    expect([...nameOf({ name: '😀'.repeat(500), identity: '' }, 'Guest')].every((symbol) => symbol === '😀')).to.equal(true);
  });

  it('makes initials in any script', () => {
    const cases = {
      'Ada Lovelace': 'AL',
      ada: 'A',
      'ada.lovelace': 'AL',
      'Ада Лавлейс': 'АЛ',
      '山田 太郎': '山',
      'نور الهدى': 'ن',
      '🎉 Party': 'P',
      '🎉': '🎉',
      '!!!': '?',
    };
    for (const [name, initials] of Object.entries(cases)) expect(initialsOf(name), name).to.equal(initials);
  });

  it('gives everybody one of the hues', () => {
    const hues = new Set(Array.from({ length: 500 }, (_, index) => hueOf(`id-${index}`)));
    expect([...hues].sort((a, b) => a - b)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(hueOf('ada')).to.equal(hueOf('ada'));
  });
});

describe('people', () => {
  it('are buttons that open how they are heard, one Tab stop for all of them', async () => {
    const face = await show(fixtures['fifty people']);
    const buttons = [...face.shadowRoot!.querySelectorAll<HTMLElement>('[part=participant-button]')];
    expect(buttons.filter(({ tabIndex }) => tabIndex === 0).length).to.equal(1);
    buttons[0]!.focus();
    await sendKeys({ press: 'ArrowDown' });
    await face.updateComplete;
    expect(face.shadowRoot!.activeElement).to.equal(buttons[1]);
    await sendKeys({ press: 'End' });
    expect(face.shadowRoot!.activeElement).to.equal(buttons.at(-1));
    await sendKeys({ press: 'Home' });
    await sendKeys({ press: 'Enter' });
    await face.updateComplete;
    expect(buttons[0]!.getAttribute('aria-expanded')).to.equal('true');
    expect(part(face, 'participant-menu').getAttribute('aria-label')).to.equal(text(buttons[0]!.querySelector('[part=name]')!));
    await sendKeys({ press: 'Tab' });
    expect((face.shadowRoot!.activeElement as HTMLElement).getAttribute('part')).to.equal('slider');
    await sendKeys({ press: 'ArrowRight' });
    expect(face.done).to.deep.equal([['setParticipantVolume', 'crowd-0', 1.05]]);
    await sendKeys({ press: 'Escape' });
    await face.updateComplete;
    expect(has(face, 'participant-menu')).to.equal(false);
    expect(face.shadowRoot!.activeElement).to.equal(buttons[0]);
  });

  it('are muted for me alone, and say so', async () => {
    const face = await show(fixtures['muted for me']);
    expect(text(rows(face)[1]!)).to.contain('Ada Lovelace muted by you');
    const hush = part(face, 'hush-button');
    expect([text(hush), hush.getAttribute('aria-pressed')]).to.deep.equal(['Mute for me', 'true']);
    hush.click();
    expect(face.done).to.deep.equal([['muteParticipant', 'identity-Ada Lovelace', false]]);
  });

  it('are told apart where their names look alike, by a mark that goes with the identity', async () => {
    const face = await show(fixtures['names that look alike']);
    const marks = rows(face).map((row) => row.querySelector('.alike')?.textContent ?? '');
    expect(marks.map((mark) => mark !== '')).to.deep.equal([false, true, true, true, false]);
    expect(new Set(marks).size).to.equal(4);
    face.fixture = { ...fixtures['names that look alike'], title: 'again' };
    await face.updateComplete;
    expect(rows(face).map((row) => row.querySelector('.alike')?.textContent ?? '')).to.deep.equal(marks);
  });

  it('who speak stand above a list that scrolls, which never jumps', async () => {
    const face = await show(fixtures['fifty people']);
    const places = (): number[] => rows(face).map((row) => row.getBoundingClientRect().top);
    const before = places();
    expect(text(part(face, 'speakers'))).to.equal('Dora D., Hana R.');
    const { snapshot } = fixtures['fifty people'];
    face.fixture = {
      ...fixtures['fifty people'],
      snapshot: { ...snapshot, remoteParticipants: snapshot.remoteParticipants.map((person) => ({ ...person, speaking: false })) },
    };
    await face.updateComplete;
    expect(places()).to.deep.equal(before);
  });
});

describe('push-to-talk key', () => {
  it('says what to do, shows the keys, and lights while held', async () => {
    const face = await show(fixtures['push to talk']);
    const key = part(face, 'talk-button');
    expect([text(key), key.getAttribute('aria-pressed')]).to.deep.equal(['Hold to talkSpace', 'false']);
    key.focus();
    await sendKeys({ down: 'Space' });
    await sendKeys({ up: 'Space' });
    expect(face.done).to.deep.equal([['talk', true]]);
    face.fixture = fixtures['push to talk, held'];
    await face.updateComplete;
    expect([key.getAttribute('aria-pressed'), key.classList.contains('held')]).to.deep.equal(['true', true]);
    expect(text(key)).to.equal('Hold to talkCtrl + `');
  });

  it('is dead while muted', async () => {
    expect(part(await show(fixtures['push to talk, muted']), 'talk-button').getAttribute('aria-disabled')).to.equal('true');
  });
});

describe('notice', () => {
  for (const [name, button, done] of [
    ['talking while muted', 'unmute-button', ['setMicMuted', false]],
    ['volume at zero', 'louder-button', ['setVolume', 1]],
  ] as const)
    it(`hints and offers the one thing to do: ${name}`, async () => {
      const face = await show(fixtures[name]);
      part(face, button).click();
      expect(face.done).to.deep.equal([done]);
    });

  it('leads from a silent microphone to the settings', async () => {
    const face = await show(fixtures['silent microphone']);
    part(face, 'choose-button').click();
    while (!has(face, 'settings')) await new Promise(requestAnimationFrame);
    expect(text(part(face, 'notice'))).to.contain(en['notice.silent']);
  });

  for (const width of [200, 360])
    it(`has its room in ${width} px from the list, which scrolls and fades out as long as somebody is below`, async () => {
      const [face, well] = [
        await show(fixtures['microphone blocked by the person'], `inline-size: ${width}px`),
        await show(fixtures.muted, `inline-size: ${width}px`),
      ];
      const listOf = ({ shadowRoot }: FaceElement): Element => shadowRoot!.querySelector('.people')!;
      const list = listOf(face);
      expect(face.offsetHeight).to.equal(well.offsetHeight);
      expect(part(face, 'notice').getBoundingClientRect().top).to.be.at.least(list.getBoundingClientRect().bottom);
      await until(() => getComputedStyle(list).maskImage !== 'none');
      expect(getComputedStyle(listOf(well)).maskImage).to.equal('none');
      list.scrollTop = list.scrollHeight;
      await until(() => getComputedStyle(list).maskImage === 'none');
      expect(rows(face).at(-1)!.getBoundingClientRect().bottom).to.be.at.most(list.getBoundingClientRect().bottom + 0.5);
    });

  it('says nothing to who talks with the key up', async () => {
    const { snapshot } = fixtures['push to talk'];
    const face = await show({ ...fixtures['push to talk'], snapshot: { ...snapshot, microphoneHint: 'talking-while-muted' } });
    expect(has(face, 'notice')).to.equal(false);
  });

  it('says what ails the connection', async () => {
    for (const [name, words] of [
      ['weak connection', 'weak'],
      ['connection that loses what I say', 'sending'],
      ['connection that loses what others say', 'receiving'],
      ['slow connection', 'delay'],
      ['unsteady connection', 'jitter'],
    ] as const)
      expect(text(part(await show(fixtures[name]), 'notice'))).to.equal(en[`notice.${words}`]);
  });
});

describe('wayTo', () => {
  const on = (userAgent: string, by = 'person', maxTouchPoints = 0): string => wayTo(en, by, { userAgent, maxTouchPoints });
  const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15';

  it('shows the way in this browser on this system, and none where nobody here can', () => {
    expect(on(`${mac} Chrome/142 Safari/537`)).to.equal(en['way.person.chromium']);
    expect(on(`${mac} Version/26 Safari/605`)).to.equal(en['way.person.safari']);
    expect(on(`${mac} Version/26 Safari/605`, 'person', 5)).to.equal(en['way.person.ios']);
    expect(on('Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0')).to.equal(en['way.person.firefox']);
    expect(on('Mozilla/5.0 (Linux; Android 15) Chrome/142 Mobile')).to.equal(en['way.person.android']);
    expect(on('something else')).to.equal(en['way.person']);
    expect(on('Mozilla/5.0 (Windows NT 10.0) Chrome/142', 'system')).to.equal(en['way.system.windows']);
    expect(on('something else', 'system')).to.equal(en['way.system']);
    expect(on(mac, 'page-policy')).to.equal('');
  });
});

describe('settings', () => {
  it('open in place, take the focus, and give it back on Escape', async () => {
    const face = await show(fixtures.alone);
    const gear = part(face, 'settings-button');
    gear.focus();
    await sendKeys({ press: 'Enter' });
    while (!has(face, 'settings')) await new Promise(requestAnimationFrame);
    await face.updateComplete;
    expect(gear.getAttribute('aria-expanded')).to.equal('true');
    expect(face.shadowRoot!.activeElement).to.equal(part(face, 'settings'));
    expect(has(face, 'roster')).to.equal(false);
    await sendKeys({ press: 'Escape' });
    await face.updateComplete;
    expect(has(face, 'roster')).to.equal(true);
    expect(face.shadowRoot!.activeElement).to.equal(gear);
  });

  it('choose devices, suppression, volume and sounds', async () => {
    const face = await show(fixtures.settings);
    const pick = async (name: string, value: string): Promise<void> => {
      const select = part(face, name) as HTMLSelectElement;
      expect([...select.options].map((option) => option.value)).to.contain(value);
      select.value = value;
      select.dispatchEvent(new Event('change'));
      await face.updateComplete;
    };
    await new Promise(requestAnimationFrame);
    await pick('input-select', 'headset');
    await pick('suppression-select', 'browser');
    if (choosesOutput) await pick('output-select', 'headphones');
    else expect(has(face, 'output-select')).to.equal(false);
    part(face, 'test-button').click();
    const [cues] = [...face.shadowRoot!.querySelectorAll<HTMLElement>('[part=switch]')].slice(-1);
    cues!.click();
    expect(face.done).to.deep.equal([
      ['setInputDevice', 'headset'],
      ['choose', { noiseSuppression: 'browser' }],
      ...(choosesOutput ? [['setOutputDevice', 'headphones']] : []),
      ['cue', 'test'],
      ['choose', { cues: 'on' }],
    ]);
  });

  it('let people hear themselves, clean or raw, until the settings close', async () => {
    const face = await show(fixtures.settings);
    part(face, 'listen-button').click();
    while (!has(face, 'listen-select')) await new Promise(requestAnimationFrame);
    const select = part(face, 'listen-select') as HTMLSelectElement;
    select.value = 'raw';
    select.dispatchEvent(new Event('change'));
    part(face, 'close-button').click();
    await face.updateComplete;
    expect(face.done).to.deep.equal([['previewMicrophone'], ['setClean', true], ['setClean', false], ['stop']]);
  });

  it('record keys by pressing them, and take them back by Escape', async () => {
    const face = await show(fixtures['settings, push to talk']);
    const record = part(face, 'record-button');
    expect(text(record)).to.equal('Space');
    // As in Safari, where a click gives no button the focus.
    record.click();
    await face.updateComplete;
    expect(text(record)).to.equal(en.record);
    await sendKeys({ press: 'Escape' });
    await face.updateComplete;
    expect([text(record), has(face, 'settings')]).to.deep.equal(['Space', true]);
    record.click();
    await sendKeys({ down: 'Control' });
    await sendKeys({ press: 'b' });
    await sendKeys({ up: 'Control' });
    expect(face.done).to.deep.equal([['choose', { pushToTalk: 'ControlLeft+KeyB' }]]);
  });

  it('switch push-to-talk on and off', async () => {
    const face = await show(fixtures['settings, push to talk']);
    const [toggle] = [...face.shadowRoot!.querySelectorAll<HTMLElement>('[part=switch]')];
    expect([text(toggle!), toggle!.getAttribute('aria-checked')]).to.deep.equal([en.pushToTalk, 'true']);
    toggle!.click();
    expect(face.done).to.deep.equal([['choose', { pushToTalk: '' }]]);
  });
});

describe('settings in the lobby', () => {
  /** Opened by its gear, from the keyboard. */
  async function opened(fixture: Fixture = { ...fixtures.lobby, devices: fixtures.settings.devices }): Promise<FaceElement> {
    const face = await show(fixture, 'inline-size: 360px');
    part(face, 'settings-button').focus();
    await sendKeys({ press: 'Enter' });
    while (!has(face, 'settings')) await new Promise(requestAnimationFrame);
    await face.updateComplete;
    return face;
  }

  it('open below Join, which does not move, take the focus, and give it back on Escape', async () => {
    const face = await show(fixtures.lobby);
    const join = part(face, 'join-button');
    const before = join.getBoundingClientRect().toJSON() as object;
    const gear = part(face, 'settings-button');
    expect([gear.title, gear.ariaLabel, gear.ariaExpanded]).to.deep.equal([en.settings, en.settings, 'false']);
    gear.click();
    while (!has(face, 'settings')) await new Promise(requestAnimationFrame);
    await face.updateComplete;
    expect(join.getBoundingClientRect().toJSON()).to.deep.equal(before);
    expect([gear.ariaExpanded, face.shadowRoot!.activeElement]).to.deep.equal(['true', part(face, 'settings')]);
    await sendKeys({ press: 'Escape' });
    await face.updateComplete;
    expect([has(face, 'settings'), gear.ariaExpanded, face.shadowRoot!.activeElement]).to.deep.equal([false, 'false', gear]);
  });

  it('open no microphone before the test is pressed, and show then how loud it is without playing it', async () => {
    const face = await opened();
    expect([has(face, 'meter'), face.done]).to.deep.equal([false, []]);
    part(face, 'try-button').click();
    while (!has(face, 'meter')) await new Promise(requestAnimationFrame);
    expect([part(face, 'meter').role, part(face, 'meter').ariaLabel]).to.deep.equal(['meter', en.microphone]);
    part(face, 'listen-button').click();
    await face.updateComplete;
    part(face, 'listen-button').click();
    await face.updateComplete;
    part(face, 'try-button').click();
    await face.updateComplete;
    expect(has(face, 'meter')).to.equal(false);
    expect(face.done).to.deep.equal([['previewMicrophone'], ['setHeard', false], ['setHeard', true], ['setClean', true], ['setHeard', false], ['stop']]);
  });

  it('test what was chosen last', async () => {
    const face = await opened();
    await new Promise(requestAnimationFrame);
    part(face, 'listen-button').click();
    while (!has(face, 'listen-select')) await new Promise(requestAnimationFrame);
    const pick = async (name: string, value: string): Promise<void> => {
      face.done.length = 0;
      (part(face, name) as HTMLSelectElement).value = value;
      part(face, name).dispatchEvent(new Event('change'));
      while (face.done.at(-1)?.[0] !== 'setClean') await new Promise(requestAnimationFrame);
    };
    const anew = [['stop'], ['previewMicrophone'], ['setClean', true]];
    await pick('input-select', 'headset');
    expect(face.done).to.deep.equal([['setInputDevice', 'headset'], ...anew]);
    await pick('suppression-select', 'off');
    expect(face.done).to.deep.equal([['choose', { noiseSuppression: 'off' }], ...anew]);
    expect(has(face, 'output-select')).to.equal(choosesOutput);
    if (!choosesOutput) return;
    await pick('output-select', 'headphones');
    expect(face.done).to.deep.equal([['setOutputDevice', 'headphones'], ...anew]);
  });

  it('lead to the connection details and back', async () => {
    const face = await opened();
    part(face, 'diagnostics-button').click();
    while (!has(face, 'diagnostics')) await new Promise(requestAnimationFrame);
    await face.updateComplete;
    expect(face.shadowRoot!.activeElement).to.equal(part(face, 'diagnostics'));
    part(face, 'close-button').click();
    await face.updateComplete;
    expect(face.shadowRoot!.activeElement).to.equal(part(face, 'settings-button'));
  });

  it('close as one goes in, with the test', async () => {
    const face = await opened();
    part(face, 'try-button').click();
    while (!has(face, 'meter')) await new Promise(requestAnimationFrame);
    face.fixture = fixtures['joining, connecting'];
    await face.updateComplete;
    expect(has(face, 'settings')).to.equal(true);
    face.fixture = fixtures.alone;
    await face.updateComplete;
    expect([has(face, 'settings'), has(face, 'roster'), face.done.at(-1)]).to.deep.equal([false, true, ['stop']]);
  });

  it('show nothing of a microphone to who only listens', async () => {
    const face = await opened({ ...fixtures.lobby, choices: { listenOnly: true } });
    expect([has(face, 'input-select'), has(face, 'try-button'), has(face, 'test-button')]).to.deep.equal([false, false, true]);
  });
});

describe('diagnostics', () => {
  it('show what support asks for, with plots, and copy it', async () => {
    const face = await show(fixtures.diagnostics);
    const panel = part(face, 'diagnostics');
    expect([...panel.querySelectorAll('figcaption span')].map(text)).to.deep.equal(['RTT', 'Jitter', 'Loss', 'Sent', 'Received']);
    expect(panel.querySelectorAll('polyline').length).to.equal(5);
    expect(text(panel.querySelector('dl')!))
      .to.contain('version 0.1.0')
      .and.to.contain('sound.sampleRate 48000')
      .and.to.contain('layout inline')
      .and.to.contain('language en');
  });

  it('are copied by a press, or selected where the page may not, and say so for a while', async () => {
    const later: (() => void)[] = [];
    const real = window.setTimeout;
    window.setTimeout = ((run: (...args: unknown[]) => void, ms: number, ...args: unknown[]) =>
      ms === 3000 ? later.push(() => run(...args)) : real(run, ms, ...args)) as typeof window.setTimeout;
    const copied: string[] = [];
    let isAllowed = true;
    const writeText = (words: string): Promise<void> =>
      isAllowed ? Promise.resolve(void copied.push(words)) : Promise.reject(new DOMException('no', 'NotAllowedError'));
    Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
    try {
      const face = await show(fixtures.diagnostics);
      const button = part(face, 'copy-button');
      const said = (): string => text(part(face, 'diagnostics').querySelector('[role=status]')!);
      const press = async (words: string): Promise<void> => {
        button.click();
        await until(() => text(button) === words);
        expect(said()).to.equal(words);
        for (const end of later.splice(0)) end();
        await face.updateComplete;
        expect([text(button), said()]).to.deep.equal([en.copy, '']);
      };
      await press(en.copied);
      expect(JSON.parse(copied[0]!)).to.include({ version: '0.1.0', layout: 'inline', language: 'en' });
      isAllowed = false;
      await press(en.selected);
      expect(copied.length).to.equal(1);
    } finally {
      window.setTimeout = real;
      Reflect.deleteProperty(navigator, 'clipboard');
    }
  });
});
