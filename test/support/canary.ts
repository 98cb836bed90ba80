import { Worker } from 'node:worker_threads';

const source = `
  const { workerData } = require('node:worker_threads');
  const worst = new Int32Array(workerData);
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    const before = performance.now();
    Atomics.wait(never, 0, 0, 5);
    const late = Math.round(performance.now() - before - 5);
    if (late > Atomics.load(worst, 0)) Atomics.store(worst, 0, late);
  }`;

/** Notices when this machine keeps a process waiting that only wants to run for a moment: what has to happen every 10 ms may be late then, whoever does it. */
export class Canary {
  readonly #worst = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker = new Worker(source, { eval: true, workerData: this.#worst.buffer });

  /** By how many ms it was kept waiting at worst since it was last asked. */
  worst(): number {
    return Atomics.exchange(this.#worst, 0, 0);
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
