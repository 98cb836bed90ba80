import { VcRoomError, toVcRoomError } from './errors.js';
import { transition } from './machine.js';
import type { Message } from './machine.js';
import { initialSnapshot } from './snapshot.js';
import type { RoomSnapshot } from './snapshot.js';
import type { GrantRequest, Press, Sound } from './suppliers.js';

/** Loudness as of now, 0 to 1: my own and, by identity, everybody's who sends. */
export interface Levels {
  readonly local: number;
  readonly remote: ReadonlyMap<string, number>;
}

/** What one join needs to know; frozen when the person pressed. */
export interface JoinOrder extends GrantRequest {
  readonly listenOnly: boolean;
  readonly rtcConfig: object | undefined;
  /** What the gesture opened already. */
  readonly press: Press;
  /** Loads what carries a join out; fails with `assets-blocked` when it cannot be fetched. */
  readonly load: () => Promise<(order: JoinOrder, snapshot: RoomSnapshot, report: (message: Message) => void) => Stay>;
}

/** A join under way and the stay that it becomes. After `abandon()` it reports nothing. */
export interface Stay {
  /** Resolves when sound flows. */
  readonly opened: Promise<void>;
  readonly levels: Levels;
  /** What can be changed while talking. */
  readonly sound: Pick<Sound, 'setNoiseSuppression' | 'setInputDevice' | 'diagnostics'>;
  /** Makes sound and connection agree with what the snapshot says. */
  follow(snapshot: RoomSnapshot): void;
  hold(held: boolean): void;
  openMicrophone(): void;
  resumePlayback(): Promise<void>;
  /** Ends it in this task; the goodbye to the server follows un-awaited. */
  abandon(error: VcRoomError): void;
}

/** From the press on; its object identity is the generation that makes late reports harmless. */
interface Run {
  readonly opened: Promise<void>;
  readonly reject: (error: VcRoomError) => void;
  readonly press: Press;
  stay: Stay | null;
}

/** Commands in, snapshots out. Commands about what we alone decide are true in the same task. */
export class Session {
  #snapshot = initialSnapshot;
  #run: Run | null = null;
  #held = false;
  readonly #changed: (now: RoomSnapshot, before: RoomSnapshot) => void;

  /** `changed` is called in the task of the change, after `snapshot` and the sound have followed it. */
  constructor(changed: (now: RoomSnapshot, before: RoomSnapshot) => void) {
    this.#changed = changed;
  }

  get snapshot(): RoomSnapshot {
    return this.#snapshot;
  }

  get levels(): Levels | null {
    return this.#run?.stay?.levels ?? null;
  }

  get sound(): Stay['sound'] | null {
    return this.#run?.stay?.sound ?? null;
  }

  /** The promise of the join that is under way or has succeeded; null while idle. */
  get opened(): Promise<void> | null {
    return this.#run?.opened ?? null;
  }

  /**
   * Goes in; while joining or joined the same promise is returned.
   * @throws VcRoomError what stopped the first join, `aborted` when `leave()` took it back
   */
  join(order: JoinOrder): Promise<void> {
    const { press, listenOnly } = order;
    if (this.#run) {
      press.release();
      return this.#run.opened;
    }
    const { promise: opened, resolve, reject } = withResolvers();
    const run: Run = { opened, reject, press, stay: null };
    this.#run = run;
    this.#dispatch({ type: 'committed', listenOnly });
    order
      .load()
      .then((enter) => {
        if (this.#run !== run) return;
        run.stay = enter(order, this.#snapshot, (message) => {
          if (this.#run !== run) return;
          if (message.type === 'closed') this.#end(message.error);
          else this.#dispatch(message);
        });
        run.stay.hold(this.#held);
        return run.stay.opened.then(() => {
          if (this.#run !== run) return;
          this.#dispatch({ type: 'opened' });
          resolve();
        });
      })
      .catch((thrown: unknown) => {
        if (this.#run === run) this.#end(toVcRoomError(thrown));
      });
    return opened;
  }

  /** Idle in this task, whatever was going on. */
  leave(reason: 'left' | 'removed-from-page' = 'left'): void {
    if (this.#run) this.#end(undefined, new VcRoomError('aborted', reason, 'The join was taken back before it finished.'));
  }

  /** Unmuting also tries again for a microphone that was refused or missing. */
  setMicMuted(muted: boolean): void {
    this.#dispatch({ type: 'muted', muted });
    if (!muted) this.#run?.stay?.openMicrophone();
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
    this.#held = held;
    this.#run?.stay?.hold(held);
  }

  resumePlayback(): Promise<void> {
    return this.#run?.stay?.resumePlayback() ?? Promise.resolve();
  }

  #end(error: VcRoomError | undefined, rejection = error ?? toVcRoomError(undefined)): void {
    const run = this.#run;
    if (!run) return;
    this.#run = null;
    run.stay?.abandon(rejection);
    run.press.release();
    run.reject(rejection);
    this.#dispatch(error ? { type: 'closed', error } : { type: 'closed' });
  }

  #dispatch(message: Message): void {
    const before = this.#snapshot;
    const now = transition(before, message);
    if (now === before) return;
    this.#snapshot = now;
    this.#run?.stay?.follow(now);
    this.#changed(now, before);
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: VcRoomError) => void } {
  let resolve!: () => void;
  let reject!: (error: VcRoomError) => void;
  const promise = new Promise<void>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}

function clampVolume(volume: number): number {
  return Number.isFinite(volume) ? Math.min(2, Math.max(0, volume)) : 1;
}
