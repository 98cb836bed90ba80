/** Ms between two looks, and how many looks in a row may find nothing new. */
const every = 1_000;
const patience = 3;

/** While only signalling is lost nobody needs to know, as long as media arrives: tells when it no longer does, and when it does again. */
export class MediaWatch {
  readonly #timer: ReturnType<typeof setInterval>;
  #before: number | null = null;
  #empty = 0;

  /** `look` answers null where nothing can be known. */
  constructor(look: () => Promise<RTCStatsReport | null>, tell: (arrives: boolean) => void) {
    this.#timer = setInterval(() => {
      void look().then((report) => {
        if (!report) return;
        const before = this.#before;
        const now = (this.#before = arrivals(report));
        // The first look has nothing to compare with.
        if (before === null) return;
        // Less than before: pairs were given up and took their counts along.
        this.#empty = now > before ? 0 : this.#empty + 1;
        if (this.#empty === 0 || this.#empty === patience) tell(this.#empty === 0);
      });
    }, every);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/**
 * A number that grows as long as anything arrives from the other side: payload, or answers to STUN checks
 * (webrtc-stats: RTCTransportStats.bytesReceived counts no STUN, a pair's responsesReceived nothing else).
 */
function arrivals(report: RTCStatsReport): number {
  let count = 0;
  report.forEach((stats: { type: string; bytesReceived?: number; responsesReceived?: number }) => {
    if (stats.type === 'transport' || stats.type === 'candidate-pair') count += (stats.bytesReceived ?? 0) + (stats.responsesReceived ?? 0);
  });
  return count;
}
