/** What a frame costs, above a worklet that does nothing. */
import { fixed, inputs, last, rate, table, withPage } from '../stage.mjs';

export async function measure() {
  const input = Float32Array.from({ length: rate * 60 }, (_, index) => {
    const from = index % last.speech.length;
    return last.speech[from] + last.noise.pink[from] * 0.56;
  });
  inputs.set('/input/cpu', input);
  const rows = [['', 'quantum', 'µs per frame', 'network alone']];
  await withPage(async (call) => {
    const alone = { 0.1: await call('networkCost', '0.1', '/input/cpu'), 0.2: await call('networkCost', '0.2', '/input/cpu') };
    const least = async (denoiser, quantum) => {
      const runs = [];
      for (let run = 0; run < 3; run++) runs.push(await call('cost', denoiser, '/input/cpu', quantum));
      return Math.min(...runs.map(({ ms }) => ms));
    };
    for (const quantum of [128, 480]) {
      const through = await least('pass-through', quantum);
      for (const denoiser of ['ours 0.1', 'ours 0.2', 'ours 0.1 without wasm', ...(quantum === 128 ? ['@sapphi-red', '@timephy'] : [])]) {
        const model = /0\.\d/.exec(denoiser)?.[0];
        rows.push([
          denoiser,
          quantum,
          fixed(((await least(denoiser, quantum)) - through) / 6),
          model && !denoiser.includes('without') ? fixed(alone[model]) : '',
        ]);
      }
    }
  });
  table('Above a pass-through worklet, offline, 60 s, best of 3 (goal: the network and 10 µs; ours 0.2 has both models in its first 2 s)', rows);
}
