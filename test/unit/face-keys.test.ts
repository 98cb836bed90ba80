import { expect } from '@open-wc/testing';
import { executeServerCommand, sendKeys, sendMouse } from '@web/test-runner-commands';
import { fixtures } from '../../stories/fixtures.js';
import { english as en } from '../../stories/english.js';
import { FaceElement, clear, part, show } from '../support/face.js';
import { until } from '../support/until.js';

afterEach(async () => {
  clear();
  await sendMouse({ type: 'move', position: [0, 0] });
});

const pushToTalk = fixtures['push to talk'];
const three = fixtures['three people, one speaking'];
const focused = ({ shadowRoot }: FaceElement): string => shadowRoot?.activeElement?.getAttribute('part') ?? '';
const rows = ({ shadowRoot }: FaceElement): HTMLElement[] => [...shadowRoot!.querySelectorAll<HTMLElement>('button.row')];

/** As a person clicks: what of it can have the focus gets it. */
async function click(element: Element, x = 0.5): Promise<void> {
  const { left, top, width, height } = element.getBoundingClientRect();
  await sendMouse({ type: 'click', position: [Math.round(left + x * width), Math.round(top + height / 2)] });
}

async function hold(key: string): Promise<void> {
  await sendKeys({ down: key });
  await sendKeys({ up: key });
}

describe('keys of the face', () => {
  for (const [where, attributes, place, x] of [
    ['the title', { layout: 'inline' }, '[part=title]', 0.5],
    ['my own row', { layout: 'inline' }, 'li:first-child .row', 0.5],
    ['what is empty in the line', { layout: 'compact' }, '.line', 0.64],
    ['the title of the floating panel', { layout: 'floating', open: '' }, '[part=title]', 0.5],
    ['the edge of the pill', { layout: 'floating' }, '[part=pill]', 0.01],
  ] as const)
    it(`are heard after a click on ${where}, and nothing is marked by it`, async () => {
      const face = await show(pushToTalk, 'inline-size: 700px', attributes);
      await until(() => face.shadowRoot!.querySelector(place));
      await click(face.shadowRoot!.querySelector(place)!, x);
      expect(face.shadowRoot!.activeElement).to.not.equal(null);
      expect(getComputedStyle(face.shadowRoot!.activeElement!).outlineStyle).to.equal('none');
      await hold('Space');
      await hold('m');
      await hold('d');
      expect(face.done).to.deep.equal([
        ['talk', true],
        ['setMicMuted', true],
        ['setDeafened', true],
      ]);
    });

  it('go by the letter that stands on the key, and in other scripts by its place', async () => {
    const face = await show(three);
    const press = (key: string, code: string): void =>
      void part(face, 'leave-button').dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true, composed: true }));
    // AZERTY
    press('m', 'Semicolon');
    press(',', 'KeyM');
    // Dvorak
    press('D', 'KeyH');
    press('e', 'KeyD');
    // Russian
    press('ь', 'KeyM');
    press('в', 'KeyD');
    expect(face.done).to.deep.equal([
      ['setMicMuted', true],
      ['setDeafened', true],
      ['setMicMuted', true],
      ['setDeafened', true],
    ]);
  });

  it('count on a slider too, which keeps those that move it', async () => {
    const face = await show({ ...pushToTalk, person: 'identity-Ada Lovelace' });
    part(face, 'slider').focus();
    for (const key of ['Space', 'm', 'd']) await hold(key);
    expect(face.done).to.deep.equal([
      ['talk', true],
      ['setMicMuted', true],
      ['setDeafened', true],
    ]);
    face.pushToTalk = 'ArrowUp';
    await hold('ArrowUp');
    expect(face.done.slice(3)).to.deep.equal([['setParticipantVolume', 'identity-Ada Lovelace', 1.05]]);
  });

  it('send a tip away by Escape, and then what is around it', async () => {
    const face = await show(three, '', { layout: 'floating', open: '' });
    await until(() => face.shadowRoot!.querySelector('[part~=mute-button]'));
    await sendKeys({ press: 'Tab' });
    part(face, 'mute-button').focus();
    await sendKeys({ press: 'Escape' });
    expect(face.open).to.equal(true);
    await sendKeys({ press: 'Escape' });
    expect(face.open).to.equal(false);
  });
});

describe('focus in the face', () => {
  it('leaves the people by Shift+Tab from whichever row it came to', async () => {
    const face = await show(three);
    const before = document.body.insertBefore(document.createElement('button'), face);
    before.focus();
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'ArrowDown' });
    expect(face.shadowRoot!.activeElement).to.equal(rows(face)[1]);
    await executeServerCommand('press-keys', ['Shift+Tab']);
    expect(document.activeElement).to.equal(before);
    await sendKeys({ press: 'Tab' });
    expect(face.shadowRoot!.activeElement).to.equal(rows(face)[1]);
    before.remove();
  });

  it('goes from the row of who leaves to the next, and from the last to the one before', async () => {
    const face = await show(fixtures['fifty people']);
    const { snapshot } = fixtures['fifty people'];
    let left = [...snapshot.remoteParticipants];
    const leaves = async (index: number): Promise<string> => {
      rows(face)[index]!.focus();
      left = left.toSpliced(index, 1);
      face.fixture = { ...fixtures['fifty people'], snapshot: { ...snapshot, remoteParticipants: left } };
      await face.updateComplete;
      return face.shadowRoot!.activeElement?.querySelector('[part=name]')?.textContent ?? '';
    };
    expect(await leaves(3)).to.equal(left[3]!.name);
    expect(await leaves(left.length - 1)).to.equal(left.at(-1)!.name);
    await until(() => rows(face).filter((row) => row.tabIndex === 0).length === 1);
    expect(rows(face).at(-1)!.tabIndex).to.equal(0);
  });

  it('stays in the face where one comes in before the key of push-to-talk is there', async () => {
    const face = document.body.appendChild(new FaceElement());
    await face.ready;
    await face.updateComplete;
    part(face, 'join-button').focus();
    face.fixture = pushToTalk;
    await face.updateComplete;
    expect([face.shadowRoot!.querySelector('[part~=talk-button]'), focused(face)]).to.deep.equal([null, 'mute-button']);
    face.remove();
  });
});

describe('a panel that cannot be loaded', () => {
  it('is told at once to who asked for it', async () => {
    const face = await show({ ...three });
    const { desk } = face as unknown as { desk: { isLost: boolean } };
    Object.defineProperty(desk, 'isLost', { value: true });
    face.requestUpdate();
    await face.updateComplete;
    expect(part(face, 'notice').role).to.equal('alert');
    expect(part(face, 'notice').textContent.trim()).to.equal(en['error.assets-blocked']);
  });
});
