import { VcRoomError, toVcRoomError } from './errors.js';
import { isSilent, observe } from './health.js';
import type { Health } from './health.js';
import { decide } from './recovery.js';
import type { CheckedGrant, Connection, ConnectionReport, GrantRequest, Person, Statistics, Suppliers, Track } from './suppliers.js';

/** What a supervisor tells; `dropped` and `restored` only of trouble that people can hear. */
export type SupervisorReport =
  | Exclude<ConnectionReport, { type: 'resuming' | 'resumed' | 'ended' }>
  | { readonly type: 'asking' }
  /** The request for a grant has left. */
  | { readonly type: 'asked' }
  | { readonly type: 'granted' }
  | { readonly type: 'connecting' }
  | { readonly type: 'dropped' }
  | { readonly type: 'restored' }
  /** It cannot be healed, or must not be. */
  | { readonly type: 'closed'; readonly error: VcRoomError };

export interface Supervision {
  readonly request: GrantRequest;
  readonly rtcConfig: object | undefined;
  /** `null`: never publishes. */
  readonly track: (() => Track) | null;
  /** `null` once we may be seen, as of now; before, it resolves then. */
  readonly door: () => Promise<void> | null;
  /** Whether others are to see me muted, as of now. */
  readonly isMuted: () => boolean;
  /** Whether anybody, myself included, is not muted, as of now. */
  readonly expectsSound: () => boolean;
  readonly report: (report: SupervisorReport) => void;
  /** Ends everything, in the task of the abort. */
  readonly signal: AbortSignal;
}

/** ms between two looks at what arrives. */
const lookEvery = { signalled: 500, lost: 200 };
/** ms between two probes of a server that does not answer: quick at first, since most outages are restarts. */
const probeEvery = { first: 100, later: 500, hidden: 2_000, laterAfter: 5_000 };
/** ms in which a probe must be answered. */
const probeLimit = 1_000;
/** ms in which those who were here may come back after a recovery without having left. */
const returnTime = 1_500;
/** ms that media is given to come back once the server answers again, before the connection is replaced. */
const lastChance = 400;

/**
 * Holds the live connection and, once it no longer carries sound, its one successor. While the server lives and media flows the SDK resumes and nobody
 * is told anything. The server drops the old participant the moment the new one asks: so never two attempts at a time, never a replacement of a call that
 * still works, and never one in the dark, before the server has answered a probe.
 */
export class Supervisor {
  readonly #suppliers: Omit<Suppliers, 'sound'>;
  readonly #supervision: Supervision;
  /** The one whose reports count; the others are stale. */
  #generation: object = {};
  #connection: Connection | null = null;
  #grant: CheckedGrant | null = null;
  #isHealing = false;
  #isDropped = false;
  #health: Health | null = null;
  #signal: 'signalled' | 'lost' = 'signalled';
  #stopLooking: () => void = () => undefined;
  #stopAwaiting: () => void = () => undefined;
  /** The others, as the server said last. */
  #present: readonly Person[] = [];
  #awaited: readonly Person[] = [];
  #wake: () => void = () => undefined;

  constructor(suppliers: Omit<Suppliers, 'sound'>, supervision: Supervision) {
    this.#suppliers = suppliers;
    this.#supervision = supervision;
    const unlisten = suppliers.lifecycle.listen(() => {
      this.#wake();
      void this.#look();
    });
    supervision.signal.addEventListener('abort', () => {
      unlisten();
      this.#stopLooking();
      this.#stopAwaiting();
      this.#wake();
      this.#generation = {};
      this.#connection?.close();
    });
  }

  /**
   * The first way in, which ends at the door while that is shut: one attempt, or two where a grant that was kept turns out to be stale.
   * @throws VcRoomError why it failed
   */
  async open(): Promise<void> {
    const grant = await this.#ask(false);
    const door = this.#supervision.door();
    if (!this.#mayKnock(grant)) await door;
    try {
      await this.#connect(grant);
    } catch (thrown) {
      this.#supervision.signal.throwIfAborted();
      // A grant that was kept may have been revoked, or its room may be gone, since it was given.
      if (!isAgainstGrant(thrown) || !this.#suppliers.grants.reject(grant)) throw thrown;
      const fresh = await this.#ask(true);
      if (!this.#mayKnock(fresh)) await door;
      await this.#connect(fresh);
    }
    this.#scheduleLook();
    await door;
  }

  levels(): ReadonlyMap<string, number> {
    return this.#connection?.levels() ?? new Map();
  }

  statistics(): Promise<Statistics | null> {
    return this.#connection?.statistics() ?? Promise.resolve(null);
  }

  /** Tells the others what `isMuted` says now. */
  followMute(): void {
    this.#connection?.setMuted(this.#supervision.isMuted());
  }

  async #ask(fresh: boolean): Promise<CheckedGrant> {
    const { request, report, signal } = this.#supervision;
    report({ type: 'asking' });
    const grant = await this.#suppliers.grants.ask(request, { signal, fresh, sent: () => report({ type: 'asked' }) });
    signal.throwIfAborted();
    report({ type: 'granted' });
    return (this.#grant = grant);
  }

  /** Whether we may connect before the click: others must be able to tell us from a guest, and nobody may be put out by it. */
  #mayKnock(grant: CheckedGrant): boolean {
    return this.#supervision.track !== null && grant.canPublish && grant.canPublishData && this.#suppliers.grants.isOurs(grant);
  }

  /** One attempt; from its beginning on, what any earlier connection says is stale. */
  async #connect(grant: CheckedGrant): Promise<void> {
    const { track, rtcConfig, isMuted, door, report, signal } = this.#supervision;
    const generation = {};
    this.#generation = generation;
    report({ type: 'connecting' });
    const connection = await this.#suppliers.transport.connect({
      serverUrl: grant.serverUrl,
      token: grant.token,
      track: grant.canPublish ? track : null,
      isMuted,
      door: door(),
      rtcConfig,
      signal,
      report: (said) => {
        if (this.#generation === generation) this.#hear(said);
      },
    });
    if (signal.aborted || this.#generation !== generation) connection.close();
    signal.throwIfAborted();
    this.#connection?.close();
    this.#connection = connection;
    this.#health = null;
    this.#signal = 'signalled';
    connection.setMuted(isMuted());
  }

  #hear(said: ConnectionReport): void {
    if (said.type === 'ended') void this.#heal(said.error);
    else if (said.type === 'resuming' || said.type === 'resumed') {
      this.#signal = said.type === 'resuming' ? 'lost' : 'signalled';
      void this.#look();
    } else if (said.type === 'participants') {
      this.#present = said.participants;
      this.#tellPresent();
    } else this.#supervision.report(said);
  }

  /** Right after a recovery, who was here before and is not yet back is on the way: they stay, marked, for a moment. */
  #tellPresent(): void {
    const back = new Set(this.#present.map(({ identity }) => identity));
    const awaited = this.#awaited.filter(({ identity }) => !back.has(identity));
    this.#supervision.report({ type: 'participants', participants: [...this.#present, ...awaited] });
  }

  #awaitReturn(): void {
    this.#tellPresent();
    this.#stopAwaiting();
    this.#stopAwaiting = this.#suppliers.clock.after(returnTime, () => {
      this.#awaited = [];
      if (!this.#supervision.signal.aborted) this.#tellPresent();
    });
  }

  /** Looks whether anything arrives, and goes on looking. */
  async #look(): Promise<void> {
    const { clock } = this.#suppliers;
    const connection = this.#connection;
    if (!connection || this.#isHealing || this.#supervision.signal.aborted) return;
    this.#stopLooking();
    const arrived = await connection.arrived();
    if (connection !== this.#connection || this.#isHealing || this.#supervision.signal.aborted) return;
    if (arrived !== null) {
      const before = this.#health;
      this.#health = observe(before, arrived, clock.now());
      if (isSilent(this.#health, clock.now(), { media: this.#supervision.expectsSound() ? 'sound' : 'muted', signal: this.#signal })) {
        this.#drop();
        const error = new VcRoomError('unreachable', 'media', 'Sound stopped arriving.');
        if (this.#signal === 'lost') return void this.#heal(error);
        // Nothing is replaced in the dark: the server may be frozen, or the network down for both.
        if (await this.#answers()) {
          await this.#pause(lastChance);
          const late = await connection.arrived();
          if (connection === this.#connection && !this.#isHealing && late !== null && late <= arrived) return void this.#heal(error);
        }
      } else if (before && arrived > before.arrived) this.#restore();
    }
    this.#scheduleLook();
  }

  #scheduleLook(): void {
    this.#stopLooking();
    if (!this.#supervision.signal.aborted) this.#stopLooking = this.#suppliers.clock.after(lookEvery[this.#signal], () => void this.#look());
  }

  /** Replaces the connection, however long it takes, unless the policy says that nothing can be done. */
  async #heal(first: VcRoomError): Promise<void> {
    const { signal, report } = this.#supervision;
    if (this.#isHealing || signal.aborted) return;
    this.#isHealing = true;
    this.#stopLooking();
    this.#generation = {};
    this.#connection?.retire();
    const known = this.#present;
    let error = first;
    for (let attempt = 0; !signal.aborted; attempt++) {
      if (isAgainstGrant(error) && this.#grant) this.#suppliers.grants.reject(this.#grant);
      const decision = decide(error, { attempt, online: this.#suppliers.lifecycle.online, random: Math.random() });
      if (decision.type === 'stop') return report({ type: 'closed', error });
      this.#drop();
      const woken = await this.#pause(decision.afterMs);
      if (woken) attempt = 0;
      await this.#untilAnswered();
      if (signal.aborted) return;
      try {
        const grant = await this.#askAgain(decision.fresh);
        this.#present = [];
        this.#awaited = known.map((person) => ({ ...person, connection: 'reconnecting' }));
        await this.#connect(grant);
        this.#awaitReturn();
        this.#isHealing = false;
        this.#restore();
        return this.#scheduleLook();
      } catch (thrown) {
        error = toVcRoomError(thrown);
      }
    }
  }

  /** A token endpoint that is down at the worst time does not matter while the last grant may still be good. */
  async #askAgain(fresh: boolean): Promise<CheckedGrant> {
    try {
      return await this.#ask(fresh);
    } catch (thrown) {
      if (fresh || !this.#grant || !(thrown instanceof VcRoomError) || thrown.code !== 'token-unreachable') throw thrown;
      return this.#grant;
    }
  }

  async #untilAnswered(): Promise<void> {
    const { clock, lifecycle } = this.#suppliers;
    const begun = clock.now();
    while (!this.#supervision.signal.aborted && !(await this.#answers())) {
      const { first, later, hidden, laterAfter } = probeEvery;
      await this.#pause(!lifecycle.visible ? hidden : clock.now() - begun < laterAfter ? first : later);
    }
  }

  async #answers(): Promise<boolean> {
    if (!this.#grant) return true;
    const limit = new AbortController();
    const cancel = this.#suppliers.clock.after(probeLimit, () => limit.abort());
    const answered = await this.#suppliers.transport.probe(this.#grant.serverUrl, limit.signal);
    cancel();
    return answered;
  }

  /** Ends early, and says so, when the page hears of a network, is shown or wakes up, and when all is over. */
  #pause(ms: number): Promise<boolean> {
    if (ms === 0 || this.#supervision.signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const cancel = this.#suppliers.clock.after(ms, () => resolve(false));
      this.#wake = () => {
        cancel();
        resolve(true);
      };
    });
  }

  #drop(): void {
    if (this.#isDropped) return;
    this.#isDropped = true;
    this.#supervision.report({ type: 'dropped' });
  }

  #restore(): void {
    if (!this.#isDropped) return;
    this.#isDropped = false;
    this.#supervision.report({ type: 'restored' });
  }
}

/** What the server says when the grant itself is at fault: the next attempt must not come with the same one. */
function isAgainstGrant(thrown: unknown): boolean {
  return thrown instanceof VcRoomError && ['token-rejected', 'room-closed', 'removed'].includes((thrown as VcRoomError).code);
}
