import { html } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { directive } from 'lit/directive.js';
import { AsyncDirective } from 'lit/async-directive.js';
import type { ElementPart } from 'lit/directive.js';
import type { Strings } from '../src/strings/en.js';
import { fixtures } from './fixtures.js';
import type { FixtureName } from './fixtures.js';
import type { StoryRoom } from './story-room.js';

/** Everything that can be turned in a story. */
export interface Knobs {
  state: FixtureName;
  layout: 'inline' | 'compact' | 'floating';
  placement: 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left';
  open: boolean;
  lang: string;
  /** CSS length; what is around the element. */
  width: string;
  height: string;
  /** CSS for `vc-room`: tokens and parts. `&` is the element. */
  css: string;
  '--vc-accent': string;
  '--vc-surface': string;
  '--vc-text': string;
  '--vc-danger': string;
  '--vc-speaking': string;
  '--vc-gap': string;
  '--vc-radius': string;
  '--vc-font': string;
  title: string;
  lobby: string;
  empty: string;
  controls: string;
  footer: string;
  strings: Partial<Strings>;
}

const tokens = ['--vc-accent', '--vc-surface', '--vc-text', '--vc-danger', '--vc-speaking', '--vc-gap', '--vc-radius', '--vc-font'] as const;
const slots = ['title', 'lobby', 'empty', 'controls', 'footer'] as const;

/** How Storybook shows them. */
export const argTypes = {
  state: { control: 'select', options: Object.keys(fixtures), table: { category: 'state' } },
  layout: { control: 'inline-radio', options: ['inline', 'compact', 'floating'] },
  placement: { control: 'select', options: ['bottom-right', 'bottom-left', 'top-right', 'top-left'] },
  open: { control: 'boolean' },
  lang: { control: 'select', options: ['en', 'de', 'fr', 'es', 'pt-BR', 'ja', 'zh-CN', 'ko', 'ar'] },
  width: { control: 'text', table: { category: 'page' } },
  height: { control: 'text', table: { category: 'page' } },
  css: {
    control: 'text',
    table: { category: 'css' },
    description: 'CSS for the element (`&`), for example `&::part(join-button) { text-transform: uppercase }`',
  },
  strings: { control: 'object' },
  ...Object.fromEntries(
    tokens.map((token) => [token, { control: /gap|radius|font/.test(token) ? 'text' : 'color', table: { category: 'css custom properties' } }] as const),
  ),
  ...Object.fromEntries(slots.map((slot) => [slot, { control: 'text', table: { category: 'slots' } }] as const)),
} as const;

let count = 0;

/** Sets what templates may not: fixture, words, styles without a `style` attribute; takes it back when the story goes. */
class Dress extends AsyncDirective {
  readonly #name = `story-${count++}`;
  readonly #sheet = new CSSStyleSheet();

  override update({ element }: ElementPart, [knobs]: [Partial<Knobs>]): void {
    const room = element as StoryRoom;
    room.fixture = fixtures[knobs.state ?? 'lobby'];
    room.strings = knobs.strings;
    room.dataset['story'] = this.#name;
    const set = tokens.map((token) => (knobs[token] ? `${token}: ${knobs[token]};` : '')).join(' ');
    const box = `inline-size: ${knobs.width ?? (knobs.layout === 'compact' ? '480px' : '360px')}; max-inline-size: 100%; ${knobs.height ? `block-size: ${knobs.height};` : ''}`;
    this.#sheet.replaceSync(`[data-story=${this.#name}] { ${knobs.layout === 'floating' ? '' : box} ${set} ${knobs.css ?? ''} }`);
    if (!document.adoptedStyleSheets.includes(this.#sheet)) document.adoptedStyleSheets.push(this.#sheet);
  }

  render(_knobs: Partial<Knobs>): void {}

  protected override disconnected(): void {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet);
  }
}

const dress = directive(Dress);

/** One `<vc-room>` as the knobs say. */
export function room(knobs: Partial<Knobs>): TemplateResult {
  return html`<vc-room
    layout=${knobs.layout ?? 'inline'}
    placement=${knobs.placement ?? 'bottom-right'}
    lang=${knobs.lang ?? 'en'}
    ?open=${knobs.open ?? false}
    ${dress(knobs)}
    >${slots.map((slot) => (knobs[slot] ? html`<span slot=${slot}>${knobs[slot]}</span>` : ''))}</vc-room
  >`;
}
