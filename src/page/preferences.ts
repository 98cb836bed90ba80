import type { Listening } from '../room/snapshot.js';

/** What the person chose and we remember in this browser profile; absent: nothing. Storage may hold anything, so who reads a value checks it. */
export interface Preferences {
  /** Id of the microphone; null: the system's default. */
  readonly inputDevice?: string | null;
  /** Id of the loudspeaker; null: the system's default. */
  readonly outputDevice?: string | null;
  /** Master volume, 0 to 2. */
  readonly volume?: number;
  readonly noiseSuppression?: 'rnnoise' | 'browser' | 'off';
  /** As the attribute; empty: an open microphone. */
  readonly pushToTalk?: string;
  readonly pushToTalkMode?: 'hold' | 'toggle';
  readonly cues?: 'on' | 'off';
  /** By identity. */
  readonly listening?: Readonly<Record<string, Listening>>;
}

/** Of `localStorage`: its changes in other tabs are heard. */
export const storageKey = 'vc-room:preferences';

/** What could not be stored; it counts for this visit. */
export const unstored: { -readonly [K in keyof Preferences]: Preferences[K] } = {};

/** Never throws: without storage, or with nonsense in it, nothing was chosen. */
export function preferences(): Preferences {
  try {
    return { ...(JSON.parse(localStorage.getItem(storageKey) ?? '') as Preferences), ...unstored };
  } catch {
    return unstored;
  }
}

export function prefer(change: Preferences): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify({ ...preferences(), ...change }));
  } catch {
    // Private mode or a full store.
    Object.assign(unstored, change);
  }
}
