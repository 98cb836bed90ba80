import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit/html.js';
import { en } from '../src/strings/en.js';
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

/** No language: half as long again, with marks above and below; what overflows here would overflow in some language. */
export const Pseudo: Story = {
  args: {
    strings: Object.fromEntries(
      Object.entries(en).map(([key, text]) => [
        key,
        key === 'locale'
          ? 'en'
          : `⟦${text.replaceAll(/(\{\w+\}|(?:zero|one|two|few|many|other):)|[aeiouAEIOU]/g, (letter: string, kept?: string) => kept ?? wide[letter] ?? letter)}⟧`,
      ]),
    ),
  },
};

/** Words of the page's own. */
export const Own: Story = { args: { strings: { join: 'Come in', hint: 'We are here from nine to five.', leave: 'Goodbye' } } };

const sized = (size: string): Story => ({ args: { state: 'microphone blocked by the system', css: `font-size: ${size};` }, render: room });

export const Text125Percent = sized('20px');
export const Text200Percent = sized('32px');
export const Text400Percent: Story = { args: { state: 'muted', css: 'font-size: 64px;', width: '640px', lang: 'de' }, render: room };
