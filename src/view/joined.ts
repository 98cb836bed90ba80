import type { ReactiveControllerHost } from 'lit';
import { Announcer } from '../controls/announcer.js';
import { FocusKeeper } from '../controls/focus.js';
import { Levels } from '../controls/levels.js';
import type { View } from './view.js';

export { en } from '../strings/en.js';
export { room } from './room.js';
export { roomStyles } from './room.styles.js';

/** What a face does besides rendering: says what happens, keeps the focus, lets rings follow voices. */
export function attend(
  host: ReactiveControllerHost & HTMLElement,
  view: () => View,
  levels: () => { readonly local: number; readonly remote: ReadonlyMap<string, number> } | null,
): void {
  new Announcer(host, view);
  new FocusKeeper(host);
  new Levels(host, levels);
}
