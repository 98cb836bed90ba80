import { expect } from '@open-wc/testing';
import 'axe-core/axe.min.js';
import type * as Axe from 'axe-core';
import { nothing, render } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { fixtures } from '../../stories/fixtures.js';
import * as controls from '../../stories/controls.stories.js';
import * as layouts from '../../stories/layouts.stories.js';
import * as states from '../../stories/states.stories.js';
import { StoryRoom } from '../../stories/story-room.js';
import * as themes from '../../stories/themes.stories.js';
import * as words from '../../stories/words.stories.js';

const { axe } = globalThis as unknown as { axe: typeof Axe };

customElements.define('vc-room', StoryRoom);

/** As much of a story as is needed to show it: composed from the file itself, as Storybook does. */
interface Story {
  readonly name?: string;
  readonly args?: object;
  readonly render?: unknown;
}
type Render = (args: object) => TemplateResult;

const files = { states, layouts, controls, themes, words };
let stage: HTMLElement;
let said: unknown[][];
const real = { error: console.error, warn: console.warn };

beforeEach(() => {
  said = [];
  console.error = console.warn = (...words: unknown[]) => void said.push(words);
  stage = document.body.appendChild(document.createElement('main'));
});

afterEach(() => {
  Object.assign(console, real);
  render(nothing, stage);
  stage.remove();
});

for (const [file, { default: meta, ...stories }] of Object.entries(files))
  describe(`stories: ${file}`, () => {
    for (const [id, story] of Object.entries(stories as Readonly<Record<string, Story>>))
      it(`${story.name ?? id}: without axe violation, overflow or a word on the console`, async () => {
        render(((story.render ?? meta.render) as Render)({ ...meta.args, ...story.args }), stage);
        const rooms = [...stage.querySelectorAll<StoryRoom>('vc-room')];
        expect(rooms.length).to.be.at.least(1);
        for (const room of rooms) await drawn(room);
        for (const room of rooms) expect(overflowing(room)).to.deep.equal([]);
        const { violations } = await axe.run(stage, { rules: { region: { enabled: false }, 'color-contrast': { enabled: id !== 'Arcade' } } });
        expect(violations.flatMap(({ id: rule, nodes }) => nodes.map(({ html, failureSummary }) => `${rule}: ${html} ${failureSummary}`))).to.deep.equal([]);
        expect(said).to.deep.equal([]);
      });
  });

describe('stories', () => {
  it('show every named state', () => {
    const shown = Object.values(states as unknown as Readonly<Record<string, Story>>).map(({ name }) => name);
    expect(Object.keys(fixtures).filter((name) => !shown.includes(name))).to.deep.equal([]);
  });

  it('take back what they set when they go', () => {
    const before = document.adoptedStyleSheets.length;
    render((themes.default.render as unknown as Render)({ ...themes.default.args }), stage);
    expect(document.adoptedStyleSheets.length).to.be.above(before);
    render(nothing, stage);
    expect(document.adoptedStyleSheets.length).to.equal(before);
  });
});

/** With its chunks loaded and everything that moves at rest. */
async function drawn(room: StoryRoom): Promise<void> {
  await room.whole;
  while (!room.shadowRoot?.querySelector('.face, .shell')) await new Promise(requestAnimationFrame);
  await room.updateComplete;
  await Promise.all(room.shadowRoot.getAnimations().map(({ finished }) => finished.catch(() => undefined)));
}

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
