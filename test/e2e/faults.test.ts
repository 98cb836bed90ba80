import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as pass } from 'node:timers/promises';
import { startNetwork } from '../support/network.js';
import type { Network } from '../support/network.js';
import { adaAndBen, eachOther } from '../support/pair.js';
import { openStage } from '../support/stage.js';
import type { Stage, Visit } from '../support/stage.js';

/** Of one page from the moment of watching on. */
interface Watched {
  /** Every connectionState since, and every error. */
  readonly told: string[];
  /** Connections that came to stand since; one that is only kept ready is none. */
  readonly connections: number;
}

declare global {
  interface Window {
    watched: { told: string[]; connections: number };
    /** The last WebSocket that the page has opened; kept by `keepSocket`. */
    socket: WebSocket;
  }
}

const countConnections = `{
  window.watched = { told: [], connections: 0 };
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...how) {
      super(...how);
      const look = () => {
        if (this.connectionState !== 'connected') return;
        this.removeEventListener('connectionstatechange', look);
        window.watched.connections++;
      };
      this.addEventListener('connectionstatechange', look);
    }
  };
}`;

const keepSocket = `window.WebSocket = class extends WebSocket { constructor(...how) { super(...how); window.socket = this; } };`;
/** A SignalRequest that asks LiveKit to behave as if its node failed (livekit_rtc.proto: `simulate`, 13, with `node_failure`, 2). */
const nodeFailure = [(13 << 3) | 2, 2, 2 << 3, 1];

describe('<vc-room> while the network fails', () => {
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

  /** The two, with Ada watched from now on. */
  async function watchedPair(): Promise<readonly [Visit, Visit]> {
    const both = await adaAndBen(stage, network, countConnections + keepSocket);
    await both[0].run((room) => {
      window.watched.connections = 0;
      room.addEventListener('connectionstatechange', ({ connectionState }) => window.watched.told.push(connectionState));
      room.addEventListener('error', ({ error }) => window.watched.told.push(error.code));
    });
    return both;
  }

  const watched = ({ page }: Visit): Promise<Watched> => page.evaluate(() => window.watched);

  it('shows nothing when the WebSocket is cut and media goes on', async () => {
    const both = await watchedPair();
    assert.equal(network.cutWebSockets(), 1);
    const deadline = Date.now() + 10_000;
    while (network.stats().webSockets === 0 && Date.now() < deadline) await pass(50);
    assert.equal(network.stats().webSockets, 1, 'signalling was not brought back');
    await eachOther(both);
    assert.deepEqual(await watched(both[0]), { told: [], connections: 0 });
  });

  it('replaces nothing when every packet is lost for 3 s', async () => {
    const both = await watchedPair();
    network.set({ drop: 'all' });
    // How long the fault lasts is the case itself.
    await pass(3_000);
    network.set({ drop: 'none' });
    await eachOther(both);
    await both[0].until('joined', (room) => room.connectionState === 'joined');
    assert.equal((await watched(both[0])).connections, 0);
  });

  it('joins over TCP where UDP is blocked from the start, at the first attempt', async () => {
    network.set({ drop: 'udp' });
    const [ada] = await adaAndBen(stage, network, countConnections);
    assert.ok(network.stats().mediaOverTcp > 0);
    assert.equal((await watched(ada)).connections, 1);
    assert.equal(await ada.run((room) => room.error), null);
  });

  it('goes over to TCP when UDP is blocked in the middle of a call', async () => {
    const both = await watchedPair();
    network.set({ drop: 'udp' });
    await both[0].until('reconnecting', (room) => room.connectionState === 'reconnecting');
    await both[0].until('joined', (room) => room.connectionState === 'joined');
    await eachOther(both);
    assert.ok(network.stats().mediaOverTcp > 0);
    assert.deepEqual((await watched(both[0])).told, ['reconnecting', 'joined']);
  });

  it('comes back by one new connection when the node of the server fails', async () => {
    const both = await watchedPair();
    await both[0].page.evaluate((message) => window.socket.send(new Uint8Array(message)), nodeFailure);
    await both[0].until('reconnecting, and joined again', (room) => window.watched.connections > 0 && room.connectionState === 'joined');
    await eachOther(both);
    assert.deepEqual(await watched(both[0]), { told: ['reconnecting', 'joined'], connections: 1 });
  });

  it('goes on, and says that the connection is weak, while a fifth of all packets is lost', async () => {
    const both = await watchedPair();
    network.set({ loss: 0.2 });
    // Of what Ada sends or of what she hears, whichever is noticed first.
    await both[0].until(
      'a weak connection',
      (room) => /connection/i.test(room.shadowRoot?.querySelector('[part~="notice"]')?.textContent ?? ''),
      undefined,
      40_000,
    );
    await eachOther(both);
    assert.deepEqual(await watched(both[0]), { told: [], connections: 0 });
  });

  for (const [name, conditions] of Object.entries({ 'jitter of 50 ms': { jitter: 50 }, 'a link of 64 kbit/s': { rate: 64 } } as const))
    it(`goes on over ${name}, and replaces nothing`, async () => {
      const both = await watchedPair();
      network.set(conditions);
      // Long enough for whoever would give up: 5 s of two voices in packets of 20 ms.
      const enough = network.stats().udpPackets + 500;
      for (const deadline = Date.now() + 30_000; network.stats().udpPackets < enough && Date.now() < deadline;) await pass(100);
      assert.ok(network.stats().udpPackets >= enough, 'media stopped');
      await eachOther(both);
      assert.deepEqual(await watched(both[0]), { told: [], connections: 0 });
    });

  it('comes back muted who muted meanwhile, and stays who they were for the others', async () => {
    const both = await watchedPair();
    const [ada, ben] = both;
    const before = await ben.run((room) => room.remoteParticipants.map(({ identity }) => identity));
    network.set({ drop: 'udp' });
    await ada.until('reconnecting', (room) => room.connectionState === 'reconnecting');
    await ada.run((room) => {
      room.micMuted = true;
    });
    await ada.until('joined', (room) => room.connectionState === 'joined');
    await ada.hears('ben');
    await ben.silent('ada');
    await ben.until('Ada muted', (room) => room.remoteParticipants.length === 1 && room.remoteParticipants[0]?.muted === true);
    assert.deepEqual(await ben.run((room) => room.remoteParticipants.map(({ identity }) => identity)), before);
  });
});
