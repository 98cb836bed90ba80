import type { Meta, StoryObj } from '@storybook/web-components-vite';
import type { FixtureName } from './fixtures.js';
import { argTypes, room } from './knobs.js';
import type { Knobs } from './knobs.js';

type Story = StoryObj<Partial<Knobs>>;

/** In the flow of the page, in one line, in a corner of the window: from 200 px to a wall. */
const meta: Meta<Partial<Knobs>> = { title: 'Layouts', component: 'vc-room', render: room, argTypes };
export default meta;

const inline = (state: FixtureName, more: Partial<Knobs> = {}): Story => ({ args: { state, ...more } });
const compact = (state: FixtureName, more: Partial<Knobs> = {}): Story => ({ args: { state, layout: 'compact', ...more } });
/** Each in a frame of its own: they lie over the page. */
const floating = (state: FixtureName, more: Partial<Knobs> = {}): Story => ({
  args: { state, layout: 'floating', ...more },
  parameters: { docs: { story: { inline: false, height: '420px' } } },
});
const talking = 'three people, one speaking';
const open = { open: true } as const;

export const Inline = inline(talking);
export const InlineIn200Px = inline(talking, { width: '200px' });
export const InlineIn900Px = inline('fifty people', { width: '900px' });
export const InlineOnAWall = inline('two hundred people', { width: '3840px', height: '1200px' });
export const CompactLobby = compact('lobby');
export const CompactLobbyFourInside = compact('lobby, four inside');
export const CompactJoining = compact('joining, asking');
export const CompactLobbyInTrouble = compact('endpoint down');
export const Compact = compact(talking);
export const CompactAlone = compact('alone');
export const CompactOfFifty = compact('fifty people');
export const CompactSomebodyCame = compact('somebody came');
export const CompactSomebodyCameIn240Px = compact('somebody came', { width: '240px' });
export const CompactMuted = compact('muted');
export const CompactPushToTalk = compact('push to talk');
export const CompactTalkingWhileMuted = compact('talking while muted');
export const CompactInTrouble = compact('microphone blocked by the system');
export const CompactTapToHear = compact('tap to hear');
export const CompactReconnecting = compact('reconnecting for 4 s');
export const CompactSettings = compact('settings');
export const CompactIn240Px = compact(talking, { width: '240px' });
export const Launcher = floating('lobby');
export const LauncherInTrouble = floating('endpoint down');
export const PanelOfTheLobby = floating('lobby', open);
export const PanelJoining = floating('joining, connecting', open);
export const Panel = floating(talking, open);
export const PanelAtTheTopLeft = floating(talking, { ...open, placement: 'top-left' });
export const PanelReconnecting = floating('reconnecting for 4 s', open);
export const PanelSettings = floating('settings', open);
export const Pill = floating(talking);
export const PillJoining = floating('joining, connecting');
export const PillSomebodyCame = floating('somebody came');
export const PillMuted = floating('muted');
export const PillPushToTalk = floating('push to talk');
export const PillReconnecting = floating('reconnecting');
export const PillTalkingWhileMuted = floating('talking while muted');
export const PillMicrophoneUnplugged = floating('microphone unplugged');
export const PillTapToHear = floating('tap to hear');
