/** By how much the processed track is later than the raw one, live. */
import { median } from '../measures.mjs';
import { fixed, last, mixed, table, wav, withPage } from '../stage.mjs';

export async function measure(wants) {
  const microphone = wav('microphone', mixed(last, 'pink', 10));
  const rows = [['', 'quantum', 'median', 'least', 'most', 'match']];
  for (const [denoiser, quantum] of [
    ['pass-through', 128],
    ['pass-through', 480],
    ['ours 0.1', 480],
    ['ours 0.2', 480],
    ['ours 0.1', 128],
    ['ours 0.2', 128],
    ['@sapphi-red', 128],
    ['@timephy', 128],
  ]) {
    if (!wants(`${denoiser} ${quantum}`)) continue;
    const runs = [];
    for (let run = 0; run < 9; run++) runs.push(await withPage((call) => call('delay', denoiser, quantum), microphone));
    const ms = runs.map((run) => run.ms);
    rows.push([denoiser, runs[0].quantum, fixed(median(ms)), fixed(Math.min(...ms)), fixed(Math.max(...ms)), fixed(median(runs.map(({ match }) => match)), 2)]);
  }
  table('Processed track minus raw track, live in Chromium, ms, 9 runs (goals: 480: 26 for 0.1, 29 for 0.2; 128: 40, 50)', rows);
}
