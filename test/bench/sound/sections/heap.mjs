/** What the worklet leaves to be collected. */
import { inputs, last, mixed, signed, table, withPage } from '../stage.mjs';

export async function measure() {
  inputs.set('/input/heap', mixed(last, 'pink', 10));
  await withPage(async (call, page) => {
    const session = await page.context().newCDPSession(page);
    const worklet = new Promise((resolve) =>
      session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => targetInfo.type.includes('worklet') && resolve(sessionId)),
    );
    const replies = new Map();
    session.on('Target.receivedMessageFromTarget', ({ message }) => {
      const { id, result } = JSON.parse(message);
      replies.get(id)?.(result);
    });
    await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
    await call('keepRunning', '/input/heap');
    const sessionId = await worklet;
    let id = 0;
    const ask = (method) =>
      new Promise((resolve) => {
        replies.set(++id, resolve);
        void session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params: {} }) });
      });
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const settled = [];
    for (let step = 0; step < 7; step++) {
      await ask('HeapProfiler.collectGarbage');
      settled.push((await ask('Runtime.getHeapUsage')).usedSize);
      if (step < 6) await new Promise((resolve) => setTimeout(resolve, 10_000));
    }
    table('Heap of the worklet over 60 s, after collecting, bytes (goal: flat)', [settled, settled.map((value) => signed(value - settled[0], 0))]);
  });
}
