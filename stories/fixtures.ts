import { VcRoomError } from '../src/room/errors.js';
import type { VcRoomErrorCode, VcRoomErrorReasons } from '../src/room/errors.js';
import type { PanelName } from '../src/controls/desk.js';
import { initialSnapshot } from '../src/room/snapshot.js';
import type { Device, Participant, RoomSnapshot } from '../src/room/snapshot.js';
import type { Statistics } from '../src/room/suppliers.js';
import type { Choices } from '../src/view/view.js';

/** One state that has a name: what tests check, screenshots show and stories tell. */
export interface Fixture {
  readonly snapshot: RoomSnapshot;
  readonly title: string;
  /** Loudness by identity, 0 to 1, for the rings; mine under the own identity. */
  readonly levels?: Readonly<Record<string, number>>;
  readonly choices?: Partial<Choices>;
  /** What is open. */
  readonly panel?: PanelName;
  /** Whose menu is open. */
  readonly person?: string;
  /** Part that is pressed when all of it is there. */
  readonly press?: string;
  /** Outside: who is known to be in. */
  readonly here?: readonly Participant[];
  /** Who has just come or gone, in words. */
  readonly caption?: string;
  /** For how long it has been so, ms. */
  readonly lasting?: number;
  readonly devices?: { readonly inputs: readonly Device[]; readonly outputs: readonly Device[] };
  /** What the connection had counted at a time. */
  readonly statistics?: (at: number) => Statistics;
  readonly diagnostics?: object;
}

function person(name: string, change: Partial<Participant> = {}): Participant {
  return Object.freeze({
    identity: `identity-${name}`,
    name,
    muted: false,
    speaking: false,
    quality: 'excellent',
    connection: 'live',
    listenOnly: false,
    volume: 1,
    locallyMuted: false,
    joinedAt: Date.UTC(2026, 0, 1),
    ...change,
  });
}

function outside(change: Partial<RoomSnapshot> = {}, title = 'Lounge'): Fixture {
  return Object.freeze({ snapshot: Object.freeze({ ...initialSnapshot, ...change }), title });
}

function failed<C extends VcRoomErrorCode>(code: C, reason: VcRoomErrorReasons[C]): Fixture {
  return outside({ error: new VcRoomError(code, reason, `${code}: ${reason}`) });
}

const cleo = person('Cleo');
const ada = person('Ada Lovelace');
const ben = person('Ben Okafor', { muted: true });

function inside(others: readonly Participant[], change: Partial<RoomSnapshot> = {}, levels: Readonly<Record<string, number>> = {}, title = 'Lounge'): Fixture {
  const snapshot = {
    ...initialSnapshot,
    connectionState: 'joined',
    localParticipant: cleo,
    remoteParticipants: Object.freeze(others),
    capture: 'open',
    microphone: 'live',
    activeNoiseSuppression: 'browser',
    ...change,
  } as const;
  return Object.freeze({ snapshot: Object.freeze(snapshot), title, levels: Object.freeze(levels) });
}

const both = [ada, ben];
const silent = { ...cleo, muted: true };
const crowd = ['Ada', 'Ben', 'Chidi', 'Dora', 'Emil', 'Fatima', 'Gus', 'Hana', 'Ivo', 'Jun'];
const crowdOf = (length: number): Participant[] =>
  Array.from({ length }, (_, index) =>
    person(`${crowd[index % 10]} ${String.fromCharCode(65 + (index % 26))}.`, {
      identity: `crowd-${index}`,
      speaking: index === 3 || index === 17,
      muted: index % 4 === 2,
    }),
  );
const fifty = crowdOf(49);

const devices = {
  inputs: [
    { id: 'built-in', label: 'Built-in microphone' },
    { id: 'headset', label: 'Headset with a rather long name (046d:0a44)' },
  ],
  outputs: [
    { id: 'speakers', label: 'Built-in speakers' },
    { id: 'headphones', label: 'Headphones' },
  ],
};

/** Counts that grow with time. */
function statisticsOf(at: number): Statistics {
  const wave = (period: number): number => Math.sin((at / 1000) * (6.28 / period));
  return {
    at,
    sentBytes: Math.round(at * 4 + 2500 * wave(11)),
    receivedBytes: Math.round(at * 7.5 + 5000 * wave(17)),
    receivedPackets: Math.round(at / 20),
    lostPackets: Math.round(at / 3000),
    sendLoss: 0.01 + 0.01 * wave(23),
    roundTrip: Math.round(38 + 9 * wave(7) + 5 * wave(19)),
    jitter: Math.round(5 + 3 * wave(13)),
    path: { client: '2.23.0', server: '1.13.5', local: 'srflx', remote: 'host', protocol: 'udp' },
  };
}

const diagnostics = {
  version: '0.1.0',
  browser: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/142',
  connectionState: 'joined',
  microphone: 'live',
  activeNoiseSuppression: 'rnnoise',
  participants: 2,
  timeline: [
    { name: 'press', at: 0 },
    { name: 'joined', at: 212 },
  ],
  sound: { contextState: 'running', sampleRate: 48000 },
};

/** Every named state of the face. */
export const fixtures = {
  lobby: outside(),
  'lobby, four inside': { ...outside(), here: crowdOf(4) },
  'lobby without a name': outside({}, ''),
  'joining, loading': outside({ connectionState: 'joining', step: 'loading' }),
  'joining, asking': outside({ connectionState: 'joining', step: 'asking' }),
  'joining, connecting': outside({ connectionState: 'joining', step: 'connecting', microphone: 'requesting', capture: 'requesting' }),
  alone: inside([]),
  'alone, two at the door': inside([], { standbyCount: 2 }),
  'three people, one speaking': inside([person('Ada Lovelace', { speaking: true }), ben], {}, { 'identity-Ada Lovelace': 0.2 }),
  'somebody came': { ...inside(both), caption: 'Ben Okafor joined.' },
  'I speak': inside(both, { localParticipant: { ...cleo, speaking: true } }, { 'identity-Cleo': 0.3 }),
  'fifty people': inside(fifty, {}, { 'crowd-3': 0.3, 'crowd-17': 0.1 }),
  'two hundred people': inside(crowdOf(199), {}, { 'crowd-3': 0.3, 'crowd-17': 0.1 }),
  muted: inside(both, { micMuted: true, microphone: 'muted', localParticipant: silent }),
  deafened: inside(both, { micMuted: true, deafened: true, microphone: 'muted', localParticipant: silent }),
  'listening only': inside(both, { listenOnly: true, capture: 'off', microphone: 'off', localParticipant: { ...silent, listenOnly: true } }),
  'others listening, weak, coming back': inside([
    person('Ada Lovelace', { listenOnly: true, muted: true }),
    person('Ben Okafor', { quality: 'poor' }),
    person('Chidi Anagonye', { muted: true, quality: 'poor' }),
    person('Dora', { connection: 'reconnecting' }),
  ]),
  'microphone asked for': inside(both, { capture: 'requesting', microphone: 'requesting', localParticipant: silent }),
  'microphone blocked by the person': withoutMic('mic-blocked', 'person'),
  'microphone blocked by the system': withoutMic('mic-blocked', 'system'),
  'microphone blocked by the page': withoutMic('mic-blocked', 'page-policy'),
  'no microphone': withoutMic('mic-missing', 'no-device'),
  'microphone unplugged': withoutMic('mic-missing', 'unplugged'),
  'microphone in use': withoutMic('mic-in-use', 'busy'),
  'tap to hear': inside(both, { playbackBlocked: true }),
  reconnecting: inside(both, { connectionState: 'reconnecting' }),
  'reconnecting for 4 s': { ...inside(both, { connectionState: 'reconnecting' }), lasting: 4000 },
  removed: failed('removed', 'by-moderator'),
  'room full': failed('room-full', 'limit'),
  'room closed': failed('room-closed', 'ended'),
  'another tab took over': failed('duplicate-identity', 'elsewhere'),
  'endpoint down': failed('token-unreachable', 'network'),
  'endpoint refuses': failed('token-rejected', 'unauthorized'),
  'endpoint confused': failed('token-invalid', 'html'),
  'server down': failed('unreachable', 'signal'),
  firewall: failed('unreachable', 'media'),
  offline: failed('unreachable', 'offline'),
  'too slow': failed('timeout', 'signal'),
  'not set up': failed('not-configured', 'no-endpoint'),
  'set up wrongly': failed('invalid-configuration', 'server-url'),
  'page not secure': failed('insecure-context', 'http'),
  'browser too old': failed('unsupported', 'webrtc'),
  'files missing': failed('assets-blocked', 'chunk'),
  unknown: failed('unknown', 'unexpected'),
  'talking while muted': inside(both, { micMuted: true, microphone: 'muted', localParticipant: silent, microphoneHint: 'talking-while-muted' }),
  'silent microphone': inside(both, { microphoneHint: 'silent' }),
  'volume at zero': inside(both, { volume: 0 }),
  'weak connection': inside(both, { localParticipant: { ...cleo, quality: 'poor' } }),
  'connection that loses what I say': ailing({ sendLoss: 0.2 }),
  'connection that loses what others say': ailing({}, (at) => ({ lostPackets: Math.round(at / 100) })),
  'slow connection': ailing({ roundTrip: 900 }),
  'unsteady connection': ailing({ jitter: 100 }),
  'push to talk': { ...inside(both, { talk: 'released' }), choices: { pushToTalk: 'Space' } },
  'push to talk, held': {
    ...inside(both, { talk: 'held', localParticipant: { ...cleo, speaking: true } }, { 'identity-Cleo': 0.3 }),
    choices: { pushToTalk: 'ControlLeft+Backquote' },
  },
  'push to talk, muted': {
    ...inside(both, { talk: 'released', micMuted: true, microphone: 'muted', localParticipant: silent }),
    choices: { pushToTalk: 'Space', pushToTalkMode: 'toggle' },
  },
  'menu of a person': {
    ...inside([person('Ada Lovelace', { volume: 1.5, speaking: true }), ben], {}, { 'identity-Ada Lovelace': 0.2 }),
    person: 'identity-Ada Lovelace',
  },
  'muted for me': { ...inside([person('Ada Lovelace', { locallyMuted: true, speaking: true }), ben]), person: 'identity-Ada Lovelace' },
  'names that look alike': inside([
    person('Ben'),
    person('Ben', { identity: 'second-ben' }),
    person('Веn', { identity: 'cyrillic-ben', volume: 0.5 }),
    person('Ada Lovelace'),
  ]),
  settings: { ...inside(both, {}, { 'identity-Cleo': 0.3 }), panel: 'settings', devices },
  'settings, push to talk': { ...inside(both, { talk: 'released' }, { 'identity-Cleo': 0.1 }), panel: 'settings', devices, choices: { pushToTalk: 'Space' } },
  'settings, hearing oneself': { ...inside(both, {}, { 'identity-Cleo': 0.3 }), panel: 'settings', devices, press: 'listen-button' },
  'settings, recording keys': { ...inside(both, { talk: 'released' }), panel: 'settings', devices, choices: { pushToTalk: 'Space' }, press: 'record-button' },
  diagnostics: { ...inside(both), panel: 'diagnostics', statistics: statisticsOf, diagnostics },
  'hostile names': inside(
    [
      person('\u202Egnp.exe\u202D admin', { identity: 'bidi', speaking: true }),
      person('<img src=x onerror=alert(1)> {n} "\'`', { identity: '"] *{display:none}' }),
      person(
        'Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e\u0320\u034da\u036b\u0357\u0334\u0362\u0335\u031c\u0330\u0354l\u0368\u0367\u0369\u0358g\u030c',
        { identity: 'zalgo', muted: true },
      ),
      person('W'.repeat(5000), { identity: 'long' }),
      person('\u200B\u3164 \u2800', { identity: 'only-the-identity' }),
      person('', { identity: '\u0000\u202E' }),
      person('👩‍👩‍👧 Family\nof\tthree', { identity: 'emoji' }),
      person('نور الهدى', { identity: 'arabic' }),
      person('山田 太郎', { identity: 'japanese' }),
    ],
    {},
    {},
    '\u202EThe room with a name that does not end where one would expect it',
  ),
} satisfies Readonly<Record<string, Fixture>>;

export type FixtureName = keyof typeof fixtures;

function ailing(change: Partial<Statistics>, grown: (at: number) => Partial<Statistics> = () => ({})): Fixture {
  return { ...inside(both), statistics: (at) => ({ ...statisticsOf(at), ...change, ...grown(at) }) };
}

function withoutMic<C extends 'mic-blocked' | 'mic-missing' | 'mic-in-use'>(code: C, reason: VcRoomErrorReasons[C]): Fixture {
  const state = code === 'mic-missing' ? 'missing' : 'blocked';
  return inside(both, { capture: state, microphone: state, localParticipant: silent, error: new VcRoomError(code, reason, `${code}: ${reason}`) });
}
