/** From files in the cache to the first clean frame. */
import { median } from '../measures.mjs';
import { fixed, table, withPage } from '../stage.mjs';

const runs = 9;

export async function measure(wants) {
  const flows = [
    ['pass-through', 'pass-through', false],
    ['ours 0.1', 'ours 0.1', false],
    ['ours 0.1, module made before', 'ours 0.1', true],
    ['ours 0.1 without wasm', 'ours 0.1 without wasm', false],
  ].filter(([title]) => wants(title));
  const found = flows.map(() => ({ cold: [], warm: [] }));
  // In turns, so that a bad moment of the machine meets all of them.
  for (let run = 0; run < runs; run++) {
    for (const [index, [, denoiser, prepared]] of flows.entries()) {
      await withPage(async (call) => {
        found[index].cold.push(await call('firstFrame', denoiser, prepared));
        found[index].warm.push(await call('firstFrame', denoiser, prepared));
      });
    }
  }
  table(`First clean frame after the files are there, ms, median of ${runs} (goal: 40 cold, 20 warm; pass-through is what the browser itself takes)`, [
    ['', 'cold', 'warm'],
    ...flows.map(([title], index) => [title, fixed(median(found[index].cold)), fixed(median(found[index].warm))]),
  ]);
}
