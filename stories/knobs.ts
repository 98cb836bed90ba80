import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { directive } from 'lit/directive.js';
import { AsyncDirective } from 'lit/async-directive.js';
import type { ElementPart } from 'lit/directive.js';
import { settingAttributes } from '../src/settings.js';
import type { Settings } from '../src/settings.js';
import type { Strings } from '../src/strings/en.js';
import type { FaceElement } from '../src/face-element.js';
import { fixtures } from './fixtures.js';
import type { Fixture, FixtureName } from './fixtures.js';
import { StoryRoom } from './story-room.js';

type Kebab<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `-${Lowercase<First>}`}${Kebab<Rest>}`
  : '';
type WithoutAttribute = 'tokenSource' | 'requestHeaders' | 'matrixIdentity' | 'strings' | 'rtcConfig';

/** Each as its property reads it. */
export type Attributes = { [Name in keyof Omit<Settings, WithoutAttribute> as Kebab<Name>]: Settings[Name] } & {
  'mic-muted': boolean;
  deafened: boolean;
  volume: number;
  open: boolean;
  lang: string;
};

const attributes = [...settingAttributes, 'mic-muted', 'deafened', 'volume', 'open', 'lang'] as (keyof Attributes)[];
const tokens = ['--vc-accent', '--vc-surface', '--vc-text', '--vc-danger', '--vc-speaking', '--vc-gap', '--vc-radius', '--vc-font'] as const;
/** Those of custom-elements.json, as a test holds. */
const slots = [
  'title',
  'lobby',
  'empty',
  'controls',
  'footer',
  'settings-icon',
  'mute-icon',
  'muted-icon',
  'deafen-icon',
  'deafened-icon',
  'leave-icon',
  'launcher-icon',
] as const;

/** Everything that can be turned in a story. Attributes, tokens, parts and slots have Storybook's controls from custom-elements.json, see `argTypesOf`. */
export interface Knobs extends Attributes, Record<(typeof tokens)[number] | (typeof slots)[number], string> {
  state: FixtureName;
  /** CSS length; what is around the element. */
  width: string;
  height: string;
  /** CSS for `vc-room`: tokens and parts. `&` is the element. */
  css: string;
  /** CSS declarations for one part. */
  [part: `::part(${string})`]: string;
  /** Selector in the shadow tree: nothing else is shown. */
  alone: string;
  strings: Partial<Strings>;
}

/** What needs a room behind the face. */
const unseen = [
  'token-endpoint',
  'token-protocol',
  'token-cache',
  'credentials',
  'server-url',
  'token',
  'identity',
  'preload',
  'mic-prefetch',
  'standby',
  'autojoin',
  'resume',
  'wake-lock',
  'echo-cancellation',
  'auto-gain-control',
  'assets',
] as const satisfies (keyof Attributes)[];

/** Knobs of the page around any element. */
export const pageArgTypes = {
  width: { control: 'text', table: { category: 'page' } },
  height: { control: 'text', table: { category: 'page' } },
  css: {
    control: 'text',
    table: { category: 'page' },
    description: 'CSS for the element (`&`), for example `&::part(join-button) { text-transform: uppercase }`',
  },
  strings: { control: 'object' },
} as const;

/** Those and the ones of a face that shows a fixture. */
export const argTypes = {
  state: { control: 'select', options: Object.keys(fixtures), table: { category: 'state' } },
  ...pageArgTypes,
  alone: { table: { disable: true } },
  ...Object.fromEntries(unseen.map((name) => [name, { control: false }] as const)),
} as const;

/** What a real room would tell its face under these attributes. */
function turned(fixture: Fixture, knobs: Partial<Knobs>): Fixture {
  const { snapshot, title, choices } = fixture;
  const { volume = snapshot.volume, deafened = snapshot.deafened, 'listen-only': listenOnly = snapshot.listenOnly } = knobs;
  const micMuted = deafened || (knobs['mic-muted'] ?? snapshot.micMuted);
  const capture = listenOnly ? 'off' : snapshot.capture;
  const microphone = listenOnly ? 'off' : capture === 'open' ? (micMuted ? 'muted' : 'live') : snapshot.microphone;
  const me = snapshot.localParticipant;
  const keys = knobs['push-to-talk'];
  const told = {
    pushToTalk: keys,
    pushToTalkMode: knobs['push-to-talk-mode'],
    pushToTalkScope: knobs['push-to-talk-scope'],
    noiseSuppression: knobs['noise-suppression'],
    cues: knobs.cues,
  };
  return {
    ...fixture,
    title: knobs.room ?? title,
    choices: { ...choices, ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) },
    snapshot: {
      ...snapshot,
      volume,
      deafened,
      listenOnly,
      micMuted,
      capture,
      microphone,
      talk: keys === undefined ? snapshot.talk : !keys ? 'open' : snapshot.talk === 'held' ? 'held' : 'released',
      localParticipant: me && {
        ...me,
        name: knobs['display-name'] ?? me.name,
        muted: me.muted || microphone !== 'live',
        speaking: me.speaking && microphone === 'live',
        listenOnly,
      },
    },
  };
}

const turning = [
  'state',
  'room',
  'display-name',
  'volume',
  'deafened',
  'mic-muted',
  'listen-only',
  'push-to-talk',
  'push-to-talk-mode',
  'push-to-talk-scope',
  'noise-suppression',
  'cues',
] as const satisfies (keyof Knobs)[];

let count = 0;

/** Sets what templates may not: fixture, words, styles without a `style` attribute; takes it back when the story goes. */
class Dress extends AsyncDirective {
  readonly #name = `story-${count++}`;
  readonly #sheet = new CSSStyleSheet();
  /** What a person changes in the story stays until its knob is turned. */
  #before: Partial<Knobs> | null = null;

  override update({ element }: ElementPart, [knobs]: [Partial<Knobs>]): void {
    const room = element as FaceElement;
    const before = this.#before;
    const isTurned = (name: keyof Knobs): boolean => before?.[name] !== knobs[name];
    for (const name of attributes.filter(isTurned)) {
      const value = knobs[name];
      if (value === undefined || value === false) room.removeAttribute(name);
      else room.setAttribute(name, value === true ? '' : String(value));
    }
    room.strings = knobs.strings;
    if (room instanceof StoryRoom) {
      room.alone = knobs.alone ?? '';
      const fixture = fixtures[knobs.state ?? 'lobby'];
      const isPlain = turning.every((name) => name === 'state' || knobs[name] === undefined);
      if (!before || turning.some(isTurned)) room.fixture = isPlain ? fixture : turned(fixture, knobs);
    }
    this.#before = knobs;
    room.dataset['story'] = this.#name;
    const set = tokens.map((token) => (knobs[token] ? `${token}: ${knobs[token]};` : '')).join(' ');
    const parts = Object.entries(knobs).map(([name, css]) => (name.startsWith('::part(') && typeof css === 'string' ? `&${name} { ${css} }` : ''));
    const box = `inline-size: ${knobs.width ?? (knobs.layout === 'compact' ? '480px' : '360px')}; max-inline-size: 100%; ${knobs.height ? `block-size: ${knobs.height};` : ''}`;
    this.#sheet.replaceSync(`[data-story=${this.#name}] { ${knobs.layout === 'floating' ? '' : box} ${set} ${parts.join(' ')} ${knobs.css ?? ''} }`);
    if (!document.adoptedStyleSheets.includes(this.#sheet)) document.adoptedStyleSheets.push(this.#sheet);
  }

  render(_knobs: Partial<Knobs>): void {}

  protected override disconnected(): void {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet);
  }
}

/** On an element like `<vc-room>`: as the knobs say. */
export const dressed = directive(Dress);

/** What stands in the slots. */
export function slotted(knobs: Partial<Knobs>): TemplateResult[] {
  return slots
    .filter((slot) => knobs[slot])
    .map((slot) => (slot === 'controls' ? html`<button slot="controls">${knobs[slot]}</button>` : html`<span slot=${slot}>${knobs[slot] ?? nothing}</span>`));
}

/** One `<vc-room>` as the knobs say. */
export function room(knobs: Partial<Knobs>): TemplateResult {
  return html`<vc-room ${dressed({ ...knobs, lang: knobs.lang ?? 'en' })}>${slotted(knobs)}</vc-room>`;
}
