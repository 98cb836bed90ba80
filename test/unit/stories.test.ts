import { expect } from '@open-wc/testing';
import { emulateMedia } from '@web/test-runner-commands';
import 'axe-core/axe.min.js';
import type * as Axe from 'axe-core';
import { fixtures } from '../../stories/fixtures.js';
import type { StoryRoom } from '../../stories/story-room.js';
import { clear, stories } from '../support/all-stories.js';

const { axe } = globalThis as unknown as { axe: typeof Axe };

let stage: HTMLElement;
let said: unknown[][];
const real = { error: console.error, warn: console.warn };

/** Nothing moves, so nothing is waited for. */
before(() => emulateMedia({ reducedMotion: 'reduce' }));
after(() => emulateMedia({ reducedMotion: 'no-preference' }));

beforeEach(() => {
  said = [];
  console.error = console.warn = (...words: unknown[]) => void said.push(words);
  stage = document.body.appendChild(document.createElement('main'));
});

afterEach(() => {
  Object.assign(console, real);
  clear(stage);
  stage.remove();
});

describe('stories', () => {
  for (const { id, name, show } of stories)
    it(`${id} (${name}): without axe violation, overflow or a word on the console`, async () => {
      const rooms = await show(stage);
      expect(rooms.length).to.be.at.least(1);
      for (const room of rooms) expect(overflowing(room)).to.deep.equal([]);
      const { violations } = await axe.run(stage, {
        rules: { region: { enabled: false } },
        resultTypes: ['violations'],
        preload: false,
      });
      expect(violations.flatMap(({ id: rule, nodes }) => nodes.map(({ html, failureSummary }) => `${rule}: ${html} ${failureSummary}`))).to.deep.equal([]);
      expect(said).to.deep.equal([]);
    });

  it('show every named state', () => {
    const shown = stories.filter(({ file }) => file === 'states').map(({ name }) => name);
    expect(Object.keys(fixtures).filter((name) => !shown.includes(name))).to.deep.equal([]);
  });

  it('show something of every control that stands alone', async () => {
    const empty: string[] = [];
    for (const { id, show } of stories.filter(({ file }) => file === 'controls')) {
      const [room] = await show(stage);
      const seen = [...(room?.shadowRoot?.querySelectorAll('.face [part], .shell [part]') ?? [])].filter((element) => element.getClientRects().length);
      if (!seen.length) empty.push(id);
      clear(stage);
    }
    expect(empty).to.deep.equal([]);
  });

  it('take back what they set when they go', async () => {
    const before = document.adoptedStyleSheets.length;
    await stories.find(({ id }) => id === 'themes/Bank')?.show(stage);
    expect(document.adoptedStyleSheets.length).to.be.above(before);
    clear(stage);
    expect(document.adoptedStyleSheets.length).to.equal(before);
  });
});

/** Parts that are wider than the face, or reach out of it. */
function overflowing(room: StoryRoom): string[] {
  const faces = [...(room.shadowRoot?.querySelectorAll('.face, .shell') ?? [])];
  return faces.flatMap((face) => {
    const { left, right } = face.getBoundingClientRect();
    const out = [...face.querySelectorAll('button, h2, p, [part~=name], [part~=count]')].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 1 && (box.left < left - 0.5 || box.right > right + 0.5);
    });
    return [...(face.scrollWidth > face.clientWidth + 1 ? ['face'] : []), ...out.map((element) => element.getAttribute('part') ?? element.tagName)];
  });
}
