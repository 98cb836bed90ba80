import { VcRoomError, toVcRoomError } from './errors.js';
import type { Message } from './machine.js';
import type { RoomSnapshot } from './snapshot.js';
import type { Connection, GrantRequest, Press, Sound, Suppliers, Track } from './suppliers.js';

/** What one join needs to know; frozen when the person pressed. */
export interface JoinOrder extends GrantRequest {
  readonly listenOnly: boolean;
  readonly rtcConfig: object | undefined;
  /** What the gesture opened already. */
  readonly press: Press;
  /** Loads and wires the parts; fails with `assets-blocked` when they cannot be fetched. */
  readonly load: () => Promise<Suppliers>;
}

/**
 * One way into the room and, once it opened, the stay. Whoever holds an attempt can end it at any time in one task;
 * after that it reports nothing, whatever its suppliers still do.
 */
export class Attempt {
  /** Settles with the first join: resolves when sound flows, rejects with a `VcRoomError`. */
  readonly opened: Promise<void>;

  readonly #order: JoinOrder;
  readonly #report: (message: Message) => void;
  readonly #abort = new AbortController();
  #rejectOpened: (error: VcRoomError) => void = () => undefined;
  #sound: Sound | null = null;
  #connection: Connection | null = null;
  #snapshot: RoomSnapshot;
  #held = false;

  constructor(order: JoinOrder, snapshot: RoomSnapshot, report: (message: Message) => void) {
    this.#order = order;
    this.#snapshot = snapshot;
    this.#report = report;
    this.opened = new Promise((resolve, reject) => {
      this.#rejectOpened = reject;
      // In a task of its own, so that the session knows this attempt before it speaks.
      queueMicrotask(() => void this.#enter().then(resolve, (thrown: unknown) => this.#fail(toVcRoomError(thrown))));
    });
  }

  get levels(): { readonly local: number; readonly remote: ReadonlyMap<string, number> } {
    return { local: this.#sound?.level() ?? 0, remote: this.#connection?.levels() ?? new Map() };
  }

  /** Ends this attempt or stay in this task; the goodbye to the server follows un-awaited. */
  abandon(error: VcRoomError): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort(error);
    this.#rejectOpened(error);
    this.#sound?.close();
    this.#order.press.release();
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
    if (capture !== 'open' && capture !== 'requesting') this.#sound?.openMicrophone();
  }

  async resumePlayback(): Promise<void> {
    await this.#sound?.resume();
  }

  async #enter(): Promise<void> {
    const { signal } = this.#abort;
    const order = this.#order;
    const { grants, sound, transport } = await order.load();
    if (signal.aborted) return sound.close();
    this.#sound = sound;
    sound.start((report) => this.#tell(report));
    // The gesture may have asked for it already; the graph takes over what comes of that.
    if (this.#snapshot.capture === 'requesting') sound.openMicrophone();
    this.#followMicrophone();
    this.#followGains();

    this.#tell({ type: 'stepped', step: 'asking' });
    const { room, identity, displayName } = order;
    const grant = await grants.ask({ room, identity, displayName }, { signal, fresh: false });
    signal.throwIfAborted();

    this.#tell({ type: 'stepped', step: 'connecting' });
    const publishes = grant.canPublish && !order.listenOnly;
    const mutedThen = this.#mutedForOthers;
    const connection = await transport.connect({
      serverUrl: grant.serverUrl,
      token: grant.token,
      track: publishes ? sound.outgoing : null,
      muted: mutedThen,
      rtcConfig: order.rtcConfig,
      signal,
      report: (report) => {
        if (report.type === 'track') this.#play(report.identity, report.track);
        else if (report.type === 'ended') this.#fail(report.error);
        else this.#tell(report);
      },
    });
    if (signal.aborted) return connection.close();
    this.#connection = connection;
    if (this.#mutedForOthers !== mutedThen) connection.setMuted(this.#mutedForOthers);
    this.#tell({ type: 'opened' });
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
    this.#sound?.setTransmitting(!micMuted && !this.#held);
    this.#connection?.setMuted(this.#mutedForOthers);
  }

  #followGains(): void {
    const { deafened, volume, remoteParticipants } = this.#snapshot;
    const silent = deafened || this.#held;
    this.#sound?.setGains(new Map(remoteParticipants.map((person) => [person.identity, silent || person.locallyMuted ? 0 : Math.min(2, volume * person.volume)])));
  }

  #play(identity: string, track: Track | null): void {
    if (!this.#abort.signal.aborted) this.#sound?.play(identity, track);
  }

  #tell(message: Message): void {
    if (!this.#abort.signal.aborted) this.#report(message);
  }

  #fail(error: VcRoomError): void {
    this.#tell({ type: 'closed', error });
    this.abandon(error);
  }
}
