import type { RoomSnapshot } from '../room/snapshot.js';
import type { FirstStrings, Strings } from '../strings/en.js';

/** What a person can do in the face; the element turns each into a command. */
export interface Actions {
  join(): void;
  leave(): void;
  /** `false` while the microphone is blocked or missing asks for it once more. */
  setMicMuted(muted: boolean): void;
  setDeafened(deafened: boolean): void;
  resumePlayback(): void;
  setParticipantVolume(identity: string, volume: number): void;
  muteParticipant(identity: string, muted: boolean): void;
}

/** All that a view may depend on; the same value gives the same HTML. */
export interface View {
  readonly snapshot: RoomSnapshot;
  readonly strings: Strings;
  /** Name of the room as people read it; empty where the page gave none. */
  readonly title: string;
  readonly actions: Actions;
}

/** The lobby stands before all words are loaded. */
export interface LobbyView extends Omit<View, 'strings'> {
  readonly strings: FirstStrings;
}
