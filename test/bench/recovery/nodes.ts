import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { RoomServiceClient } from 'livekit-server-sdk';
import { startLiveKit } from '../../../demo/livekit-server.js';
import type { LiveKit } from '../../../demo/livekit-server.js';
import { startTestLiveKit } from '../../support/livekit.js';
import type { TestLiveKit } from '../../support/livekit.js';

/** LiveKit on two nodes: everybody comes in through `entry`, rooms are on the other. */
export interface Nodes {
  readonly entry: TestLiveKit;
  /** Puts a room on the other node, which is started anew where it was killed; resolves with that node. */
  place(room: string): Promise<LiveKit>;
  stop(): Promise<void>;
}

/** @throws Error where Redis is missing */
export async function startNodes(): Promise<Nodes> {
  const port = await freePort();
  const redis = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], { stdio: 'ignore' });
  await Promise.race([once(redis, 'spawn'), once(redis, 'error').then(() => Promise.reject(new Error('needs redis-server on the PATH')))]);
  const config = { redis: { address: `127.0.0.1:${port}` }, room: { empty_timeout: 60, departure_timeout: 5 } };
  const entry = await startTestLiveKit({ config });
  let other: LiveKit | null = null;
  return {
    entry,
    async place(room) {
      let isGone = false;
      void other?.exited.then(() => (isGone = true));
      await sleep(0);
      if (!other || isGone) other = await startLiveKit({ keys: entry, config });
      const nodeId = /"nodeID":\s*"(\w+)"/.exec(readFileSync(other.log, 'utf8'))?.[1];
      if (nodeId === undefined) throw new Error('The log of the LiveKit server does not name its node.');
      await new RoomServiceClient(entry.apiUrl, entry.apiKey, entry.apiSecret).createRoom({ name: room, nodeId, emptyTimeout: 60 });
      return other;
    },
    async stop() {
      await other?.stop();
      await entry.stop();
      redis.kill();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
