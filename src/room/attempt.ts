import { VcRoomError } from './errors.js';
import type { Message } from './machine.js';
import { patchFor } from './reports.js';
import type { DataReport } from './reports.js';
import type { JoinOrder, Levels, Stay } from './session.js';
import type { RoomSnapshot } from './snapshot.js';
import type { CheckedGrant, Connection, Suppliers, Track } from './suppliers.js';

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
  #connection: Connection | null = null;
  #snapshot: RoomSnapshot;
  #held = false;

  constructor(suppliers: Suppliers, order: JoinOrder, snapshot: RoomSnapshot, report: (message: Message) => void) {
    this.#suppliers = suppliers;
    this.#order = order;
    this.#snapshot = snapshot;
    this.#report = report;
    // In a task of its own, so that the session knows this attempt before it speaks.
    this.opened = Promise.resolve().then(() => this.#enter());
  }

  get sound(): Stay['sound'] {
    return this.#suppliers.sound;
  }

  get levels(): Levels {
    return { local: this.#suppliers.sound.level(), remote: this.#connection?.levels() ?? new Map() };
  }

  /** Ends this attempt or stay in this task; the goodbye to the server follows un-awaited. */
  abandon(error: VcRoomError): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort(error);
    this.#suppliers.sound.close();
    this.#connection?.close();
  }

  /** Makes sound and connection agree with what the snapshot says. */
  follow(next: RoomSnapshot): void {
    const before = this.#snapshot;
    this.#snapshot = next;
    if (this.#abort.signal.aborted) return;
    if (next.micMuted !== before.micMuted || next.capture !== before.capture) this.#followMicrophone();
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
    if (this.#order.listenOnly || this.#abort.signal.aborted) return;
    const { capture } = this.#snapshot;
    if (capture !== 'open' && capture !== 'requesting') this.#suppliers.sound.openMicrophone();
  }

  async resumePlayback(): Promise<void> {
    await this.#suppliers.sound.resume();
  }

  async #enter(): Promise<void> {
    const { signal } = this.#abort;
    signal.throwIfAborted();
    const order = this.#order;
    const { grants, sound } = this.#suppliers;
    sound.start((report) => this.#learn(report));
    // The gesture may have asked for it already; the graph takes over what comes of that.
    if (this.#snapshot.capture === 'requesting') sound.openMicrophone();
    this.#followMicrophone();
    this.#followGains();

    const { room, identity, displayName } = order;
    const ask = (fresh: boolean) => {
      this.#tell({ type: 'patched', change: { step: 'asking' } });
      return grants.ask({ room, identity, displayName }, { signal, fresh });
    };
    const grant = await ask(false);
    try {
      await this.#connect(grant);
    } catch (thrown) {
      signal.throwIfAborted();
      // A grant that was kept may have been revoked, or its room may be gone, since it was given.
      if (!isAgainstGrant(thrown) || !grants.reject(grant)) throw thrown;
      await this.#connect(await ask(true));
    }
  }

  async #connect(grant: CheckedGrant): Promise<void> {
    const { signal } = this.#abort;
    signal.throwIfAborted();
    this.#tell({ type: 'patched', change: { step: 'connecting' } });
    const { grants, sound, transport } = this.#suppliers;
    const mutedThen = this.#mutedForOthers;
    const connection = await transport.connect({
      serverUrl: grant.serverUrl,
      token: grant.token,
      track: grant.canPublish && !this.#order.listenOnly ? sound.outgoing : null,
      muted: mutedThen,
      rtcConfig: this.#order.rtcConfig,
      signal,
      report: (report) => {
        if (report.type === 'track') this.#play(report.identity, report.track);
        else if (report.type === 'ended') {
          if (isAgainstGrant(report.error) && !signal.aborted) grants.reject(grant);
          this.#tell({ type: 'closed', error: report.error });
        } else if (report.type === 'dropped' || report.type === 'restored') this.#tell(report);
        else this.#learn(report);
      },
    });
    if (signal.aborted) connection.close();
    signal.throwIfAborted();
    this.#connection = connection;
    if (this.#mutedForOthers !== mutedThen) connection.setMuted(this.#mutedForOthers);
  }

  /** Muted is what others are told whenever nothing can come: by choice, or because no microphone is open. */
  get #mutedForOthers(): boolean {
    return this.#snapshot.micMuted || this.#snapshot.capture !== 'open';
  }

  #followMicrophone(): void {
    if (this.#order.listenOnly) return;
    const { micMuted, capture } = this.#snapshot;
    // Who starts muted is asked for a microphone when they unmute, not before.
    if (!micMuted && capture === 'off') this.openMicrophone();
    this.#suppliers.sound.setTransmitting(!micMuted && !this.#held);
    this.#connection?.setMuted(this.#mutedForOthers);
  }

  #followGains(): void {
    const { deafened, volume, remoteParticipants } = this.#snapshot;
    const silent = deafened || this.#held;
    this.#suppliers.sound.setGains(
      new Map(remoteParticipants.map((person) => [person.identity, silent || person.locallyMuted ? 0 : Math.min(2, volume * person.volume)])),
    );
  }

  #play(identity: string, track: Track | null): void {
    if (!this.#abort.signal.aborted) this.#suppliers.sound.play(identity, track);
  }

  #learn(report: DataReport): void {
    this.#tell({ type: 'patched', change: patchFor(this.#snapshot, report) });
  }

  #tell(message: Message): void {
    if (!this.#abort.signal.aborted) this.#report(message);
  }
}

/** What the server says when the grant itself is at fault: the next join must not come with the same one. */
function isAgainstGrant(thrown: unknown): boolean {
  return thrown instanceof VcRoomError && ['token-rejected', 'room-closed', 'removed'].includes((thrown as VcRoomError).code);
}
