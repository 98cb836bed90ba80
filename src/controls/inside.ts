import type { RoomSnapshot } from '../room/snapshot.js';

/** In the room, for the person: also while the connection is away. */
export function isIn({ connectionState }: Pick<RoomSnapshot, 'connectionState'>): boolean {
  return connectionState === 'joined' || connectionState === 'reconnecting';
}
