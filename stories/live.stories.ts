import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit/html.js';
import { VcRoom } from '../src/vc-room.js';
import { dressed, pageArgTypes, slotted } from './knobs.js';
import type { Knobs } from './knobs.js';

/** The real element. Start the demo (`npm start`) beside Storybook, open this story twice, and talk to yourself; without the demo it says what is missing. */
const meta: Meta<Partial<Knobs>> = {
  title: 'Live',
  component: 'vc-room',
  args: { 'token-endpoint': 'http://localhost:8080/api/token', room: 'storybook', 'display-name': 'Ada', assets: './' },
  argTypes: pageArgTypes,
  render: (knobs) => {
    if (!customElements.get('vc-room-live')) customElements.define('vc-room-live', class extends VcRoom {});
    return html`<vc-room-live ${dressed(knobs)}>${slotted(knobs)}</vc-room-live>`;
  },
};
export default meta;

export const Room: StoryObj<Partial<Knobs>> = {};
