import { expect } from '@open-wc/testing';
import { emulateMedia } from '@web/test-runner-commands';
import { argTypesOf } from '../../stories/arg-types.js';
import { argTypes } from '../../stories/knobs.js';
import type { Knobs } from '../../stories/knobs.js';
import type { StoryRoom } from '../../stories/story-room.js';
import { clear, stories } from '../support/all-stories.js';
import { until } from '../support/until.js';

const show = stories.find(({ id }) => id === 'states/Lobby')!.show;
const manifest = (await (await fetch('/custom-elements.json')).json()) as object;
/** As Storybook puts them together. */
const offered = { ...argTypesOf(manifest, 'vc-room'), ...argTypes } as Readonly<Record<string, { readonly control?: unknown; readonly table?: object }>>;
const isDead = (control: unknown): boolean => control === false || (typeof control === 'object' && control !== null && 'disable' in control);
const knobs = Object.entries(offered)
  .filter(([, { control, table = {} }]) => !isDead(control) && !('disable' in table))
  .map(([name]) => name);

const lobby = { state: 'lobby' } as const;
const alone = { state: 'alone' } as const;
const muted = { state: 'muted' } as const;
const settings = { state: 'settings' } as const;
const talk = { state: 'push to talk' } as const;
const speaking = { state: 'three people, one speaking' } as const;
const floating = { ...lobby, layout: 'floating' } as const;

/** Where a knob shows, and what it is turned to. */
const turns: Readonly<Record<string, readonly [Partial<Knobs>, unknown]>> = {
  state: [lobby, 'alone'],
  width: [lobby, '300px'],
  height: [lobby, '500px'],
  css: [lobby, '&::part(title) { outline: 3px dotted }'],
  strings: [lobby, { join: 'Come in' }],
  room: [lobby, 'Kitchen'],
  'display-name': [alone, 'Zoe'],
  'listen-only': [alone, true],
  'mic-muted': [alone, true],
  deafened: [alone, true],
  'push-to-talk': [alone, 'KeyB'],
  'push-to-talk-mode': [talk, 'toggle'],
  'push-to-talk-scope': [talk, 'page'],
  'noise-suppression': [settings, 'off'],
  cues: [settings, 'on'],
  volume: [settings, 0.5],
  layout: [alone, 'compact'],
  placement: [floating, 'top-left'],
  open: [floating, true],
  lang: [lobby, 'de'],
  '--vc-accent': [lobby, '#808000'],
  '--vc-surface': [lobby, '#808000'],
  '--vc-text': [lobby, '#808000'],
  '--vc-gap': [lobby, '20px'],
  '--vc-radius': [lobby, '30px'],
  '--vc-font': [lobby, 'monospace'],
  '--vc-danger': [muted, '#808000'],
  '--vc-speaking': [speaking, '#808000'],
  title: [lobby, 'Mine'],
  lobby: [lobby, 'Mine'],
  footer: [lobby, 'Mine'],
  empty: [alone, 'Mine'],
  controls: [alone, 'Mine'],
  'settings-icon': [lobby, '*'],
  'mute-icon': [alone, '*'],
  'muted-icon': [muted, '*'],
  'deafen-icon': [alone, '*'],
  'deafened-icon': [{ state: 'deafened' }, '*'],
  'leave-icon': [alone, '*'],
  'launcher-icon': [floating, '*'],
};

/** Between them they have every part. */
const scenes: readonly Partial<Knobs>[] = [
  lobby,
  { state: 'joining, connecting' },
  { state: 'menu of a person' },
  alone,
  talk,
  { state: 'fifty people' },
  { state: 'settings, push to talk' },
  { state: 'settings, hearing oneself' },
  { ...lobby, state: 'diagnostics' },
  { state: 'microphone blocked by the person' },
  { state: 'tap to hear' },
  { state: 'talking while muted' },
  { state: 'silent microphone' },
  { state: 'volume at zero' },
  { ...speaking, layout: 'compact' },
  floating,
  { ...floating, open: true },
  { ...speaking, layout: 'floating' },
];

let stage: HTMLElement;

before(() => emulateMedia({ reducedMotion: 'reduce' }));
after(() => emulateMedia({ reducedMotion: 'no-preference' }));
beforeEach(() => (stage = document.body.appendChild(document.createElement('main'))));
afterEach(() => {
  clear(stage);
  stage.remove();
});

async function shown(scene: object): Promise<StoryRoom> {
  const [room] = await show(stage, scene);
  return room!;
}

/** All that can be seen of it, and what a key does. */
function looks(room: StoryRoom): string {
  const { shadowRoot } = room;
  const elements = [...shadowRoot!.querySelectorAll<HTMLElement>('*')];
  const [some] = [...room.children];
  const seen = elements.map((element) => {
    const { color, backgroundColor, borderRadius, fontFamily, outline, fill, stroke } = getComputedStyle(element);
    const ring = getComputedStyle(element, '::after').borderColor;
    const { x, y, width, height } = element.getBoundingClientRect();
    const { value } = element as HTMLInputElement;
    return [
      element.className,
      element.ariaPressed,
      element.ariaChecked,
      value,
      color,
      backgroundColor,
      borderRadius,
      fontFamily,
      outline,
      fill,
      stroke,
      ring,
      x,
      y,
      width,
      height,
    ].join();
  });
  room.done.length = 0;
  for (const type of ['keydown', 'keyup']) dispatchEvent(new KeyboardEvent(type, { code: 'Space', key: ' ' }));
  return [shadowRoot!.textContent, ...seen, some?.getBoundingClientRect().width, JSON.stringify(room.done)].join('\n');
}

describe('knobs of the stories', () => {
  it('are those that are tried below, and a part each', () => {
    expect(knobs.filter((name) => !(name in turns) && !name.startsWith('::part('))).to.deep.equal([]);
    expect(Object.keys(turns).filter((name) => !knobs.includes(name))).to.deep.equal([]);
  });

  for (const [name, [scene, value]] of Object.entries(turns))
    it(`change something: ${name}`, async () => {
      const room = await shown(scene);
      const before = looks(room);
      await shown({ ...scene, [name]: value });
      await until(() => looks(room) !== before, name);
    });

  it('reach every part', async () => {
    const left = new Set(knobs.filter((name) => name.startsWith('::part(')));
    expect(left.size).to.be.above(40);
    for (const scene of scenes) {
      const parts = Object.fromEntries([...left].map((name) => [name, 'outline: 3px dotted rgb(1, 2, 3)']));
      const room = await shown({ ...scene, ...parts });
      const gear = room.shadowRoot!.querySelector<HTMLElement>('.lobby [part=settings-button]');
      if (gear) {
        gear.click();
        await until(() => room.shadowRoot!.querySelector('.panel'));
        await room.updateComplete;
      }
      for (const name of left) {
        const part = room.shadowRoot!.querySelector(`[part~='${name.slice(7, -1)}']`);
        if (part && getComputedStyle(part).outlineColor === 'rgb(1, 2, 3)') left.delete(name);
      }
      clear(stage);
    }
    expect([...left]).to.deep.equal([]);
  });
});
