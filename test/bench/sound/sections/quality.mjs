/** What is left of the noise, and of the voice. */
import { active, noises } from '../corpus.mjs';
import { lagOf, pauseLevel, siSdr, stoi } from '../measures.mjs';
import { fixed, inputs, last, mixed, outputs, rate, sets, signed, table, withPage } from '../stage.mjs';

/** Seconds of the case itself before it, in which every denoiser settles and ours swaps. */
const leadIn = 3;

export async function measure(wants) {
  const tested = ['ours 0.1', 'ours 0.2', '@sapphi-red', '@timephy'].filter(wants);
  const lead = leadIn * rate;
  const withLead = (sound) => Float32Array.from([...sound.subarray(0, lead), ...sound]);
  const gains = new Map();
  const worst = new Map();
  await withPage(async (call) => {
    for (const denoiser of tested) {
      inputs.set('/input/lag', withLead(last.speech));
      await call('process', denoiser, '/input/lag', '/output/lag');
      const lag = lagOf(inputs.get('/input/lag'), outputs.get('/output/lag'));
      for (const set of sets) {
        const { pause } = active(set.speech);
        for (const noise of noises) {
          for (const db of [0, 5, 10]) {
            const raw = mixed(set, noise, db);
            inputs.set('/input/case', withLead(raw));
            await call('process', denoiser, '/input/case', '/output/case');
            const heard = outputs.get('/output/case').subarray(lead + lag);
            const [clean, noisy] = [set.speech.subarray(0, heard.length), raw.subarray(0, heard.length)];
            const key = `${set.name} ${noise} ${db}`;
            const before = gains.get(key) ?? { sdr: siSdr(clean, noisy), stoi: stoi(clean, noisy), pause: pauseLevel(noisy, pause) };
            gains.set(key, before);
            const gain = { sdr: siSdr(clean, heard) - before.sdr, pause: before.pause - pauseLevel(heard, pause), stoi: stoi(clean, heard) - before.stoi };
            for (const cell of [`${denoiser}|${noise}`, `${denoiser}|${noise}|${db}`]) gains.set(cell, [...(gains.get(cell) ?? []), gain]);
            if (gain.stoi < (worst.get(denoiser)?.stoi ?? Infinity)) worst.set(denoiser, { key, stoi: gain.stoi });
          }
        }
      }
    }
  });
  const mean = (cells, figure) => cells.reduce((sum, cell) => sum + cell[figure], 0) / cells.length;
  const show = (cells) => `${signed(mean(cells, 'sdr'), 1)} / ${fixed(mean(cells, 'pause'), 0)} / ${signed(mean(cells, 'stoi'), 3)}`;
  table('SI-SDR gain dB / noise in pauses, dB less / STOI gain; three sets of voices, 0, 5 and 10 dB', [
    ['', ...tested],
    ...noises.map((noise) => [noise, ...tested.map((denoiser) => show(gains.get(`${denoiser}|${noise}`)))]),
    ['mean', ...tested.map((denoiser) => show(noises.flatMap((noise) => gains.get(`${denoiser}|${noise}`))))],
  ]);
  table('STOI gain by noise and level (goal: never below raw)', [
    ['', ...tested],
    ...noises.flatMap((noise) =>
      [0, 5, 10].map((db) => [`${noise} ${db} dB`, ...tested.map((denoiser) => signed(mean(gains.get(`${denoiser}|${noise}|${db}`), 'stoi'), 3))]),
    ),
    ['worst single case', ...tested.map((denoiser) => `${signed(worst.get(denoiser).stoi, 3)} (${worst.get(denoiser).key})`)],
  ]);
}
