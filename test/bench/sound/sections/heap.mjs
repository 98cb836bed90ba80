/** What the worklet allocates, and what of it stays. */
import { median } from '../measures.mjs';
import { fixed, inputs, last, mixed, signed, table, withPage } from '../stage.mjs';

const steps = 6;
const seconds = 10;

export async function measure(wants) {
  inputs.set('/input/heap', mixed(last, 'pink', 10));
  const rows = [['', 'allocated a second', `more after ${steps * seconds} s`]];
  for (const denoiser of ['pass-through', 'ours 0.1', '@sapphi-red', '@timephy'].filter(wants)) {
    const { allocated, kept } = await withPage((call, page) => heapOf(denoiser, call, page));
    rows.push([denoiser, fixed(median(allocated) / seconds, 0), signed(kept, 0)]);
  }
  table(
    'Heap of the worklet, live, bytes: between two collections, median; and after collecting (goal: none in process(), flat; ours says its level 20 times a second)',
    rows,
  );
}

async function heapOf(denoiser, call, page) {
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
  await call('keepRunning', denoiser, '/input/heap');
  const sessionId = await worklet;
  let id = 0;
  const ask = (method) =>
    new Promise((resolve) => {
      replies.set(++id, resolve);
      void session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params: {} }) });
    });
  const used = async () => (await ask('Runtime.getHeapUsage')).usedSize;
  const collected = async () => {
    await ask('HeapProfiler.collectGarbage');
    return used();
  };
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  await pause(5000);
  const settled = [await collected()];
  const allocated = [];
  for (let step = 0; step < steps; step++) {
    await pause(seconds * 1000);
    allocated.push((await used()) - settled.at(-1));
    settled.push(await collected());
  }
  return { allocated, kept: settled.at(-1) - settled[0] };
}
