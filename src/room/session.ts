import { Attempt } from './attempt.js';
import type { JoinOrder } from './attempt.js';
import { VcRoomError } from './errors.js';
import { transition } from './machine.js';
import type { Message } from './machine.js';
import { initialSnapshot } from './snapshot.js';
import type { RoomSnapshot } from './snapshot.js';

/** Loudness as of now, 0 to 1: my own and, by identity, everybody's who sends. */
export interface Levels {
  readonly local: number;
  readonly remote: ReadonlyMap<string, number>;
}

/**
 * Commands in, snapshots out. Holds at most one attempt; its object identity is the generation that makes late reports harmless.
 * Commands about what we alone decide are true in the same task.
 */
export class Session {
  #snapshot = initialSnapshot;
  #attempt: Attempt | null = null;
  readonly #changed: (now: RoomSnapshot, before: RoomSnapshot) => void;

  /** `changed` is called in the task of the change, after `snapshot` and the sound have followed it. */
  constructor(changed: (now: RoomSnapshot, before: RoomSnapshot) => void) {
    this.#changed = changed;
  }

  get snapshot(): RoomSnapshot {
    return this.#snapshot;
  }

  get levels(): Levels | null {
    return this.#attempt?.levels ?? null;
  }

  /** The promise of the join that is under way or has succeeded; null while idle. */
  get opened(): Promise<void> | null {
    return this.#attempt?.opened ?? null;
  }

  /**
   * Goes in; while joining or joined the same promise is returned.
   * @throws VcRoomError what stopped the first join, `aborted` when `leave()` took it back
   */
  join(order: JoinOrder): Promise<void> {
    if (this.#attempt) {
      order.press.release();
      return this.#attempt.opened;
    }
    const { displayName: name, identity, listenOnly } = order;
    this.#dispatch({ type: 'committed', name, identity, listenOnly });
    const attempt: Attempt = new Attempt(order, this.#snapshot, (message) => {
      if (this.#attempt !== attempt) return;
      if (message.type === 'closed') this.#attempt = null;
      this.#dispatch(message);
    });
    this.#attempt = attempt;
    return attempt.opened;
  }

  /** A join that cannot even begin. */
  refuse(error: VcRoomError): void {
    if (!this.#attempt) this.#dispatch({ type: 'failed', error });
  }

  /** Idle in this task, whatever was going on. */
  leave(reason: 'left' | 'removed-from-page' = 'left'): void {
    const attempt = this.#attempt;
    if (!attempt) return;
    this.#attempt = null;
    attempt.abandon(new VcRoomError('aborted', reason, 'The join was taken back before it finished.'));
    this.#dispatch({ type: 'closed' });
  }

  /** Unmuting also tries again for a microphone that was refused or missing. */
  setMicMuted(muted: boolean): void {
    this.#dispatch({ type: 'muted', muted });
    if (!muted) this.#attempt?.openMicrophone();
  }

  setDeafened(deafened: boolean): void {
    this.#dispatch({ type: 'deafened', deafened });
  }

  /** Master volume, 0 to 2; what is outside is brought inside. */
  setVolume(volume: number): void {
    this.#dispatch({ type: 'volume', volume: clampVolume(volume) });
  }

  /** Volume of one person, 0 to 2; kept for when they come back. */
  setParticipantVolume(identity: string, volume: number): void {
    const { locallyMuted = false } = this.#snapshot.listening[identity] ?? {};
    this.#dispatch({ type: 'listening', identity, listening: { volume: clampVolume(volume), locallyMuted } });
  }

  muteParticipant(identity: string, locallyMuted: boolean): void {
    const { volume = 1 } = this.#snapshot.listening[identity] ?? {};
    this.#dispatch({ type: 'listening', identity, listening: { volume, locallyMuted } });
  }

  /** Neither hears nor is heard while the element is outside the document, where it may only be on its way to another place. */
  hold(held: boolean): void {
    this.#attempt?.hold(held);
  }

  resumePlayback(): Promise<void> {
    return this.#attempt?.resumePlayback() ?? Promise.resolve();
  }

  #dispatch(message: Message): void {
    const before = this.#snapshot;
    const now = transition(before, message);
    if (now === before) return;
    this.#snapshot = now;
    this.#attempt?.follow(now);
    this.#changed(now, before);
  }
}

function clampVolume(volume: number): number {
  return Number.isFinite(volume) ? Math.min(2, Math.max(0, volume)) : 1;
}
