import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit/html.js';
import { english as en } from './english.js';
import { argTypes, room } from './knobs.js';
import type { Knobs } from './knobs.js';

type Story = StoryObj<Partial<Knobs>>;

/** Every language, and sizes of text. */
const meta: Meta<Partial<Knobs>> = {
  title: 'Words',
  component: 'vc-room',
  argTypes,
  render: (knobs) =>
    html`<div dir=${knobs.lang === 'ar' ? 'rtl' : 'ltr'}>
      ${room({ ...knobs, state: 'lobby' })}<br />${room({ ...knobs, state: 'others listening, weak, coming back' })}<br />${room({ ...knobs, state: 'microphone blocked by the system' })}
    </div>`,
};
export default meta;

const speaks = (lang: string): Story => ({ args: { lang } });

export const English = speaks('en');
export const German = speaks('de');
export const French = speaks('fr');
export const Spanish = speaks('es');
export const Portuguese = speaks('pt-BR');
export const Japanese = speaks('ja');
export const Chinese = speaks('zh-CN');
export const Korean = speaks('ko');
export const Arabic = speaks('ar');

const wide: Readonly<Record<string, string>> = { a: 'áa', e: 'éë', i: 'î', o: 'ôø', u: 'ûu', A: 'Å', E: 'Ę', I: 'Ī', O: 'Ø', U: 'Ů' };

const pseudo = {
  strings: Object.fromEntries(
    Object.entries(en).map(([key, text]) => [
      key,
      key === 'locale'
        ? 'en'
        : `⟦${text.replaceAll(/(\{\w+\}|(?:zero|one|two|few|many|other):)|[aeiouAEIOU]/g, (letter: string, kept?: string) => kept ?? wide[letter] ?? letter)}⟧`,
    ]),
  ),
};
/** In a frame of its own: it lies over the page. */
const corner = (args: Partial<Knobs>): Story => ({
  args: { layout: 'floating', ...args },
  parameters: { docs: { story: { inline: false, height: '420px' } } },
  render: room,
});
const inOne = (args: Partial<Knobs>): Story => ({ args, render: room });

/** No language: half as long again, with marks above and below; what overflows here would overflow in some language. */
export const Pseudo: Story = { args: pseudo };
export const PseudoSettings = inOne({ ...pseudo, state: 'settings, push to talk' });
export const PseudoCompact = inOne({ ...pseudo, state: 'talking while muted', layout: 'compact' });
export const PseudoPanel = corner({ ...pseudo, state: 'microphone in use', open: true });
export const PseudoPill = corner({ ...pseudo, state: 'push to talk' });

/** Words of the page's own. */
export const Own: Story = { args: { strings: { join: 'Come in', hint: 'We are here from nine to five.', leave: 'Goodbye' } } };

const sized = (size: string): Story => inOne({ state: 'microphone blocked by the system', css: `font-size: ${size};` });

export const Text125Percent = sized('20px');
export const Text200Percent = sized('32px');
export const Text400Percent = inOne({ state: 'muted', css: 'font-size: 64px;', width: '640px', lang: 'de' });
export const Text200PercentCompact = inOne({ state: 'muted', css: 'font-size: 32px;', layout: 'compact' });
export const Text200PercentPanel = corner({ state: 'muted', css: 'font-size: 32px;', open: true });
export const Text400PercentLobby = inOne({ css: 'font-size: 64px;', width: '640px', lang: 'de' });
