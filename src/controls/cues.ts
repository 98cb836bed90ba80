import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { RoomSnapshot } from '../room/snapshot.js';
import type { Cue } from '../room/suppliers.js';
import { isIn } from './inside.js';

/** Between two sounds about others, in ms: a crowd that comes is one event. */
const rest = 2000;
/** Others, up to which each who comes or goes is told. */
export const crowd = 25;
/** For so long after entering, in ms, the server still tells who was here already. */
const settling = 3000;

/** The sound that tells how `before` became `now`; null where it is nothing to hear. What I do myself comes first. */
export function cueBetween(before: RoomSnapshot, now: RoomSnapshot): Cue | null {
  if (!isIn(now)) return null;
  if (!isIn(before)) return 'entered';
  if (now.micMuted !== before.micMuted && now.capture === 'open') return now.micMuted ? 'muted' : 'unmuted';
  if (now.deafened || now.connectionState !== 'joined' || before.connectionState !== 'joined') return null;
  const [were, are] = [before, now].map(({ remoteParticipants }) => new Set(remoteParticipants.map(({ identity }) => identity)));
  if (!were || !are || are.size > crowd || now.remoteParticipants === before.remoteParticipants) return null;
  if ([...are].some((identity) => !were.has(identity))) return 'joined';
  return [...were].some((identity) => !are.has(identity)) ? 'gone' : null;
}

/** Listens to what happens and has it sounded, in moderation. */
export class Cues implements ReactiveController {
  readonly #now: () => RoomSnapshot | null;
  readonly #play: (cue: Cue) => void;
  #before: RoomSnapshot | null = null;
  #enteredAt = -Infinity;
  #toldAt = -Infinity;

  /** `now` is null while sounds are switched off. */
  constructor(host: ReactiveControllerHost, now: () => RoomSnapshot | null, play: (cue: Cue) => void) {
    this.#now = now;
    this.#play = play;
    host.addController(this);
  }

  hostUpdated(): void {
    const now = this.#now();
    const before = this.#before;
    this.#before = now;
    const cue = now && before && now !== before ? cueBetween(before, now) : null;
    if (!cue) return;
    const at = performance.now();
    if (cue === 'entered') this.#enteredAt = at;
    if (cue === 'joined' || cue === 'gone') {
      if (at < this.#enteredAt + settling || at < this.#toldAt + rest) return;
      this.#toldAt = at;
    }
    this.#play(cue);
  }
}
