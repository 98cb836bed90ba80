import type { Meta, StoryObj } from '@storybook/web-components-vite';
import type { FixtureName } from './fixtures.js';
import { argTypes, room } from './knobs.js';
import type { Knobs } from './knobs.js';

/** Each alone: the rest of the face is there and hidden. */
const meta: Meta<Partial<Knobs>> = { title: 'Controls', component: 'vc-room', render: room, argTypes };
export default meta;

type Story = StoryObj<Partial<Knobs>>;

const only = (alone: string, state: FixtureName, more: Partial<Knobs> = {}): Story => ({ args: { state, alone, ...more } });
/** In a frame of its own: it lies over the page. */
const floating = (state: FixtureName): Story => ({
  args: { state, layout: 'floating' },
  parameters: { docs: { story: { inline: false, height: '120px' } } },
});
export const Join = only('[part~=join-button]', 'lobby');
export const JoinWhileJoining = only('[part~=join-button], [part~=step]', 'joining, connecting');
export const JoinAgain = only('[part~=join-button], [part~=notice]', 'removed');
export const Mute = only('[part~=mute-button]', 'alone');
export const MutePressed = only('[part~=mute-button]', 'muted');
export const MuteWithoutMicrophone = only('[part~=mute-button]', 'no microphone');
export const Deafen = only('[part~=deafen-button]', 'alone');
export const DeafenPressed = only('[part~=deafen-button]', 'deafened');
export const OpenSettings = only('[part~=settings-button]', 'alone');
export const OpenSettingsPressed = only('[part~=settings-button]', 'settings');
export const Leave = only('[part~=leave-button]', 'alone');
export const PushToTalk = only('[part~=talk-button]', 'push to talk');
export const PushToTalkHeld = only('[part~=talk-button]', 'push to talk, held');
export const PushToTalkMuted = only('[part~=talk-button]', 'push to talk, muted');
export const Title = only('[part~=header]', 'alone, two at the door');
export const People = only('[part~=roster]', 'others listening, weak, coming back');
export const NobodyElse = only('[part~=empty]', 'alone');
export const Speakers = only('[part~=speakers]', 'two hundred people');
export const Me = only('li:first-child', 'I speak');
export const Person = only('li:nth-child(2)', 'three people, one speaking');
export const PersonMuted = only('li:nth-child(3)', 'three people, one speaking');
export const PersonListening = only('li:nth-child(2)', 'others listening, weak, coming back');
export const PersonWeak = only('li:nth-child(3)', 'others listening, weak, coming back');
export const PersonComingBack = only('li:nth-child(5)', 'others listening, weak, coming back');
export const PersonWithMenu = only('li.open', 'menu of a person');
export const PersonMutedForMe = only('li.open', 'muted for me');
export const Volume = only('[part~=slider]', 'settings');
export const VolumeAt200Percent = only('[part~=slider]', 'settings', { volume: 2 });
export const VolumeAtZero = only('[part~=slider]', 'settings', { volume: 0 });
export const Microphone = only('[part~=input-select]', 'settings');
export const MicrophoneTest = only('[part~=meter], [part~=listen-button]', 'settings');
export const MicrophoneTestHearing = only('[part~=meter], [part~=listen-button]', 'settings, hearing oneself');
export const NoiseSuppression = only('[part~=suppression-select]', 'settings');
export const Loudspeaker = only('[part~=output-select], [part~=test-button]', 'settings');
export const Keys = only('[part~=record-button], [part~=mode-select]', 'settings, push to talk');
export const KeysBeingRecorded = only('[part~=record-button], [part~=mode-select]', 'settings, recording keys');
export const Switches = only('[part~=switch]', 'settings, push to talk');
export const Settings = only('[part~=settings]', 'settings');
export const Diagnostics = only('[part~=diagnostics]', 'diagnostics');
export const Notice = only('[part~=notice]', 'no microphone');
export const NoticeWithAWay = only('[part~=notice]', 'microphone blocked by the person');
export const NoticeReconnecting = only('[part~=notice]', 'reconnecting for 4 s');
export const NoticeTalkingWhileMuted = only('[part~=notice]', 'talking while muted');
export const NoticeSilentMicrophone = only('[part~=notice]', 'silent microphone');
export const TapToHear = only('[part~=notice]', 'tap to hear');
export const Summary = only('[part~=summary-button]', 'fifty people', { layout: 'compact' });
export const Launcher = floating('lobby');
export const LauncherInTrouble = floating('endpoint down');
export const Pill = floating('three people, one speaking');
