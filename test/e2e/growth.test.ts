import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { CDPSession } from 'playwright-core';
import { openStage } from '../support/stage.js';
import type { Stage, Visit } from '../support/stage.js';

/** What is alive in a page after the garbage was collected. */
type Census = Readonly<Record<(typeof counted)[number] | 'listeners' | 'nodes' | 'kilobytes', number>>;

const counted = [
  'RTCPeerConnection',
  'RTCDataChannel',
  'AudioContext',
  'AudioNode',
  'HTMLAudioElement',
  'MediaStreamTrack',
  'WebSocket',
  'BroadcastChannel',
] as const;

/** How much more may be there after many rounds than after the first: nothing that a round leaves behind would stay below it. */
const limits: Census = {
  RTCPeerConnection: 3,
  RTCDataChannel: 9,
  AudioContext: 3,
  AudioNode: 20,
  HTMLAudioElement: 3,
  MediaStreamTrack: 9,
  WebSocket: 3,
  BroadcastChannel: 1,
  listeners: 60,
  nodes: 60,
  kilobytes: 1_500,
};

async function census(cdp: CDPSession): Promise<Census> {
  // What one collection finalises the next one frees.
  for (let round = 0; round < 3; round++) {
    await cdp.send('HeapProfiler.collectGarbage');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const found: [string, number][] = [];
  for (const name of counted) {
    const { result } = await cdp.send('Runtime.evaluate', { expression: `${name}.prototype`, objectGroup: 'census' });
    const { objects } = await cdp.send('Runtime.queryObjects', { prototypeObjectId: result.objectId ?? '', objectGroup: 'census' });
    const { result: size } = await cdp.send('Runtime.callFunctionOn', {
      objectId: objects.objectId ?? '',
      functionDeclaration: 'function () { return this.length; }',
    });
    found.push([name, Number(size.value)]);
  }
  await cdp.send('Runtime.releaseObjectGroup', { objectGroup: 'census' });
  const { metrics } = await cdp.send('Performance.getMetrics');
  const metric = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? NaN;
  return { ...Object.fromEntries(found), listeners: metric('JSEventListeners'), nodes: metric('Nodes'), kilobytes: metric('JSHeapUsedSize') / 1024 } as Census;
}

describe('<vc-room> after many rounds', () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
    stage.newRoom();
  });
  afterEach(() => stage.clear());
  after(() => stage.stop());

  /** `round` is done `times` times; what the first ones make for good is not counted. */
  async function grow(visit: Visit, times: number, round: (visit: Visit, times: number) => Promise<void>): Promise<void> {
    const cdp = await visit.page.context().newCDPSession(visit.page);
    await cdp.send('Performance.enable');
    const first = Math.ceil(times / 5);
    await round(visit, first);
    const before = await census(cdp);
    await round(visit, times - first);
    const after = await census(cdp);
    for (const [name, limit] of Object.entries(limits) as [keyof Census, number][])
      assert.ok(after[name] - before[name] <= limit, `${name}: ${before[name]}, then ${after[name]}; all: ${JSON.stringify({ before, after })}`);
  }

  it('leaves nothing behind of 100 joins and leaves', async () => {
    const ada = await stage.visit({ as: 'ada', attributes: { preload: 'none' } });
    await grow(ada, 100, (visit, times) =>
      visit.run(async (room, times) => {
        for (let done = 0; done < times; done++) {
          await room.join();
          room.leave();
        }
      }, times),
    );
    assert.deepEqual(await ada.run(() => window.probe.open), { microphones: 0, contexts: 0, connections: 0 });
  });

  it('leaves nothing behind of 100 recoveries', async () => {
    const ada = await stage.visit({ as: 'ada' });
    await ada.join();
    await grow(ada, 100, (visit, times) =>
      visit.run(async (room, times) => {
        for (let done = 0; done < times; done++) {
          const until = async (state: string, work: () => void = () => undefined): Promise<void> => {
            while (room.connectionState !== state) {
              work();
              await new Promise((resolve) => setTimeout(resolve, 10));
            }
          };
          // livekit-client leaves a room when its page is frozen, as if the server had put it out; it listens for that soon after it has connected.
          await until('reconnecting', () => window.dispatchEvent(new Event('freeze')));
          await until('joined');
        }
      }, times),
    );
    assert.equal((await ada.run(() => window.probe.open)).connections, 1);
  });

  it('leaves nothing behind of 50 mounts and moves', async () => {
    const ada = await stage.visit({ as: 'ada' });
    await ada.join();
    await grow(ada, 50, (visit, times) =>
      visit.run(async (room, times) => {
        const home = room.parentElement;
        for (let done = 0; done < times; done++) {
          const elsewhere = document.body.appendChild(document.createElement('section'));
          elsewhere.append(room);
          const another = elsewhere.appendChild(room.cloneNode(true) as typeof room);
          await another.updateComplete;
          home?.append(room);
          elsewhere.remove();
          await room.updateComplete;
        }
      }, times),
    );
    assert.equal(await ada.run((room) => room.connectionState), 'joined');
  });
});
