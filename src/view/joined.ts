import type { ReactiveControllerHost } from 'lit';
import { Announcer } from '../controls/announcer.js';
import { Levels } from '../controls/levels.js';
import { en } from '../strings/en.js';
import { plural } from '../strings/format.js';
import type { View } from './view.js';

export { en } from '../strings/en.js';
export { plural } from '../strings/format.js';
export { nameOf } from '../strings/name.js';
export { controls, isMuted } from './controls.js';
export { icons } from './icons.js';
export { notice } from './notice.js';
export { hueOf, initialsOf } from './people.js';
export { people, room } from './room.js';
export { roomStyles } from './room.styles.js';

/** What a face does besides rendering: says what happens, lets rings follow voices. */
export function attend(
  host: ReactiveControllerHost & HTMLElement,
  view: () => View,
  levels: () => { readonly local: number; readonly remote: ReadonlyMap<string, number> } | null,
): void {
  // The first time takes as long as all else that the face does when one comes in.
  const prepare = (): void => void plural('', 1, en.locale);
  if ('requestIdleCallback' in globalThis) requestIdleCallback(prepare);
  else setTimeout(prepare);
  new Announcer(host, view);
  new Levels(host, levels);
}
