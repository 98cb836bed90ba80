import { expect } from '@open-wc/testing';
import { ailmentOf, vitalBetween } from '../../src/controls/vitals.js';
import type { Vital } from '../../src/controls/vitals.js';
import { statisticsOf } from '../../src/livekit/stats.js';
import type { Statistics } from '../../src/room/suppliers.js';

const counted: Statistics = {
  at: 1000,
  sentBytes: 1000,
  receivedBytes: 0,
  receivedPackets: 100,
  lostPackets: 0,
  sendLoss: null,
  roundTrip: 20,
  jitter: 2,
  path: null,
};
const well: Vital = vitalBetween(counted, { ...counted, at: 2000, sentBytes: 5000, receivedPackets: 150 });

describe('vitalBetween', () => {
  it('makes rates and shares of what was counted', () => {
    expect(vitalBetween(counted, { ...counted, at: 3000, sentBytes: 11_000, receivedPackets: 190, lostPackets: 10 })).to.deep.include({
      sent: 40,
      received: 0,
      receiveLoss: 0.1,
      roundTrip: 20,
    });
  });

  it('counts a new connection from its beginning', () => {
    expect(vitalBetween(counted, { ...counted, at: 2000, sentBytes: 500 }).sent).to.equal(4);
  });
});

describe('ailmentOf', () => {
  it('names what people notice most, and nothing where they notice nothing', () => {
    expect(ailmentOf([well, well])).to.equal(null);
    expect(ailmentOf([{ ...well, sendLoss: 0.3 }])).to.equal('sending');
    expect(ailmentOf([{ ...well, receiveLoss: 0.2 }])).to.equal('receiving');
    expect(ailmentOf([{ ...well, roundTrip: 900 }])).to.equal('delay');
    expect(ailmentOf([{ ...well, jitter: 100 }])).to.equal('jitter');
  });

  it('forgives one bad moment', () => {
    expect(ailmentOf([well, well, well, { ...well, roundTrip: 900 }])).to.equal(null);
  });
});

describe('statisticsOf', () => {
  it('sums up both directions, each stream once, and names kinds of candidates and no address', () => {
    const entries = [
      { id: 'out', type: 'outbound-rtp', bytesSent: 10 },
      { id: 'in1', type: 'inbound-rtp', bytesReceived: 20, packetsReceived: 5, packetsLost: 1, jitter: 0.003 },
      { id: 'in2', type: 'inbound-rtp', bytesReceived: 30, packetsReceived: 6, packetsLost: 0, jitter: 0.001 },
      { id: 'far', type: 'remote-inbound-rtp', fractionLost: 0.02, roundTripTime: 0.05, jitter: 0.002 },
      { id: 'transport', type: 'transport', selectedCandidatePairId: 'pair' },
      { id: 'pair', type: 'candidate-pair', localCandidateId: 'local', remoteCandidateId: 'remote', currentRoundTripTime: 0.04 },
      { id: 'local', type: 'local-candidate', candidateType: 'relay', protocol: 'udp', relayProtocol: 'tcp', address: '10.1.2.3' },
      { id: 'remote', type: 'remote-candidate', candidateType: 'host', protocol: 'udp', address: '10.4.5.6' },
    ];
    const report = new Map(entries.map((entry) => [entry.id, entry])) as unknown as RTCStatsReport;
    expect(statisticsOf([report, report], 7, { client: '2.23.0', server: '1.13.5' })).to.deep.equal({
      at: 7,
      sentBytes: 10,
      receivedBytes: 50,
      receivedPackets: 11,
      lostPackets: 1,
      sendLoss: 0.02,
      roundTrip: 50,
      jitter: 3,
      path: { client: '2.23.0', server: '1.13.5', local: 'relay', remote: 'host', protocol: 'tcp' },
    });
  });
});
