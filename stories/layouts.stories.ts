import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { argTypes, room } from './knobs.js';
import type { Knobs } from './knobs.js';

type Story = StoryObj<Partial<Knobs>>;

/** In the flow of the page, in one line, in a corner of the window: from 200 px to a wall. */
const meta: Meta<Partial<Knobs>> = { title: 'Layouts', component: 'vc-room', render: room, argTypes };
export default meta;

const talking = { state: 'three people, one speaking' } as const;
const corner = { layout: 'floating' } as const;
/** Each in a frame of its own: they lie over the page. */
const alone = { docs: { story: { inline: false, height: '420px' } } };

export const Inline: Story = { args: talking };
export const InlineIn200Px: Story = { args: { ...talking, width: '200px' } };
export const InlineIn900Px: Story = { args: { state: 'fifty people', width: '900px' } };
export const InlineOnAWall: Story = { args: { state: 'two hundred people', width: '3840px', height: '1200px' } };
export const CompactLobby: Story = { args: { layout: 'compact' } };
export const CompactJoining: Story = { args: { layout: 'compact', state: 'joining, asking' } };
export const Compact: Story = { args: { ...talking, layout: 'compact' } };
export const CompactOfFifty: Story = { args: { state: 'fifty people', layout: 'compact' } };
export const CompactInTrouble: Story = { args: { state: 'microphone blocked by the system', layout: 'compact' } };
export const CompactReconnecting: Story = { args: { state: 'reconnecting', layout: 'compact' } };
export const CompactIn240Px: Story = { args: { ...talking, layout: 'compact', width: '240px' } };
export const Launcher: Story = { args: corner, parameters: alone };
export const LauncherInTrouble: Story = { args: { ...corner, state: 'endpoint down' }, parameters: alone };
export const PanelOfTheLobby: Story = { args: { ...corner, open: true }, parameters: alone };
export const Panel: Story = { args: { ...corner, ...talking, open: true }, parameters: alone };
export const PanelAtTheTopLeft: Story = { args: { ...corner, ...talking, open: true, placement: 'top-left' }, parameters: alone };
export const Pill: Story = { args: { ...corner, ...talking }, parameters: alone };
export const PillMuted: Story = { args: { ...corner, state: 'muted' }, parameters: alone };
export const PillReconnecting: Story = { args: { ...corner, state: 'reconnecting' }, parameters: alone };
export const PillTapToHear: Story = { args: { ...corner, state: 'tap to hear' }, parameters: alone };
