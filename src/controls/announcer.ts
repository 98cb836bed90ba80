import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { RoomSnapshot } from '../room/snapshot.js';
import type { FirstStrings } from '../strings/en.js';

/** The one polite live region of the element: says steps, joins, leaves and trouble, batched. */
export class Announcer implements ReactiveController {
  constructor(host: ReactiveControllerHost & HTMLElement, now: () => { readonly snapshot: RoomSnapshot; readonly strings: FirstStrings }) {
    void now;
    host.addController(this);
  }

  hostUpdated(): void {}
}
