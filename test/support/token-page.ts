import type { Clock } from '../../src/room/suppliers.js';

/** What a scripted endpoint answers; the last one of a list is repeated. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How the answer ends: cut before it begins, never begun, never ended (pouring or silent). */
  readonly end?: 'reset' | 'hang' | 'endless' | 'half';
  /** `false`: the page may not read it. */
  readonly cors?: boolean;
  /** `true`: with a `Date` header, which the page may read. */
  readonly date?: boolean;
}

/** What an endpoint was sent. `closed`: the page hung up before the answer was complete. */
export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  closed: boolean;
}

async function tell<T>(path: string, wish: object = {}): Promise<T> {
  const response = await fetch(`/__tokens/${path}`, { method: 'POST', body: JSON.stringify(wish) });
  return (await response.json()) as T;
}

/** Where the stand-ins live: another origin than the tests'. */
export function standInOrigin(): Promise<string> {
  return tell<string>('origin');
}

let endpoints = 0;

/** An endpoint of its own that answers as told. */
export async function script(...answers: readonly ScriptedAnswer[]): Promise<{
  readonly url: string;
  /** Everything it was sent, once that are `count` requests, or once so many were hung up. */
  heard(count: number, closed?: boolean): Promise<readonly Heard[]>;
}> {
  const name = `${crypto.randomUUID()}-${++endpoints}`;
  await tell('script', { name, answers });
  return { url: `${await standInOrigin()}/scripted/${name}`, heard: (count, closed = false) => tell('heard', { name, count, closed }) };
}

/** What a strict service was last sent. */
export async function lastHeard(service: string): Promise<Heard | undefined> {
  return (await tell<Heard[]>('heard', { name: service, count: 0 })).at(-1);
}

const encoder = new TextEncoder();
const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** A signed JWT with exactly these claims. */
export async function sign(claims: unknown): Promise<string> {
  const part = (value: unknown): string => base64url(encoder.encode(JSON.stringify(value)));
  const input = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  const key = await crypto.subtle.importKey('raw', encoder.encode('0123456789abcdef0123456789abcdef'), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return `${input}.${base64url(new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(input))))}`;
}

/** Claims of a good token for the room "lounge", issued `at` (seconds), valid for an hour. */
export function goodClaims(at = Math.floor(Date.now() / 1000)): Record<string, unknown> {
  return { iss: 'devkey', sub: 'ada', name: 'Ada', iat: at, exp: at + 3600, video: { roomJoin: true, room: 'lounge' } };
}

/** A clock that stands still until told. */
export class TestClock implements Clock {
  #now: number;
  #timers: { at: number; delay: number; callback: () => void }[] = [];
  #waiting: { delay: number; resolve: () => void }[] = [];

  constructor(now = Date.now()) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(delay: number, callback: () => void): () => void {
    const timer = { at: this.#now + delay, delay, callback };
    this.#timers.push(timer);
    this.#waiting = this.#waiting.filter((wish) => wish.delay !== delay || wish.resolve());
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Resolves once somebody waits for so long. */
  waitedFor(delay: number): Promise<void> {
    if (this.#timers.some((timer) => timer.delay === delay)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ delay, resolve }));
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#timers.filter((timer) => timer.at <= this.#now);
    this.#timers = this.#timers.filter((timer) => timer.at > this.#now);
    for (const timer of due) timer.callback();
  }
}
