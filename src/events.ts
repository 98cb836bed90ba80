import type { VcRoomError } from './room/errors.js';
import type { ConnectionState, Device, MicrophoneState, NoiseSuppression, Participant, RoomSnapshot } from './room/snapshot.js';

export class ConnectionStateChangeEvent extends Event {
  constructor(
    readonly connectionState: ConnectionState,
    readonly previous: ConnectionState,
  ) {
    super('connectionstatechange');
  }
}

/** Somebody came, left, or changed in anything but speaking, or another number of people is at the door. */
export class ParticipantsChangeEvent extends Event {
  constructor(readonly remoteParticipants: readonly Participant[]) {
    super('participantschange');
  }
}

export class SpeakersChangeEvent extends Event {
  /** Identities of all who speak now, the local participant included. */
  constructor(readonly speakers: readonly string[]) {
    super('speakerschange');
  }
}

export class MicrophoneChangeEvent extends Event {
  constructor(
    readonly microphone: MicrophoneState,
    readonly micMuted: boolean,
  ) {
    super('microphonechange');
  }
}

/** Also for deafen, as `volumechange` of media elements is for `muted`. */
export class VolumeChangeEvent extends Event {
  constructor(
    readonly volume: number,
    readonly deafened: boolean,
  ) {
    super('volumechange');
  }
}

/** What really runs is another. */
export class NoiseSuppressionChangeEvent extends Event {
  constructor(readonly activeNoiseSuppression: NoiseSuppression) {
    super('noisesuppressionchange');
  }
}

/** Another device is in use, or the list of devices is another. */
export class DeviceChangeEvent extends Event {
  constructor(
    readonly inputDevice: Device | null,
    readonly outputDevice: Device | null,
  ) {
    super('devicechange');
  }
}

export class PlaybackBlockedChangeEvent extends Event {
  constructor(readonly playbackBlocked: boolean) {
    super('playbackblockedchange');
  }
}

export class VcRoomErrorEvent extends Event {
  constructor(readonly error: VcRoomError) {
    super('error');
  }
}

/** What `addEventListener` on a `<vc-room>` knows. None of these bubbles. */
export interface VcRoomEventMap {
  connectionstatechange: ConnectionStateChangeEvent;
  participantschange: ParticipantsChangeEvent;
  speakerschange: SpeakersChangeEvent;
  microphonechange: MicrophoneChangeEvent;
  volumechange: VolumeChangeEvent;
  noisesuppressionchange: NoiseSuppressionChangeEvent;
  devicechange: DeviceChangeEvent;
  playbackblockedchange: PlaybackBlockedChangeEvent;
  /** The panel of the floating layout, as with `<details>`. */
  toggle: ToggleEvent;
  error: VcRoomErrorEvent;
}

/** The events that tell how `before` became `now`, state first and error last; whoever hears one cannot change it for the others. */
export function eventsBetween(before: RoomSnapshot, now: RoomSnapshot): Event[] {
  const events: Event[] = [];
  if (now.connectionState !== before.connectionState) events.push(new ConnectionStateChangeEvent(now.connectionState, before.connectionState));
  if (now.standbyCount !== before.standbyCount || !sameButSpeaking(now.remoteParticipants, before.remoteParticipants))
    events.push(new ParticipantsChangeEvent(now.remoteParticipants));
  const speakers = speakersOf(now);
  if (String(speakers) !== String(speakersOf(before))) events.push(new SpeakersChangeEvent(speakers));
  if (now.microphone !== before.microphone || now.micMuted !== before.micMuted) events.push(new MicrophoneChangeEvent(now.microphone, now.micMuted));
  if (now.volume !== before.volume || now.deafened !== before.deafened) events.push(new VolumeChangeEvent(now.volume, now.deafened));
  if (now.activeNoiseSuppression !== before.activeNoiseSuppression) events.push(new NoiseSuppressionChangeEvent(now.activeNoiseSuppression));
  if (now.inputDevice !== before.inputDevice || now.outputDevice !== before.outputDevice || now.deviceList !== before.deviceList)
    events.push(new DeviceChangeEvent(now.inputDevice, now.outputDevice));
  if (now.playbackBlocked !== before.playbackBlocked) events.push(new PlaybackBlockedChangeEvent(now.playbackBlocked));
  if (now.error && now.error !== before.error) events.push(new VcRoomErrorEvent(now.error));
  return events.map(Object.freeze) as Event[];
}

function speakersOf({ localParticipant, remoteParticipants }: RoomSnapshot): readonly string[] {
  const everybody = localParticipant ? [localParticipant, ...remoteParticipants] : remoteParticipants;
  return Object.freeze(everybody.filter(({ speaking }) => speaking).map(({ identity }) => identity));
}

function sameButSpeaking(now: readonly Participant[], before: readonly Participant[]): boolean {
  if (now === before) return true;
  return (
    now.length === before.length &&
    now.every((person, index) => {
      const was = before[index];
      return person === was || (Object.keys(person) as (keyof Participant)[]).every((key) => key === 'speaking' || person[key] === was?.[key]);
    })
  );
}
