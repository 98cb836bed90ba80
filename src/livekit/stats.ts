import type { Arrivals, Ends, Statistics } from '../room/suppliers.js';

/**
 * What has come from the other side: payload, and answers to STUN checks
 * (webrtc-stats: RTCTransportStats.bytesReceived counts no STUN, a pair's responsesReceived nothing else).
 */
export function arrivals(report: RTCStatsReport): Arrivals {
  let bytes = 0;
  let answers: number | null = null;
  report.forEach((stats: { type: string; bytesReceived?: number; responsesReceived?: number }) => {
    if (stats.type !== 'transport' && stats.type !== 'candidate-pair') return;
    bytes += stats.bytesReceived ?? 0;
    if (stats.responsesReceived !== undefined) answers = (answers ?? 0) + stats.responsesReceived;
  });
  return { total: bytes + (answers ?? 0), answers };
}

/** What is read of RTCStats; https://www.w3.org/TR/webrtc-stats/ */
interface Entry {
  readonly id: string;
  readonly type: string;
  readonly bytesSent?: number;
  readonly bytesReceived?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly fractionLost?: number;
  readonly jitter?: number;
  readonly roundTripTime?: number;
  readonly currentRoundTripTime?: number;
  readonly selectedCandidatePairId?: string;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly candidateType?: string;
  readonly protocol?: string;
  readonly relayProtocol?: string;
}

/** Sums up what senders and receivers tell; every stream counts once, in however many reports it stands. */
export function statisticsOf(reports: readonly RTCStatsReport[], at: number, ends: Ends): Statistics {
  const entries = new Map<string, Entry>();
  for (const report of reports) report.forEach((entry: Entry) => entries.set(entry.id, entry));
  const all = [...entries.values()];
  const ofType = (type: string): Entry[] => all.filter((entry) => entry.type === type);
  const sum = (of: readonly Entry[], key: 'bytesSent' | 'bytesReceived' | 'packetsReceived' | 'packetsLost'): number =>
    of.reduce((total, entry) => total + (entry[key] ?? 0), 0);
  const largest = (values: readonly (number | undefined)[]): number | null => {
    const known = values.filter((value) => value !== undefined);
    return known.length ? Math.max(...known) : null;
  };
  const inMs = (seconds: number | null): number | null => seconds && Math.round(1000 * seconds);

  const received = ofType('inbound-rtp');
  const heard = ofType('remote-inbound-rtp');
  const selected = new Set(ofType('transport').map(({ selectedCandidatePairId }) => selectedCandidatePairId));
  const pairs = ofType('candidate-pair').filter(({ id }) => selected.has(id));
  const [pair] = pairs;
  const local = entries.get(pair?.localCandidateId ?? '');
  const remote = entries.get(pair?.remoteCandidateId ?? '');
  return {
    at,
    sentBytes: sum(ofType('outbound-rtp'), 'bytesSent'),
    receivedBytes: sum(received, 'bytesReceived'),
    receivedPackets: sum(received, 'packetsReceived'),
    lostPackets: sum(received, 'packetsLost'),
    sendLoss: largest(heard.map(({ fractionLost }) => fractionLost)),
    roundTrip: inMs(largest([...heard.map(({ roundTripTime }) => roundTripTime), ...pairs.map(({ currentRoundTripTime }) => currentRoundTripTime)])),
    jitter: inMs(largest([...received, ...heard].map(({ jitter }) => jitter))),
    path:
      (local &&
        remote && { ...ends, local: local.candidateType ?? '', remote: remote.candidateType ?? '', protocol: local.relayProtocol ?? local.protocol ?? '' }) ||
      null,
  };
}
