export { VcRoom } from './vc-room.js';
export { VcRoomError } from './room/errors.js';
export type { VcRoomErrorCode, VcRoomErrorReasons } from './room/errors.js';
export {
  ConnectionStateChangeEvent,
  DeviceChangeEvent,
  MicrophoneChangeEvent,
  NoiseSuppressionChangeEvent,
  ParticipantsChangeEvent,
  PlaybackBlockedChangeEvent,
  SpeakersChangeEvent,
  VcRoomErrorEvent,
  VolumeChangeEvent,
} from './events.js';
export type { VcRoomEventMap } from './events.js';
export type { ConnectionQuality, ConnectionState, Device, MicrophoneState, NoiseSuppression, Participant } from './room/snapshot.js';
export type { Grant, GrantRequest, MatrixIdentity, OpenIdToken, TokenSource } from './room/suppliers.js';
export type { TimelineEntry, TimelineStep } from './room/timeline.js';
export type { MicrophonePreview } from './sound/preview.js';
export type { RequestHeaders, TokenProtocol } from './config.js';
export type { Strings } from './strings/en.js';
