import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { startLiveKit } from '../../../demo/livekit-server.js';
import type { LiveKit } from '../../../demo/livekit-server.js';
import type { Conditions } from '../../support/line.js';
import type { Network } from '../../support/network.js';
import type { CableEnd } from './cable.js';

/** What a fault can reach. One person stands behind the network or at the other end of the cable, the other beside the server. */
export interface World {
  readonly network: Network;
  /** `null` where both stand in one namespace. */
  readonly cable: CableEnd | null;
  /** The one that the room is on. */
  server: LiveKit;
  /** The page behind the network. */
  own: Page | null;
}

/** A fault, as data. */
export interface Fault {
  readonly name: string;
  /** What it takes beside a server and a network: `cable`, two namespaces; `nodes`, two servers and Redis. */
  readonly needs?: 'cable' | 'nodes';
  /** It is there before the person behind the network presses Join; everything counts from the press. */
  readonly atStart?: true;
  /** Makes it, waits until it is over. */
  readonly happen: (world: World) => Promise<void>;
  /** Longest silence at the far end in ms, given how long the fault lasted; for R = 0. */
  readonly goal: (lasted: number) => number;
  /** Seconds until nobody expects it to heal any more. */
  readonly patience: number;
  /** Left out unless asked for by name: takes minutes. */
  readonly long?: true;
}

const configuration = { room: { empty_timeout: 60, departure_timeout: 5 } };

async function killed(world: World, wait: number): Promise<void> {
  const { server } = world;
  server.kill('SIGKILL');
  await server.exited;
  await sleep(wait);
  world.server = await startLiveKit({ ports: server.ports, keys: server, config: configuration });
}

async function dropped({ network }: World, seconds: number): Promise<void> {
  network.set({ drop: 'all' });
  await sleep(1000 * seconds);
  network.set({ drop: 'none' });
}

async function troubled({ network }: World, conditions: Partial<Conditions>): Promise<void> {
  network.set(conditions);
  await sleep(10_000);
  network.set({ loss: 0, jitter: 0, rate: null });
}

async function frozen({ server }: World, seconds: number): Promise<void> {
  server.kill('SIGSTOP');
  await sleep(1000 * seconds);
  server.kill('SIGCONT');
}

/** Ways in which LiveKit pretends to fail, by field number (livekit_rtc.proto, SimulateScenario); all are flags. */
const scenarios = { nodeFailure: 2, migration: 3, serverLeave: 4, disconnectOnResume: 7, disconnectOnResumeNoMessages: 8, fullReconnect: 9 } as const;

/** Asks over the page's own WebSocket, whoever opened it, so that no client has to know how: a SignalRequest whose field 13 is the wish. */
async function simulated({ own }: World, scenario: keyof typeof scenarios): Promise<void> {
  await own?.evaluate((message) => window.instrument.socket?.send(new Uint8Array(message)), [(13 << 3) | 2, 2, scenarios[scenario] << 3, 1]);
}

export const faults: readonly Fault[] = [
  { name: 'server killed, back at once', happen: (world) => killed(world, 0), goal: (lasted) => lasted + 400, patience: 30 },
  { name: 'server killed, back after 1 s', happen: (world) => killed(world, 1000), goal: (lasted) => lasted + 900, patience: 40 },
  { name: 'server killed, back after 10 s', happen: (world) => killed(world, 10_000), goal: (lasted) => lasted + 1200, patience: 60 },
  { name: 'server killed, back after 120 s', happen: (world) => killed(world, 120_000), goal: (lasted) => lasted + 1500, patience: 30, long: true },
  {
    name: 'graceful shutdown, back at once',
    async happen(world) {
      const { server } = world;
      await server.stop();
      world.server = await startLiveKit({ ports: server.ports, keys: server, config: configuration });
    },
    goal: (lasted) => lasted + 300,
    patience: 30,
  },
  {
    name: 'WebSocket cut, media alive',
    happen: ({ network }) => Promise.resolve(void network.cutWebSockets()),
    goal: () => 0,
    patience: 10,
  },
  { name: 'all packets dropped for 3 s', happen: (world) => dropped(world, 3), goal: (lasted) => lasted + 200, patience: 20 },
  { name: 'all packets dropped for 8 s', happen: (world) => dropped(world, 8), goal: (lasted) => lasted + 200, patience: 30 },
  { name: 'all packets dropped for 30 s', happen: (world) => dropped(world, 30), goal: (lasted) => lasted + 1500, patience: 60 },
  { name: 'all packets dropped for 5 min', happen: (world) => dropped(world, 300), goal: (lasted) => lasted + 1500, patience: 30, long: true },
  {
    name: 'UDP blocked in the call',
    happen: ({ network }) => Promise.resolve(network.set({ drop: 'udp' })),
    goal: () => 3500,
    patience: 40,
  },
  {
    name: 'UDP blocked at the start',
    atStart: true,
    happen: ({ network }) => Promise.resolve(network.set({ drop: 'udp' })),
    goal: () => 1000,
    patience: 30,
  },
  { name: 'node failure, simulated', happen: (world) => simulated(world, 'nodeFailure'), goal: () => 250, patience: 20 },
  { name: 'migration, simulated', happen: (world) => simulated(world, 'migration'), goal: () => 250, patience: 20 },
  { name: 'server leaves, simulated', happen: (world) => simulated(world, 'serverLeave'), goal: () => 300, patience: 20 },
  { name: 'server asks for a full reconnect, simulated', happen: (world) => simulated(world, 'fullReconnect'), goal: () => 250, patience: 20 },
  ...(['disconnectOnResume', 'disconnectOnResumeNoMessages'] as const).map((scenario): Fault => ({
    name: `WebSocket cut, and cut again by the server as it resumes${scenario === 'disconnectOnResume' ? '' : ', without a word'}`,
    async happen(world) {
      await simulated(world, scenario);
      await sleep(200);
      world.network.cutWebSockets();
    },
    goal: () => 0,
    patience: 30,
  })),
  { name: 'address changes, old sockets hang', needs: 'cable', happen: async ({ cable }) => cable?.move('hang'), goal: () => 3500, patience: 40 },
  {
    name: 'address changes, old sockets are reset',
    needs: 'cable',
    happen: async ({ cable }) => cable?.move('reset'),
    goal: () => 2500,
    patience: 40,
  },
  {
    name: 'address changes after 2 s without a link',
    needs: 'cable',
    happen: async ({ cable }) => cable?.move('reset', 2000),
    goal: (lasted) => lasted + 1500,
    patience: 40,
  },
  {
    name: 'the node of the room killed, another stays',
    needs: 'nodes',
    async happen({ server }) {
      server.kill('SIGKILL');
      await server.exited;
    },
    goal: () => 7000,
    patience: 40,
  },
  { name: 'server frozen for 5 s', happen: (world) => frozen(world, 5), goal: (lasted) => lasted + 500, patience: 30 },
  { name: 'server frozen for 20 s', happen: (world) => frozen(world, 20), goal: (lasted) => lasted + 500, patience: 40 },
  ...Object.entries({
    'loss 5 %': { loss: 0.05 },
    'loss 10 %': { loss: 0.1 },
    'loss 20 %': { loss: 0.2 },
    'jitter 50 ms': { jitter: 50 },
    '64 kbit/s': { rate: 64 },
  } as const).map(([name, conditions]) => ({ name: `${name} for 10 s`, happen: (world: World) => troubled(world, conditions), goal: () => 300, patience: 15 })),
];
