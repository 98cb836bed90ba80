import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit/html.js';
import { argTypes, room } from './knobs.js';
import type { Knobs } from './knobs.js';

type Story = StoryObj<Partial<Knobs>>;

/** What tokens, parts and slots make of it, and nothing else. */
const meta: Meta<Partial<Knobs>> = {
  title: 'Themes',
  component: 'vc-room',
  argTypes,
  args: { state: 'three people, one speaking' },
  render: (knobs) => html`${room(knobs)}<br />${room({ ...knobs, state: 'lobby' })}<br />${room({ ...knobs, state: 'no microphone' })}`,
};
export default meta;

export const Default: Story = {};

export const Dark: Story = { args: { css: 'color-scheme: dark;' } };

/** A bank: square, serif, two colours of the house. */
export const Bank: Story = {
  args: {
    '--vc-surface': '#f6f4ee',
    '--vc-accent': '#0b3d2e',
    '--vc-danger': '#8c1c13',
    '--vc-speaking': '#0b7a55',
    '--vc-radius': '2px',
    '--vc-gap': '10px',
    '--vc-font': 'Georgia, "Times New Roman", serif',
    css: `border-block-start: 3px solid #0b3d2e;
      &::part(title) { letter-spacing: 0.02em; font-weight: 400; font-size: 1.25em }
      &::part(avatar) { border-radius: 3px }
      &::part(join-button), &::part(leave-button) { font-weight: 400; letter-spacing: 0.04em }`,
    footer: 'Calls are not recorded.',
  },
};

/** A forum about games: night, neon, loud. */
export const Arcade: Story = {
  args: {
    '--vc-surface': '#140a2e',
    '--vc-accent': '#ff2e97',
    '--vc-danger': '#ff5c5c',
    '--vc-speaking': '#2ef2c3',
    '--vc-radius': '18px',
    '--vc-font': 'ui-monospace, "Courier New", monospace',
    css: `&::part(title) { text-transform: uppercase; letter-spacing: 0.12em }
      &::part(join-button) { text-transform: uppercase; letter-spacing: 0.2em; background-image: linear-gradient(90deg, #ff2e97, #ff7a3d); color: #140a2e }
      &::part(avatar) { border-radius: 30% }
      &::part(room), &::part(lobby) { background-image: radial-gradient(120% 80% at 50% 0, #2b1663, transparent); }`,
    lobby: 'Squad up.',
  },
};

/** A children's school: warm, round, large. */
export const School: Story = {
  args: {
    '--vc-surface': '#fff7e0',
    '--vc-accent': '#e4572e',
    '--vc-danger': '#b3261e',
    '--vc-speaking': '#2f9e44',
    '--vc-gap': '12px',
    '--vc-radius': '28px',
    '--vc-font': '"Comic Neue", "Trebuchet MS", sans-serif',
    css: `font-size: 1.125em;
      &::part(title) { font-size: 1.3em }
      &::part(controls) { justify-content: center }
      &::part(leave-button) { margin-inline-start: 0; border-radius: 999px }`,
    lobby: 'Say hello to your class.',
  },
};

/** One colour is enough: everything on it is computed. */
export const OneColour: Story = {
  render: () =>
    html`${['#0f766e', '#7c3aed', '#eab308', '#be123c', '#1e293b'].map((colour) => html`${room({ state: 'muted', '--vc-surface': colour })}<br />`)}`,
};
