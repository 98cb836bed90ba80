import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit/html.js';
import { VcRoom } from '../src/vc-room.js';

interface Live {
  'token-endpoint': string;
  room: string;
  'display-name': string;
  layout: 'inline' | 'compact' | 'floating';
}

/** The real element. Start the demo (`npm start`) beside Storybook, open this story twice, and talk to yourself; without the demo it says what is missing. */
const meta: Meta<Live> = {
  title: 'Live',
  component: 'vc-room',
  args: { 'token-endpoint': 'http://localhost:8080/api/token', room: 'storybook', 'display-name': 'Ada', layout: 'inline' },
  argTypes: { layout: { control: 'inline-radio', options: ['inline', 'compact', 'floating'] } },
  render: ({ 'token-endpoint': endpoint, room, 'display-name': name, layout }) => {
    if (!customElements.get('vc-room-live')) customElements.define('vc-room-live', class extends VcRoom {});
    return html`<vc-room-live token-endpoint=${endpoint} room=${room} display-name=${name} layout=${layout} assets="./"></vc-room-live>`;
  },
};
export default meta;

export const Room: StoryObj<Live> = {};
