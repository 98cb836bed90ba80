export { VcRoom } from './vc-room.js';
export { VcRoomError } from './room/errors.js';
export type { VcRoomErrorCode, VcRoomErrorReasons } from './room/errors.js';
export * from './events.js';
export type { ConnectionQuality, ConnectionState, MicrophoneState, NoiseSuppression, Participant } from './room/snapshot.js';
export type { Grant, GrantRequest } from './room/suppliers.js';
export type { TokenProtocol, TokenSource } from './config.js';
