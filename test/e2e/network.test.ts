import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { startNetwork } from '../support/network.js';
import type { Network } from '../support/network.js';
import { adaAndBen, eachOther } from '../support/pair.js';
import { openStage } from '../support/stage.js';
import type { Stage, Visit } from '../support/stage.js';

/** Of the pair of candidates through which a page's media goes. */
interface Path {
  readonly port: number;
  readonly protocol: string;
  /** In ms, of the latest check. */
  readonly rtt: number;
}

declare global {
  interface Window {
    /** Every peer connection that the page has made; kept by `remember`. */
    made: RTCPeerConnection[];
  }
}

const remember = `{
  const made = window.made = [];
  window.RTCPeerConnection = class extends RTCPeerConnection { constructor(...how) { super(...how); made.push(this); } };
}`;

async function path({ page }: Visit): Promise<Path | null> {
  return page.evaluate(async () => {
    for (const connection of window.made.filter(({ connectionState }) => connectionState === 'connected')) {
      const report = await connection.getStats();
      for (const transport of report.values()) {
        const pair = transport.type === 'transport' ? report.get(transport.selectedCandidatePairId) : undefined;
        const remote = pair && report.get(pair.remoteCandidateId);
        if (remote) return { port: remote.port, protocol: remote.protocol, rtt: 1000 * pair.currentRoundTripTime };
      }
    }
    return null;
  });
}

async function settle<T>(look: () => Promise<T>, enough: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const value = await look();
    if (enough(value) || Date.now() > deadline) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('startNetwork', () => {
  let stage: Stage;
  let network: Network;
  before(async () => (stage = await openStage()));
  beforeEach(async () => {
    stage.newRoom();
    network = await startNetwork({ server: stage.liveKit });
  });
  afterEach(async () => {
    await stage.clear();
    await network.stop();
  });
  after(() => stage.stop());

  it('is the only way for media, and as slow as asked', async () => {
    network.set({ rtt: 100 });
    const [ada] = await adaAndBen(stage, network, remember);
    const slow = await settle(
      () => path(ada),
      (now) => now !== null && now.rtt > 90,
    );
    assert.equal(slow?.port, network.ports.udp);
    assert.equal(slow.protocol, 'udp');
    network.set({ rtt: 0 });
    const { rtt } = slow;
    const fast = await settle(
      () => path(ada),
      (now) => now !== null && now.rtt < rtt - 60,
    );
    assert.ok(fast !== null && fast.rtt < rtt - 60, `asked for 100 ms and for none, the browser measured ${rtt} and ${fast?.rtt}`);
  });

  it('lets nothing through while all is dropped', async () => {
    const [ada, ben] = await adaAndBen(stage, network, remember);
    network.set({ drop: 'all' });
    await Promise.all([ada.silent('ben'), ben.silent('ada')]);
    network.set({ drop: 'none' });
    await eachOther([ada, ben]);
    assert.ok(network.stats().udpLost > 0);
  });

  it('cuts WebSockets while media goes on', async () => {
    const [ada, ben] = await adaAndBen(stage, network, remember);
    assert.equal(network.cutWebSockets(), 1);
    const { udpPackets } = network.stats();
    await settle(
      () => Promise.resolve(network.stats().udpPackets),
      (packets) => packets > udpPackets + 100,
    );
    assert.ok(network.stats().udpPackets > udpPackets + 100, 'media stopped');
    await settle(
      () => Promise.resolve(network.stats().webSockets),
      (open) => open === 1,
    );
    assert.equal(network.stats().webSockets, 1, 'the page did not come back');
    await eachOther([ada, ben]);
    assert.equal((await path(ada))?.port, network.ports.udp);
  });

  it('has TCP for those whose UDP is blocked', async () => {
    network.set({ drop: 'udp' });
    const [ada] = await adaAndBen(stage, network, remember);
    assert.deepEqual(await path(ada).then((found) => found && { port: found.port, protocol: found.protocol }), { port: network.ports.tcp, protocol: 'tcp' });
  });
});
