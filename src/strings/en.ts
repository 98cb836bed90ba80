import { first } from './first.js';

/**
 * Every English word of the face; its keys are the type of every other language.
 * Errors are `error.<code>`, or finer `error.<code>.<reason>`; `retry.<code>` is what the join button then says.
 * Words with a number list the plural categories of their language: `one:…|other:…`.
 */
export const en = {
  ...first,
  'error.not-configured': 'This voice room is not set up yet.',
  'error.invalid-configuration': 'This voice room is not set up correctly.',
  'error.insecure-context': 'Microphones work on secure pages only. Open this page with https.',
  'error.unsupported': 'This browser cannot make voice calls. A current Chrome, Edge, Firefox or Safari can.',
  people: 'one:{n} person|other:{n} people',
  door: 'one:{n} at the door|other:{n} at the door',
  roster: 'People in the room',
  you: 'you',
  someone: 'Guest',
  empty: 'Nobody else is here yet. Whoever opens this page can join you.',
  controls: 'Call',
  mute: 'Mute',
  deafen: 'Deafen',
  leave: 'Leave',
  resume: 'Tap to hear',
  'state.speaking': 'speaking',
  'state.muted': 'mic off',
  'state.deafened': 'sound off',
  'state.listening': 'listening only',
  'state.requesting': 'opening mic',
  'state.no-mic': 'no mic',
  'state.reconnecting': 'reconnecting',
  'state.poor': 'weak connection',
  'notice.playback': 'Your browser holds the sound back.',
  'notice.reconnecting': 'Connection lost. Reconnecting…',
  seconds: '{n} s',
  'say.entered': 'You are in the room.',
  'say.left': 'You left the room.',
  'say.joined': '{names} joined.',
  'say.gone': '{names} left.',
  'say.restored': 'Connected again.',
  'retry.removed': 'Join again',
  'retry.duplicate-identity': 'Join here',
  'error.token-unreachable': 'The server of this room does not answer. Try again in a moment.',
  'error.token-unreachable.network': 'The server of this room cannot be reached. Check your connection.',
  'error.token-unreachable.not-found': 'The server of this room was not found. Whoever runs this page has to look into it.',
  'error.token-unreachable.rate-limited': 'Too many tries. Wait a minute, then try again.',
  'error.token-rejected': 'You may not enter this room. Signing in to this page may help.',
  'error.token-rejected.unauthorized': 'Sign in to this page, then join.',
  'error.token-rejected.forbidden': 'You may not enter this room.',
  'error.token-invalid': 'The server of this room gave no valid ticket. Whoever runs this page has to look into it.',
  'error.token-invalid.expired': 'Your ticket for this room is too old. Reload the page, then join.',
  'error.unreachable': 'The voice server cannot be reached. Check your connection.',
  'error.unreachable.media': 'Your network lets no voice through. A VPN or firewall may be the cause.',
  'error.unreachable.offline': 'You are offline. Join when you are back.',
  'error.timeout': 'Connecting took too long. Check your connection.',
  'error.timeout.media': 'Your network lets no voice through. A VPN or firewall may be the cause.',
  'error.room-full': 'This room is full. Try again when somebody has left.',
  'error.room-closed': 'This room was closed.',
  'error.room-closed.not-found': 'This room does not exist.',
  'error.removed': 'You were removed from this room.',
  'error.duplicate-identity': 'You are in this room in another tab or on another device.',
  'error.mic-blocked': 'Your microphone is blocked. Others cannot hear you.',
  'error.mic-blocked.person': 'The microphone is blocked for this page. Allow it beside the address, then try again.',
  'error.mic-blocked.system': 'Your system keeps the microphone from the browser. Allow it in the privacy settings, then try again.',
  'error.mic-blocked.page-policy': 'This page may not use the microphone. You can listen.',
  'error.mic-missing': 'No microphone was found. Connect one, then try again.',
  'error.mic-missing.unplugged': 'Your microphone was unplugged. Connect one, then try again.',
  'error.mic-in-use': 'Another program uses your microphone. Close it, then try again.',
} as const;

export type Strings = Readonly<Record<keyof typeof en, string>>;

/** What the lobby can rely on while the rest is still on its way. */
export type FirstStrings = Readonly<Record<keyof typeof first, string>> & Partial<Strings>;
