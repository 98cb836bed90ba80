/** From files in the cache to the first clean frame. */
import { median } from '../measures.mjs';
import { fixed, table, withPage } from '../stage.mjs';

export async function measure() {
  const rows = [['', 'cold', 'warm']];
  for (const scripted of [false, true]) {
    const [cold, warm] = [[], []];
    for (let run = 0; run < 5; run++) {
      await withPage(async (call) => {
        cold.push(await call('firstFrame', scripted));
        warm.push(await call('firstFrame', scripted));
      });
    }
    rows.push([scripted ? 'ours 0.1 without wasm' : 'ours 0.1', fixed(median(cold)), fixed(median(warm))]);
  }
  table('First clean frame after the files are there, ms, median of 5 (goal: 40 cold, 20 warm)', rows);
}
