import type { Arrivals } from './suppliers.js';

/** What was heard of the other side, and since when nothing more. Times are ms of one clock. */
export interface Health {
  readonly arrived: Arrivals;
  /** When anything last arrived. */
  readonly since: number;
  /** When the other side last answered, which it does only to what it gets; null where browsers do not tell. */
  readonly answeredAt: number | null;
  /** Packets a second in the last look that found any. */
  readonly rate: number;
  /** Somebody spoke in that look or the one before: a voice may break off in the middle of a look. */
  readonly spoken: boolean;
  readonly lookedAt: number;
}

/**
 * ms of silence that are a fault; livekit-client needs 15 s to see it. Where everybody is muted only answers to STUN checks come, one every 2.5 s or so
 * (RFC 7675). A server whose signalling broke off as well is believed to be dead sooner; but while nobody talks, DTX sends only every 400 ms, and one of
 * those packets may be lost.
 */
const silentAfter = {
  signalled: { sound: 2_000, muted: 6_000 },
  lost: { sound: 500, muted: 3_000 },
};
/** The same where signalling is lost and nobody spoke. */
const pausingAfter = 1_000;
/** Packets a second from which somebody speaks: 50 or 100 against 2.5. */
const speech = 20;
/** ms without an answer, though sound arrives: what I send is lost on its way. */
const unansweredAfter = 6_000;
/** Timers that stood still this long belong to a page that was frozen or a machine that slept: what is old then says nothing. */
const asleepAfter = 3_000;
/** How long a page that has just woken up waits for a sign of life. */
const wakingTime = 1_000;

/** Pure: what is known after one more look. */
export function observe(before: Health | null, arrived: Arrivals, now: number): Health {
  const { total, answers } = arrived;
  const first = answers === null ? null : now;
  if (!before) return { arrived, since: now, answeredAt: first, rate: Infinity, spoken: true, lookedAt: now };
  const slept = now - before.lookedAt > asleepAfter;
  const isNews = total > before.arrived.total;
  const rate = isNews ? (1000 * (total - before.arrived.total)) / (now - before.lookedAt) : before.rate;
  const old = (limit: number, at: number): number => (slept ? now - limit + wakingTime : at);
  return {
    arrived,
    rate,
    spoken: isNews ? Math.max(rate, before.rate) > speech : before.spoken,
    since: isNews ? now : old(silentAfter.signalled.sound, before.since),
    answeredAt: answers === null || before.answeredAt === null || answers !== before.arrived.answers ? first : old(unansweredAfter, before.answeredAt),
    lookedAt: now,
  };
}

/** What is expected: `sound` while anybody, myself included, is not muted; signalling that is `lost` or not. */
export interface Expectation {
  readonly media: 'sound' | 'muted';
  readonly signal: 'signalled' | 'lost';
}

/** Whether nothing has come, or nothing that I send has got through, for too long. */
export function isSilent({ since, answeredAt, spoken }: Health, now: number, { media, signal }: Expectation): boolean {
  const limit = signal === 'lost' && media === 'sound' && !spoken ? pausingAfter : silentAfter[signal][media];
  return now - since >= limit || (answeredAt !== null && now - answeredAt >= unansweredAfter);
}
