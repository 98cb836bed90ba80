/** What was heard of the other side, and since when nothing more. Times are ms of one clock. */
export interface Health {
  /** A number that grows as long as anything arrives. */
  readonly arrived: number;
  /** When it last grew. */
  readonly since: number;
  readonly lookedAt: number;
}

/**
 * ms of silence that are a fault; livekit-client needs 15 s to see it. Where everybody is muted only answers to STUN checks come, one every 2.5 s or so
 * (RFC 7675). A server whose signalling broke off as well is believed to be dead sooner.
 */
const silentAfter = {
  signalled: { sound: 2_000, muted: 6_000 },
  lost: { sound: 700, muted: 3_000 },
};
/** Timers that stood still this long belong to a page that was frozen or a machine that slept: what is old then says nothing. */
const asleepAfter = 3_000;
/** How long a page that has just woken up waits for a sign of life. */
const wakingTime = 1_000;

/** Pure: what is known after one more look. */
export function observe(before: Health | null, arrived: number, now: number): Health {
  // Less than before: connections were given up and took their counts along.
  if (!before || arrived > before.arrived) return { arrived, since: now, lookedAt: now };
  const slept = now - before.lookedAt > asleepAfter;
  return { arrived, since: slept ? now - silentAfter.signalled.sound + wakingTime : before.since, lookedAt: now };
}

/** What is expected: `sound` while anybody, myself included, is not muted; signalling that is `lost` or not. */
export interface Expectation {
  readonly media: 'sound' | 'muted';
  readonly signal: 'signalled' | 'lost';
}

/** Whether nothing has come for too long. */
export function isSilent({ since }: Health, now: number, { media, signal }: Expectation): boolean {
  return now - since >= silentAfter[signal][media];
}
