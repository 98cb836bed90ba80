import type { Meta, StoryObj } from '@storybook/web-components-vite';
import type { FixtureName } from './fixtures.js';
import { argTypes, room } from './knobs.js';
import type { Knobs } from './knobs.js';

/** Each alone, made so by parts: the others are hidden. */
const meta: Meta<Partial<Knobs>> = { title: 'Controls', component: 'vc-room', render: room, argTypes };
export default meta;

const all = ['header', 'roster', 'empty', 'notice', 'mute-button', 'deafen-button', 'settings-button', 'leave-button', 'talk-button'];

function only(part: string, state: FixtureName): StoryObj<Partial<Knobs>> {
  const others = all.filter((other) => other !== part).map((other) => `&::part(${other})`);
  return { args: { state, css: `${others.join(', ')} { display: none }` } };
}

export const Mute = only('mute-button', 'alone');
export const MutePressed = only('mute-button', 'muted');
export const Deafen = only('deafen-button', 'alone');
export const DeafenPressed = only('deafen-button', 'deafened');
export const Leave = only('leave-button', 'alone');
export const People = only('roster', 'others listening, weak, coming back');
export const Notice = only('notice', 'no microphone');
export const TapToHear = only('notice', 'tap to hear');
