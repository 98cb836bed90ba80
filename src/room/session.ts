import { VcRoomError, toVcRoomError } from './errors.js';
import { transition } from './machine.js';
import type { Message } from './machine.js';
import { initialSnapshot } from './snapshot.js';
import type { Device, Listening, Participant, RoomSnapshot, Talk } from './snapshot.js';
import type { GrantRequest, Press, Sound, Statistics } from './suppliers.js';
import type { TimelineStep } from './timeline.js';

/** Loudness as of now, 0 to 1: my own and, by identity, everybody's who sends. Of a join that nobody has committed yet this and who is in is all that is told. */
export interface Levels {
  readonly local: number;
  readonly remote: ReadonlyMap<string, number>;
  readonly here: readonly Participant[];
}

/** What one join needs to know; frozen when the person pressed. */
export interface JoinOrder extends GrantRequest {
  readonly listenOnly: boolean;
  readonly rtcConfig: object | undefined;
  /** What the gesture opened already. */
  readonly press: Press;
  readonly mark: (step: TimelineStep) => void;
  /** Told when the thread is free for what is not needed to be heard: the network works by itself until sound flows. Once. */
  readonly calm?: () => void;
  /** Loads what carries a join out; fails with `assets-blocked` when it cannot be fetched. */
  readonly load: () => Promise<(order: JoinOrder, snapshot: RoomSnapshot, report: (message: Message) => void) => Stay>;
}

/** A join under way and the stay that it becomes. After `abandon()` it reports nothing. */
export interface Stay {
  /** Resolves when sound flows; not before `commit()`. */
  readonly opened: Promise<void>;
  readonly levels: Levels;
  /** What can be changed while talking. */
  readonly sound: Pick<Sound, 'setNoiseSuppression' | 'setInputDevice' | 'setOutputDevice' | 'cue' | 'level' | 'diagnostics'> | null;
  /** From now on one may be heard. Call it within the gesture. */
  commit(): void;
  /** The gesture that may become a click has asked for the microphone: it may enter the graph, behind the shut gate. */
  openMicrophoneAhead(): void;
  /** Makes sound and connection agree with what the snapshot says. */
  follow(snapshot: RoomSnapshot): void;
  hold(held: boolean): void;
  openMicrophone(): void;
  resumePlayback(): Promise<void>;
  /** What the connection has counted so far; null while there is none. */
  statistics(): Promise<Statistics | null>;
  /** Ends it in this task; the goodbye to the server follows un-awaited. */
  abandon(error: VcRoomError): void;
}

/** From the press on; its object identity is the generation that makes late reports harmless. */
interface Run {
  readonly order: JoinOrder;
  stay: Stay | null;
  isMicrophoneAhead: boolean;
  /** Where this attempt stands while nobody has committed it: a snapshot that nobody sees. */
  ahead: RoomSnapshot | null;
  /** What `commit()` returns. */
  readonly opened: Opened;
}

interface Opened {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: VcRoomError) => void;
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

  /** Nothing was begun, seen or unseen. */
  get isFree(): boolean {
    return !this.#run;
  }

  /** The promise of the join that is under way or has succeeded; null while idle. */
  get opened(): Promise<void> | null {
    return this.#run && !this.#run.ahead ? this.#run.opened.promise : null;
  }

  /**
   * Begins a join that nobody sees or hears until `commit()`; one that fails before is forgotten. While there is one already its press is released.
   * @returns lets go of this one, unless it was committed
   */
  prepare(order: JoinOrder): () => void {
    if (this.#run) {
      order.press.release();
      return () => undefined;
    }
    const run: Run = {
      order,
      stay: null,
      isMicrophoneAhead: false,
      opened: withResolvers(),
      ahead: transition(this.#snapshot, { type: 'committed', listenOnly: order.listenOnly }),
    };
    this.#run = run;
    order
      .load()
      .then((enter) => {
        if (this.#run !== run) return;
        order.mark('code');
        run.stay = enter(order, run.ahead ?? this.#snapshot, (message) => {
          if (this.#run !== run) return;
          if (message.type === 'closed') this.#end(message.error);
          else this.#dispatch(message, run.ahead !== null);
        });
        run.stay.hold(this.#held);
        if (run.isMicrophoneAhead) run.stay.openMicrophoneAhead();
        if (!run.ahead) run.stay.commit();
        return run.stay.opened.then(() => {
          if (this.#run !== run) return;
          order.mark('joined');
          this.#dispatch({ type: 'opened' });
          run.opened.resolve();
        });
      })
      .catch((thrown: unknown) => {
        if (this.#run === run) this.#end(toVcRoomError(thrown));
      });
    return () => {
      if (this.#run === run && run.ahead) this.leave();
    };
  }

  /** The press of who is about to commit opened the microphone: it need not wait for the click to enter the graph. */
  openMicrophoneAhead(): void {
    if (!this.#run) return;
    this.#run.isMicrophoneAhead = true;
    this.#run.stay?.openMicrophoneAhead();
  }

  /**
   * Joining from now on, with what `prepare()` began. While joining or joined the same promise is returned.
   * @throws VcRoomError what stopped the first join, `aborted` when `leave()` took it back
   */
  commit(): Promise<void> {
    const run = this.#run;
    if (!run) throw new TypeError('commit() comes after prepare()');
    if (run.ahead) {
      const before = this.#snapshot;
      this.#snapshot = run.ahead;
      run.ahead = null;
      run.order.mark('click');
      run.stay?.commit();
      this.#changed(this.#snapshot, before);
    }
    return run.opened.promise;
  }

  /** Idle in this task, whatever was going on. */
  leave(reason: 'left' | 'removed-from-page' = 'left'): void {
    if (this.#run) this.#end(undefined, new VcRoomError('aborted', reason, 'The join was taken back.'));
  }

  /** Unmuting also tries again for a microphone that was refused or missing. */
  setMicMuted(muted: boolean): void {
    this.#dispatch({ type: 'muted', muted });
    if (!muted) this.#run?.stay?.openMicrophone();
  }

  /** Push-to-talk: nothing is sent while released, whatever else is said. */
  setTalk(talk: Talk): void {
    this.#dispatch({ type: 'talk', talk });
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
    this.#dispatch({ type: 'listening', identity, listening: { volume: clampVolume(volume) } });
  }

  muteParticipant(identity: string, locallyMuted: boolean): void {
    this.#dispatch({ type: 'listening', identity, listening: { locallyMuted } });
  }

  /** How people were heard at an earlier visit, by identity. */
  recall(listening: Readonly<Record<string, Listening>>): void {
    this.#dispatch({ type: 'recalled', listening });
  }

  /** Nothing that was said about how people are heard counts any more. */
  forget(): void {
    this.#dispatch({ type: 'forgotten' });
  }

  /** What plays from now; null: the system's default. */
  setOutput(device: Device | null): void {
    this.#dispatch({ type: 'output', device });
  }

  statistics(): Promise<Statistics | null> {
    return this.#run?.stay?.statistics() ?? Promise.resolve(null);
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
    run.order.press.release();
    // Nobody knows that there was anything.
    if (run.ahead) return;
    run.opened.reject(rejection);
    this.#dispatch(error ? { type: 'closed', error } : { type: 'closed' });
  }

  /** `hidden`: what an attempt reports that nobody has committed. */
  #dispatch(message: Message, hidden = false): void {
    const run = this.#run;
    if (run?.ahead) {
      run.ahead = transition(run.ahead, message);
      run.stay?.follow(run.ahead);
    }
    if (hidden) return;
    const before = this.#snapshot;
    const now = transition(before, message);
    if (now === before) return;
    this.#snapshot = now;
    if (!run?.ahead) run?.stay?.follow(now);
    this.#changed(now, before);
  }
}

function withResolvers(): Opened {
  let resolve!: () => void;
  let reject!: (error: VcRoomError) => void;
  const promise = new Promise<void>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}

function clampVolume(volume: number): number {
  // What was stored may be no number.
  const nearest = Math.min(2, Math.max(0, volume));
  return Number.isNaN(nearest) ? 1 : nearest;
}
