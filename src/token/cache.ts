import { clear, createStore, delMany, entries, get, set } from 'idb-keyval';
import type { UseStore } from 'idb-keyval';
import type { CheckedGrant, Clock } from '../room/suppliers.js';
import { within } from './deadline.js';

/** A grant that was just answered. */
export interface FreshGrant {
  readonly grant: CheckedGrant;
  /** Seconds that are left of it. */
  readonly life: number;
  /** `false`: in memory only, whatever the mode. */
  readonly storable: boolean;
}

export interface CacheOptions {
  readonly mode: 'persistent' | 'memory';
  readonly signal: AbortSignal;
  /** What is kept is dropped first. */
  readonly fresh: boolean;
  /** No other tab asks under this key now. */
  readonly alone: boolean;
}

interface Entry {
  readonly grant: CheckedGrant;
  /** Both in milliseconds since the epoch, as this device saw it. */
  readonly storedAt: number;
  readonly validUntil: number;
}

interface Flight {
  readonly grant: Promise<CheckedGrant>;
  readonly abort: AbortController;
  waiting: number;
  landed: boolean;
}

const databaseName = 'vc-room-grants';
/**
 * In `localStorage`, while something is stored: a name of what is, another one once something of it went. To find nothing in IndexedDB takes a first visit, which
 * has to make the database for that, 30 ms; and what was stored is remembered for as long as no tab forgets anything.
 */
const editionKey = 'vc-room:grants';
const usedShare = 0.8;
const databaseLimit = 1_500;
/** Longer than any endpoint is given; a frozen tab may hold the lock for ever. */
const lockLimit = 25_000;
const never = new AbortController().signal;

/**
 * Grants kept until 80 % of their life, in IndexedDB or in memory. A database that is missing, broken or hangs is replaced by memory without a word.
 * For each key one request is under way at a time: in the page, and where grants persist, by a Web Lock in the whole profile.
 * An instance is what one page knows; all instances share the database.
 */
export class GrantCache {
  readonly #clock: Clock;
  readonly #memory = new Map<string, Entry & { readonly edition: string | null }>();
  readonly #flights = new Map<string, Flight>();
  #store: UseStore | null = null;
  #broken = false;
  #generation = 0;
  /** Nothing is looked up before what was asked to go is gone. */
  #dropped: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Opens the database where there is something in it, so that nobody waits for that later. */
  open(): void {
    if (edition()) void this.#database((store) => get('', store));
  }

  /** What is kept under this key, else what `request` gets. The signal of `request` fires when nobody waits any more. */
  async ask(key: string, options: CacheOptions, request: (signal: AbortSignal) => Promise<FreshGrant>): Promise<CheckedGrant> {
    const { signal, fresh, mode } = options;
    signal.throwIfAborted();
    if (fresh) await this.drop((other) => other === key);
    else {
      const kept = await this.#find(key, mode);
      if (kept) return kept;
    }
    signal.throwIfAborted();
    let flight = this.#flights.get(key);
    if (!flight) {
      flight = this.#depart(key, options, request);
      this.#flights.set(key, flight);
    }
    return this.#await(key, flight, signal);
  }

  /** Forgets what matches, and what nobody can use any more. */
  drop(matches: (key: string, grant: CheckedGrant) => boolean): Promise<void> {
    for (const [key, { grant }] of this.#memory) if (matches(key, grant)) this.#memory.delete(key);
    if (!edition()) return Promise.resolve();
    const dropped = this.#database(async (store) => {
      const kept = await entries<string, unknown>(store);
      const gone = kept.filter(([key, value]) => !isEntry(value) || matches(key, value.grant) || !this.#isValid(value));
      if (gone.length === 0) return;
      await delMany(
        gone.map(([key]) => key),
        store,
      );
      setEdition(newEdition());
    });
    this.#dropped = Promise.all([this.#dropped, dropped]);
    return dropped;
  }

  /** Forgets everything, also what is under way. */
  async clear(): Promise<void> {
    this.#generation++;
    this.#memory.clear();
    this.#flights.clear();
    setEdition(null);
    await this.#database((store) => clear(store));
  }

  #depart(key: string, { mode, alone }: CacheOptions, request: (signal: AbortSignal) => Promise<FreshGrant>): Flight {
    const abort = new AbortController();
    const generation = this.#generation;
    const grant = new Promise<CheckedGrant>((resolve, reject) => {
      const work = async (): Promise<void> => {
        // Another element or tab may have been faster.
        const kept = alone ? null : await this.#find(key, mode);
        if (kept) return resolve(kept);
        const fresh = await request(abort.signal);
        flight.landed = true;
        this.#forgetFlight(key, flight);
        resolve(fresh.grant);
        if (generation === this.#generation) await this.#keep(key, mode, fresh);
      };
      const done = mode === 'persistent' && !alone ? this.#alone(key, abort.signal, work) : work();
      done.catch(reject).finally(() => this.#forgetFlight(key, flight));
    });
    const flight: Flight = { grant, abort, waiting: 0, landed: false };
    // Whoever waited may be gone.
    grant.catch(() => undefined);
    return flight;
  }

  async #await(key: string, flight: Flight, signal: AbortSignal): Promise<CheckedGrant> {
    let stop: () => void = () => undefined;
    const leave = (): void => {
      signal.removeEventListener('abort', stop);
      if (--flight.waiting > 0 || flight.landed) return;
      this.#forgetFlight(key, flight);
      flight.abort.abort(signal.reason);
    };
    const stopped = new Promise<never>((_, reject) => {
      stop = () => {
        // In this task: whoever asks may have a window open for it.
        leave();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', stop);
    });
    flight.waiting++;
    try {
      return await Promise.race([flight.grant, stopped]);
    } finally {
      if (!signal.aborted) leave();
    }
  }

  #forgetFlight(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }

  async #find(key: string, mode: CacheOptions['mode']): Promise<CheckedGrant | null> {
    await this.#dropped;
    const current = edition();
    const remembered = this.#memory.get(key);
    if (remembered && this.#isValid(remembered) && (remembered.edition ?? current) === current) return remembered.grant;
    this.#memory.delete(key);
    if (mode === 'memory' || !current) return null;
    const stored = await this.#database((store) => get<unknown>(key, store));
    if (!isEntry(stored) || !this.#isValid(stored)) return null;
    Object.freeze(stored.grant);
    this.#memory.set(key, { ...stored, edition: current });
    return stored.grant;
  }

  async #keep(key: string, mode: CacheOptions['mode'], { grant, life, storable }: FreshGrant): Promise<void> {
    const storedAt = this.#clock.now();
    const entry: Entry = { grant, storedAt, validUntil: storedAt + life * usedShare * 1000 };
    if (!this.#isValid(entry)) return;
    // Known in this task, and once it is stored until any tab forgets.
    const remembered = { ...entry, edition: null };
    this.#memory.set(key, remembered);
    if (mode === 'memory' || !storable) return;
    const into = edition() ?? newEdition();
    if (!setEdition(into)) return;
    const written = await this.#database((store) => set(key, entry, store).then(() => true));
    if (written && this.#memory.get(key) === remembered) this.#memory.set(key, { ...entry, edition: into });
    await this.drop(() => false);
  }

  /** A device clock that was set back makes an entry useless: nobody knows how old it is. */
  #isValid({ storedAt, validUntil }: Entry): boolean {
    const now = this.#clock.now();
    return storedAt <= now && now < validUntil;
  }

  /** `undefined` where there is no database that works; then never asked again while the page lives. */
  async #database<T>(work: (store: UseStore) => Promise<T>): Promise<T | undefined> {
    if (this.#broken) return undefined;
    try {
      return await within({ milliseconds: databaseLimit, late: () => new Error('IndexedDB hangs'), signal: never, clock: this.#clock }, () =>
        work((this.#store ??= createStore(databaseName, 'grants'))),
      );
    } catch {
      this.#broken = true;
      return undefined;
    }
  }

  async #alone(key: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    const { locks } = navigator as { locks?: LockManager };
    if (!locks) return work();
    const patience = new AbortController();
    const stop = (): void => patience.abort();
    const cancel = this.#clock.after(lockLimit, stop);
    signal.addEventListener('abort', stop);
    let begun = false;
    try {
      await locks.request(`vc-room:grant:${key}`, { signal: patience.signal }, () => {
        begun = true;
        cancel();
        return work();
      });
    } catch (thrown) {
      signal.throwIfAborted();
      if (begun) throw thrown;
      await work();
    } finally {
      cancel();
      signal.removeEventListener('abort', stop);
    }
  }
}

function edition(): string | null {
  try {
    return localStorage.getItem(editionKey);
  } catch {
    // Where this is refused, so is a database.
    return null;
  }
}

/** Whether that could be written. */
function setEdition(name: string | null): boolean {
  try {
    if (name) localStorage.setItem(editionKey, name);
    else localStorage.removeItem(editionKey);
    return true;
  } catch {
    // Refused, or full: grants are kept in memory.
    return false;
  }
}

function newEdition(): string {
  return `${Date.now()}-${Math.random()}`;
}

/** Other versions of this package, and anybody on this origin, may have written what is read. */
function isEntry(value: unknown): value is Entry {
  const { grant, storedAt, validUntil } = (value ?? {}) as Partial<Entry>;
  return typeof storedAt === 'number' && typeof validUntil === 'number' && typeof grant?.token === 'string' && typeof grant.serverUrl === 'string';
}
