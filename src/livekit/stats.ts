/**
 * A number that grows as long as anything arrives from the other side: payload, or answers to STUN checks
 * (webrtc-stats: RTCTransportStats.bytesReceived counts no STUN, a pair's responsesReceived nothing else).
 */
export function arrivals(report: RTCStatsReport): number {
  let count = 0;
  report.forEach((stats: { type: string; bytesReceived?: number; responsesReceived?: number }) => {
    if (stats.type === 'transport' || stats.type === 'candidate-pair') count += (stats.bytesReceived ?? 0) + (stats.responsesReceived ?? 0);
  });
  return count;
}
