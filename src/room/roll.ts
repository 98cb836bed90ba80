import type { Clock, Person } from './suppliers.js';

/** ms in which who comes back has not left: a reload, a restart of the server, another network. */
const returnTime = 1_500;

/** Who is here, without blinking: who vanishes stays, marked, for a moment, in which they may come back under the same identity. */
export class Roll {
  readonly #clock: Clock;
  readonly #report: (people: readonly Person[]) => void;
  /** As the server said last. */
  #present: readonly Person[] = [];
  /** By identity; `until` is of the clock. */
  readonly #away = new Map<string, { readonly person: Person; readonly until: number }>();
  /** When the stays began that went on after a moment away, by identity. */
  readonly #since = new Map<string, number>();
  /** Who is known not to be in, so that there is nothing to wait for. */
  #dismissed: ReadonlySet<string> = new Set();
  #cancel: () => void = () => undefined;

  constructor(clock: Clock, report: (people: readonly Person[]) => void) {
    this.#clock = clock;
    this.#report = report;
  }

  /** All others, as the server says now. */
  hear(present: readonly Person[]): void {
    const now = new Set(present.map(({ identity }) => identity));
    const until = this.#clock.now() + returnTime;
    for (const person of this.#present) if (!now.has(person.identity)) this.#expect(person, until);
    this.#present = present;
    this.#tell();
  }

  /** All who stand at the door, as the server says now: who is only there has left the room, or was told of before it was known. */
  dismiss(identities: readonly string[]): void {
    this.#dismissed = new Set(identities);
    for (const identity of identities) this.#since.delete(identity);
    if (identities.filter((identity) => this.#away.delete(identity)).length > 0) this.#tell();
  }

  /** A new connection has to hear first of everybody; until `settle()` nobody has left. */
  renew(): void {
    for (const { person } of this.#away.values()) this.#expect(person, Infinity);
    for (const person of this.#present) this.#expect(person, Infinity);
    this.#present = [];
  }

  /** The new connection stands: who has not come along has a moment more. */
  settle(): void {
    const until = this.#clock.now() + returnTime;
    for (const { person } of this.#away.values()) this.#expect(person, until);
    this.#tell();
  }

  close(): void {
    this.#cancel();
  }

  #expect(person: Person, until: number): void {
    if (this.#dismissed.has(person.identity)) return;
    this.#away.set(person.identity, { person: { ...this.#going(person), connection: 'reconnecting' }, until });
  }

  #tell(): void {
    this.#cancel();
    const now = this.#clock.now();
    for (const { identity } of this.#present) {
      const before = this.#away.get(identity);
      if (before) this.#since.set(identity, before.person.joinedAt);
      this.#away.delete(identity);
    }
    for (const [identity, { until }] of this.#away)
      if (until <= now) {
        this.#away.delete(identity);
        this.#since.delete(identity);
      }
    const away = [...this.#away.values()];
    this.#report([...this.#present.map((person) => this.#going(person)), ...away.map(({ person }) => person)]);
    const next = Math.min(...away.map(({ until }) => until));
    if (Number.isFinite(next)) this.#cancel = this.#clock.after(next - now, () => this.#tell());
  }

  /** Who came back has joined when the stay that goes on began. */
  #going(person: Person): Person {
    return { ...person, joinedAt: this.#since.get(person.identity) ?? person.joinedAt };
  }
}
