import { VcRoomError, toVcRoomError } from './errors.js';
import { decide, isRefusal } from './recovery.js';
import { Roll } from './roll.js';
import type { CheckedGrant, Connection, ConnectionReport, GrantRequest, Statistics, Stays, Suppliers, Track } from './suppliers.js';
import { Watch } from './watch.js';
import type { Patience } from './watch.js';

/** What a supervisor tells; `dropped` and `restored` only of trouble that people can hear. */
export type SupervisorReport =
  | Exclude<ConnectionReport, { type: 'resuming' | 'resumed' | 'ended' }>
  | { readonly type: 'asking' }
  /** The request for a grant has left. */
  | { readonly type: 'asked' }
  | { readonly type: 'granted'; readonly canPublish: boolean }
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

/** ms from the begin of one probe of a server that does not answer to the next: quick at first, since most outages are restarts. */
const probeEvery = { first: 100, hanging: 300, later: 250, late: 500, hidden: 2_000, laterAfter: 5_000, lateAfter: 60_000 };
/** ms in which a probe must be answered. */
const probeLimit: Readonly<Record<Patience, number>> = { quick: 1_000, patient: 8_000 };
/** ms for which a grant that was asked for while the server was away counts as fresh. */
const freshFor = 10_000;
/** ms in which a request of ours that was given up may still reach the server, and put us out ourselves. */
const ghostsLive = 30_000;
/** ms from the click in which a way that was lost at the door has to be back: as long as any first way may take to stand. */
const doorLimit = 15_000;

/**
 * Holds the live connection and, once it no longer carries sound, its one successor. While the server lives and media flows the SDK resumes and nobody
 * is told anything. The server drops the old participant the moment the new one asks: so never two attempts at a time, never a replacement of a call that
 * still works, and never one in the dark, before the server has answered a probe.
 */
export class Supervisor {
  readonly #suppliers: Omit<Suppliers, 'sound' | 'atDoor'>;
  readonly #supervision: Supervision;
  /** The one whose reports count; the others are stale. */
  #generation: object = {};
  #connection: Connection | null = null;
  #grant: CheckedGrant | null = null;
  #isHealing = false;
  #isDropped = false;
  /** Signalling is lost, whatever media does. */
  #isResuming = false;
  #watch: Watch | null = null;
  readonly #roll: Roll;
  readonly #stay: ReturnType<Stays['begin']>;
  /** When a request was last given up that the server may have taken all the same. */
  #gaveUpAt = -Infinity;
  /** Ends what was made ready for a successor. */
  #prepared: AbortController | null = null;
  #wake: () => void = () => undefined;
  /** Ends the waiting of `open()`. */
  #whole: () => void = () => undefined;

  constructor(suppliers: Omit<Suppliers, 'sound' | 'atDoor'>, supervision: Supervision) {
    this.#suppliers = suppliers;
    this.#supervision = supervision;
    this.#roll = new Roll(suppliers.clock, (participants) => {
      if (!supervision.signal.aborted) supervision.report({ type: 'participants', participants });
    });
    this.#stay = suppliers.stays.begin();
    const unlisten = suppliers.lifecycle.listen(() => {
      this.#wake();
      void this.#watch?.look();
    });
    supervision.signal.addEventListener('abort', () => {
      unlisten();
      this.#watch?.stop();
      this.#roll.close();
      this.#stay.end();
      this.#letGo();
      this.#wake();
      this.#whole();
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
    // What an earlier join of ours asked for and took back may arrive after this one.
    if (this.#suppliers.grants.isOurs(grant)) this.#gaveUpAt = this.#suppliers.clock.now();
    if (!this.#mayKnock(grant)) await door;
    try {
      await this.#connect(grant).catch((thrown: unknown) => {
        if (toVcRoomError(thrown).code !== 'duplicate-identity' || !this.#mayBeGhost) throw thrown;
        this.#gaveUpAt = -Infinity;
        return this.#connect(grant);
      });
    } catch (thrown) {
      this.#supervision.signal.throwIfAborted();
      // A grant that was kept may have been revoked, or its room may be gone, since it was given.
      if (!isAgainstGrant(thrown) || !this.#suppliers.grants.reject(grant)) throw thrown;
      const fresh = await this.#ask(true);
      if (!this.#mayKnock(fresh)) await door;
      await this.#connect(fresh);
    }
    await door;
    if (this.#isDropped || this.#isResuming) await this.#untilWhole();
    this.#supervision.signal.throwIfAborted();
  }

  /**
   * Who was at the door when the way was lost comes in when there is one again.
   * @throws VcRoomError `unreachable`
   */
  async #untilWhole(): Promise<void> {
    const { clock, lifecycle } = this.#suppliers;
    const whole = new Promise<void>((resolve, reject) => {
      this.#whole = resolve;
      clock.after(doorLimit, () => reject(new VcRoomError('unreachable', lifecycle.online ? 'signal' : 'offline', 'The server was lost before the click.')));
    });
    // The person is here now.
    this.#wake();
    await whole;
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
    report({ type: 'granted', canPublish: grant.canPublish });
    return (this.#grant = grant);
  }

  /** Whether we may connect before the click: others must be able to tell us from a guest, and nobody may be put out by it. */
  #mayKnock(grant: CheckedGrant): boolean {
    return this.#supervision.track !== null && grant.canPublish && grant.canPublishData && this.#suppliers.grants.isOurs(grant);
  }

  /** One attempt; from its beginning on, what any earlier connection says is stale. */
  async #connect(grant: CheckedGrant): Promise<void> {
    const { track, rtcConfig, isMuted, expectsSound, door, report, signal } = this.#supervision;
    const generation = {};
    this.#generation = generation;
    report({ type: 'connecting' });
    this.#stay.enter(grant);
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
    this.#connection = connection;
    connection.setMuted(isMuted());
    this.#watch = new Watch({
      connection,
      clock: this.#suppliers.clock,
      expectsSound,
      answers: (patience, over) => this.#answers(patience, over),
      report: (seen) => {
        if (seen === 'silent') {
          this.#drop();
          this.#prepare();
        } else if (seen === 'alive') this.#restore();
        else void this.#heal(new VcRoomError('unreachable', 'media', 'Sound stopped arriving.'), true);
      },
    });
  }

  #hear(said: ConnectionReport): void {
    if (said.type === 'ended') void this.#heal(said.error, said.answered);
    else if (said.type === 'resuming') {
      this.#isResuming = true;
      this.#watch?.setSignal('lost');
      // A server that has restarted says so in a moment.
      this.#prepare();
    } else if (said.type === 'resumed') {
      this.#isResuming = false;
      this.#watch?.setSignal('signalled');
      if (!this.#isDropped) this.#settle();
    } else if (said.type === 'participants') this.#roll.hear(said.participants);
    else {
      if (said.type === 'standby') this.#roll.dismiss(said.identities);
      this.#supervision.report(said);
    }
  }

  /** Whether who puts us out may be a request of our own that was given up. */
  get #mayBeGhost(): boolean {
    return !this.#stay.isTakenOver && this.#suppliers.clock.now() - this.#gaveUpAt < ghostsLive;
  }

  /** Replaces the connection, however long it takes, unless the policy says that nothing can be done. `answered`: the server has just done so. */
  async #heal(first: VcRoomError, answered = false): Promise<void> {
    const { signal } = this.#supervision;
    if (this.#isHealing || signal.aborted) return;
    this.#isHealing = true;
    this.#isResuming = false;
    this.#watch?.stop();
    this.#generation = {};
    this.#connection?.retire();
    this.#prepare();
    let error = first;
    let refusals = 0;
    for (let attempt = 0; !signal.aborted; attempt++) {
      if (isRefusal(error)) refusals++;
      if (isAgainstGrant(error) && this.#grant) this.#suppliers.grants.reject(this.#grant);
      const { lifecycle } = this.#suppliers;
      const decision = decide(error, {
        attempt,
        refusals,
        // A browser may be wrong; who has just answered is not.
        online: answered || lifecycle.online,
        random: Math.random(),
        ghost: this.#mayBeGhost,
      });
      if (decision.type === 'stop') return this.#close(error);
      // Once for each request that was given up, so that two tabs never fight.
      if (error.code === 'duplicate-identity') this.#gaveUpAt = -Infinity;
      this.#drop();
      const woken = await this.#pause(decision.afterMs);
      if (woken) attempt = 0;
      try {
        const wasAnswered = answered;
        // That was before whatever happens from now on.
        answered = false;
        const grant = await this.#reach(decision.fresh, wasAnswered);
        signal.throwIfAborted();
        if (this.#stay.isTakenOver) return this.#close(new VcRoomError('duplicate-identity', 'elsewhere', 'Another tab entered under this identity.'));
        this.#roll.renew();
        await this.#connect(grant);
        this.#roll.settle();
        this.#isHealing = false;
        return this.#restore();
      } catch (thrown) {
        error = toVcRoomError(thrown);
        if (error.code === 'timeout' || error.code === 'unreachable') this.#gaveUpAt = this.#suppliers.clock.now();
      }
    }
  }

  #close(error: VcRoomError): void {
    this.#letGo();
    this.#supervision.report({ type: 'closed', error });
  }

  /** While the server is away there is time to have the successor ready. */
  #prepare(): void {
    if (this.#prepared || !this.#grant?.canPublish || !this.#supervision.track) return;
    this.#prepared = new AbortController();
    this.#suppliers.transport.prepare(this.#supervision.rtcConfig, this.#prepared.signal);
  }

  #letGo(): void {
    this.#prepared?.abort();
    this.#prepared = null;
  }

  /** A grant for a server that answers. Both are asked at the same time; a grant that waited long for its server is asked for again. */
  async #reach(fresh: boolean, answered: boolean): Promise<CheckedGrant> {
    const { clock } = this.#suppliers;
    const asked = this.#askAgain(fresh);
    asked.catch(() => undefined);
    if (answered) return asked;
    const begun = clock.now();
    await this.#untilAnswered();
    if (clock.now() - begun < freshFor) return asked;
    return this.#askAgain(fresh);
  }

  /** A token endpoint that is down at the worst time does not matter while the last grant may still be good. */
  async #askAgain(fresh: boolean): Promise<CheckedGrant> {
    try {
      return await this.#ask(fresh);
    } catch (thrown) {
      const isAway = thrown instanceof VcRoomError && (thrown.code === 'token-unreachable' || thrown.reason === 'request-headers');
      if (fresh || !this.#grant || !isAway) throw thrown;
      return this.#grant;
    }
  }

  /** A probe that hangs holds up the next only a little: browsers open six connections to a server and no more. */
  async #untilAnswered(): Promise<void> {
    const { clock, lifecycle } = this.#suppliers;
    const begun = clock.now();
    const over = new AbortController();
    let hanging = 0;
    let isOnePatient = false;
    while (!over.signal.aborted && !this.#supervision.signal.aborted) {
      const { first, hanging: patient, later, late, hidden, laterAfter, lateAfter } = probeEvery;
      const since = clock.now() - begun;
      const every = since < laterAfter ? first : since < lateAfter ? later : late;
      const pause = this.#pause(!lifecycle.visible ? hidden : hanging > 0 ? Math.max(patient, every) : every);
      hanging++;
      const patience = isOnePatient ? 'quick' : 'patient';
      isOnePatient = true;
      void this.#answers(patience, over.signal).then((answered) => {
        hanging--;
        if (patience === 'patient') isOnePatient = false;
        if (!answered || over.signal.aborted) return;
        over.abort();
        this.#wake();
      });
      await pause;
    }
    over.abort();
  }

  /** `over` ends the probe, when nobody wants to know any more. */
  async #answers(patience: Patience, over: AbortSignal): Promise<boolean> {
    if (!this.#grant) return true;
    const limit = new AbortController();
    const end = (): void => limit.abort();
    const cancel = this.#suppliers.clock.after(probeLimit[patience], end);
    over.addEventListener('abort', end);
    const answered = await this.#suppliers.transport.probe(this.#grant.serverUrl, limit.signal);
    cancel();
    over.removeEventListener('abort', end);
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
    this.#settle();
    this.#supervision.report({ type: 'restored' });
  }

  /** Sound is no trouble any more; nor, where that is said, is signalling. */
  #settle(): void {
    this.#letGo();
    if (!this.#isResuming) this.#whole();
  }
}

/** What the server says when the grant itself is at fault: the next attempt must not come with the same one. */
function isAgainstGrant(thrown: unknown): boolean {
  return thrown instanceof VcRoomError && ['token-rejected', 'room-closed', 'removed'].includes((thrown as VcRoomError).code);
}
