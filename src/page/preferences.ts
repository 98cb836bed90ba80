/** What the person chose and we remember in this browser profile. */
export interface Preferences {
  /** Id of the microphone; absent: the system's default. */
  readonly inputDevice?: string | null;
}

const storageKey = 'vc-room:preferences';

/** Never throws: without storage, or with nonsense in it, nothing was chosen. */
export function preferences(): Preferences {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '');
    return typeof kept === 'object' && kept ? kept : {};
  } catch {
    return {};
  }
}

export function prefer(change: Preferences): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify({ ...preferences(), ...change }));
  } catch {
    // Private mode or a full store: it counts for this visit.
  }
}

/** Forgets every choice. */
export function forgetPreferences(): void {
  try {
    localStorage.removeItem(storageKey);
  } catch {
    // Where nothing can be stored nothing is.
  }
}
