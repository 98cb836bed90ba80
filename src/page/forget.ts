import { storageKey, unstored } from './preferences.js';

/** Forgets every choice. */
export function forgetPreferences(): void {
  for (const name of Object.keys(unstored)) Reflect.deleteProperty(unstored, name);
  try {
    localStorage.removeItem(storageKey);
  } catch {
    // Where nothing can be stored nothing is.
  }
}
