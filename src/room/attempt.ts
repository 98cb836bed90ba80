import type { VcRoomError } from './errors.js';
import type { Message } from './machine.js';
import { patchFor } from './reports.js';
import type { DataReport } from './reports.js';
import type { JoinOrder, Levels, Stay } from './session.js';
import type { RoomSnapshot } from './snapshot.js';
import type { Person, Sound, Statistics, Suppliers } from './suppliers.js';
import { Supervisor } from './supervisor.js';
import type { SupervisorReport } from './supervisor.js';

/** For so long, in ms, making sound waits: at most for a grant, and for a connection to be on its way. The network takes longer, and both want the one thread. */
const headStart = { asking: 250, connecting: 10 };
/** For so long, in ms, whatever else can wait waits for the connection, where the transport does not tell. */
const patience = 1_000;

/**
 * One way into the room and, once it opened, the stay. Whoever holds an attempt can end it at any time in one task;
 * after that it reports nothing, whatever its suppliers still do.
 */
export class Attempt implements Stay {
  readonly opened: Promise<void>;

  readonly #suppliers: Suppliers;
  readonly #order: JoinOrder;
  readonly #report: (message: Message) => void;
  readonly #abort = new AbortController();
  readonly #supervisor: Supervisor;
  #snapshot: RoomSnapshot;
  /** By choice, or because the grant allows no more. */
  #listenOnly: boolean;
  #held = false;
  #isPrepared = false;
  #isCalm = false;
  #makeSound: () => void = () => undefined;
  #isMicrophoneAhead = false;
  #comeIn: () => void = () => undefined;
  /** Until the click, which it resolves with; `null` from then on. */
  #door: Promise<void> | null = new Promise((resolve) => (this.#comeIn = resolve));

  constructor(suppliers: Suppliers, order: JoinOrder, snapshot: RoomSnapshot, report: (message: Message) => void) {
    this.#suppliers = suppliers;
    this.#order = order;
    this.#snapshot = snapshot;
    this.#report = report;
    const { room, identity, displayName, rtcConfig, listenOnly } = order;
    this.#listenOnly = listenOnly;
    this.#supervisor = new Supervisor(suppliers, {
      request: { room, identity, displayName },
      rtcConfig,
      track: listenOnly ? null : () => suppliers.sound.outgoing,
      door: () => this.#door,
      isMuted: () => this.#isMutedForOthers,
      // At the door nobody is heard.
      expectsSound: () => !this.#door && (!this.#isMutedForOthers || this.#snapshot.remoteParticipants.some(({ muted }) => !muted)),
      report: (said) => this.#hear(said),
      signal: this.#abort.signal,
    });
    // In a task of its own, so that the session knows this attempt before it speaks.
    this.opened = Promise.resolve().then(() => this.#enter());
  }

  get sound(): Sound | null {
    return this.#isPrepared ? this.#suppliers.sound : null;
  }

  get levels(): Levels {
    return { local: this.sound?.level() ?? 0, remote: this.#supervisor.levels(), here: this.#snapshot.remoteParticipants };
  }

  commit(): void {
    this.#door = null;
    if (this.#isPrepared) this.#takeUp();
    this.#comeIn();
  }

  openMicrophoneAhead(): void {
    this.#isMicrophoneAhead = true;
    if (this.#isPrepared) this.#takeUp();
  }

  /** Ends this attempt or stay in this task; the goodbye to the server follows un-awaited. */
  abandon(error: VcRoomError): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort(error);
    this.sound?.close();
    if (this.#door) this.#suppliers.atDoor();
  }

  /** Makes sound and connection agree with what the snapshot says. */
  follow(next: RoomSnapshot): void {
    const before = this.#snapshot;
    this.#snapshot = next;
    if (this.#abort.signal.aborted) return;
    if (this.#door && next.remoteParticipants !== before.remoteParticipants) this.#suppliers.atDoor();
    if (next.micMuted !== before.micMuted || next.capture !== before.capture || next.talk !== before.talk) this.#followMicrophone();
    if (
      next.deafened !== before.deafened ||
      next.volume !== before.volume ||
      next.listening !== before.listening ||
      next.remoteParticipants !== before.remoteParticipants
    )
      this.#followGains();
  }

  hold(held: boolean): void {
    if (this.#held === held || this.#abort.signal.aborted) return;
    this.#held = held;
    this.#followMicrophone();
    this.#followGains();
  }

  /** Tries again for a microphone that was refused, missing or never asked for. */
  openMicrophone(): void {
    if (this.#listenOnly || this.#abort.signal.aborted) return;
    const { capture } = this.#snapshot;
    if (capture !== 'open' && capture !== 'requesting') this.sound?.openMicrophone();
  }

  async resumePlayback(): Promise<void> {
    await this.sound?.resume();
  }

  statistics(): Promise<Statistics | null> {
    return this.#supervisor.statistics();
  }

  async #enter(): Promise<void> {
    const { signal } = this.#abort;
    signal.throwIfAborted();
    const { clock } = this.#suppliers;
    const mayMakeSound = new Promise<void>((resolve) => (this.#makeSound = resolve));
    const cancel = clock.after(headStart.asking, this.#makeSound);
    const opening = this.#supervisor.open();
    await Promise.race([mayMakeSound, opening]);
    cancel();
    signal.throwIfAborted();

    const { sound } = this.#suppliers;
    sound.start((report) => this.#learn(report));
    this.#isPrepared = true;
    if (this.#listenOnly) sound.closeMicrophone();
    if (this.#isCalm) sound.denoise();
    this.#takeUp();
    this.#followGains();
    await opening;
    this.#calm();
  }

  /** The network works by itself now, and the thread is free for the rest. */
  #calm(): void {
    if (this.#isCalm || this.#abort.signal.aborted) return;
    this.#isCalm = true;
    this.#order.calm?.();
    this.sound?.denoise();
  }

  /** Muted is what others are told whenever nothing can come: before the click, by choice, or because no microphone is open. */
  get #isMutedForOthers(): boolean {
    return this.#door !== null || this.#snapshot.micMuted || this.#snapshot.capture !== 'open';
  }

  /** The gesture may have asked for a microphone already; the graph takes over what comes of that. */
  #takeUp(): void {
    const isAllowed = !this.#door || this.#isMicrophoneAhead;
    if (isAllowed && this.#snapshot.capture === 'requesting') this.sound?.openMicrophone();
    this.#followMicrophone();
  }

  #followMicrophone(): void {
    if (this.#listenOnly) return;
    const { micMuted, capture, talk } = this.#snapshot;
    // Who starts muted is asked for a microphone when they unmute, not before.
    if (!micMuted && capture === 'off') this.openMicrophone();
    this.sound?.setTransmitting(!this.#door && !micMuted && talk !== 'released' && !this.#held);
    this.#supervisor.followMute();
  }

  #followGains(): void {
    const { deafened, volume, remoteParticipants } = this.#snapshot;
    const silent = deafened || this.#held;
    this.sound?.setGains(
      new Map(remoteParticipants.map((person) => [person.identity, silent || person.locallyMuted ? 0 : Math.min(2, volume * person.volume)])),
    );
  }

  #hear(said: SupervisorReport): void {
    if (said.type === 'asked') {
      // Later on the supervisor has a successor ready.
      if (!this.#listenOnly && this.#snapshot.connectionState === 'joining') this.#suppliers.transport.prepare(this.#order.rtcConfig, this.#abort.signal);
    } else if (said.type === 'track') {
      if (this.#abort.signal.aborted) return;
      if (said.track) this.#order.mark('voice');
      this.#suppliers.sound.play(said.identity, said.track);
    } else if (said.type === 'granted') {
      this.#order.mark('grant');
      if (!said.canPublish) this.#onlyListen();
    } else if (said.type === 'asking' || said.type === 'connecting') {
      if (said.type === 'connecting') {
        this.#suppliers.clock.after(headStart.connecting, this.#makeSound);
        this.#suppliers.clock.after(patience, () => this.#calm());
      }
      if (this.#snapshot.connectionState === 'joining') this.#tell({ type: 'patched', change: { step: said.type } });
    } else if (said.type === 'negotiated') this.#calm();
    else if (said.type === 'dropped' || said.type === 'restored' || said.type === 'closed') this.#tell(said);
    else this.#learn(said);
  }

  /** Nobody would hear the microphone, which the press may have opened. */
  #onlyListen(): void {
    if (this.#listenOnly) return;
    this.#listenOnly = true;
    this.sound?.closeMicrophone();
    this.#tell({ type: 'patched', change: { listenOnly: true, capture: 'off' } });
  }

  #learn(report: DataReport): void {
    if (report.type === 'local') this.#order.mark('signal');
    if (report.type === 'participants') this.#silence(report.participants);
    if (report.type === 'capture' && report.capture === 'open') this.#order.mark('microphone');
    this.#tell({ type: 'patched', change: patchFor(this.#snapshot, report) });
  }

  /** Who left while the connection was away: nobody else says that their sound has ended. */
  #silence(now: readonly Person[]): void {
    const here = new Set(now.map(({ identity }) => identity));
    for (const { identity } of this.#snapshot.remoteParticipants) if (!here.has(identity)) this.sound?.play(identity, null);
  }

  #tell(message: Message): void {
    if (!this.#abort.signal.aborted) this.#report(message);
  }
}
