import type { RoomSnapshot } from '../room/snapshot.js';

/** Pressed whenever nothing of me can be heard: pressing then also asks again for a microphone that was refused. */
export function isMuted({ micMuted, microphone }: RoomSnapshot): boolean {
  return micMuted || microphone === 'blocked' || microphone === 'missing';
}
