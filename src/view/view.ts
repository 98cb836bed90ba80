import type { Desk } from '../controls/desk.js';
import type { Device, RoomSnapshot } from '../room/snapshot.js';
import type { Cue } from '../room/suppliers.js';
import type { Choice, Settings } from '../settings.js';
import type { MicrophonePreview } from '../sound/preview.js';
import type { FaceStrings, FirstStrings, Strings } from '../strings/en.js';

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
  /** Of all that is heard: 0 to 2; remembered. */
  setVolume(volume: number): void;
  /** Remembered, and in effect at once. */
  choose(choice: Choice): void;
  /** Push-to-talk is pressed, or let go. */
  talk(talking: boolean): void;
  setInputDevice(id: string | null): Promise<void>;
  setOutputDevice(id: string | null): Promise<void>;
  listDevices(): Promise<{ readonly inputs: readonly Device[]; readonly outputs: readonly Device[] }>;
  /** Call it within a gesture. */
  previewMicrophone(): Promise<MicrophonePreview>;
  cue(cue: Cue): void;
  diagnostics(): object;
}

/** What is set, and by whom does not matter here. */
export type Choices = Readonly<Pick<Settings, 'noiseSuppression' | 'pushToTalk' | 'pushToTalkMode' | 'pushToTalkScope' | 'cues' | 'listenOnly'>>;

/** All that a view may depend on; the same value gives the same HTML. */
export interface View {
  readonly snapshot: RoomSnapshot;
  readonly strings: FaceStrings;
  /** Name of the room as people read it, or the words for one without. */
  readonly title: string;
  readonly actions: Actions;
  readonly choices: Choices;
  readonly desk: Desk;
}

/** As a panel sees it, with its own words. */
export interface PanelView extends View {
  readonly strings: Strings;
}

/** The lobby stands before all words are loaded, and before anything can be open in it. */
export interface LobbyView extends Omit<View, 'strings' | 'desk' | 'choices'> {
  readonly strings: FirstStrings;
  readonly desk: Desk | null;
  /** The face with its settings was asked for, and could not be fetched. */
  readonly isLost: boolean;
  /** Opens them, or closes what is open. */
  readonly toggleSettings: () => Promise<void>;
}
