/** Changes of the model, and of whether it is heard, while somebody talks. */
import { largestStep } from '../measures.mjs';
import { fixed, inputs, last, mixed, outputs, rate, signed, table, withPage } from '../stage.mjs';

export async function measure() {
  const rows = [['', 'largest step / the sound’s own there', 'level, dB above the quietest of raw, 0.1 and 0.2']];
  const raw = mixed(last, 'pink', 10);
  inputs.set('/input/swap', raw);
  await withPage(async (call) => {
    const sound = async (denoiser, commands) => {
      await call('process', denoiser, '/input/swap', '/output/swap', commands);
      return outputs.get('/output/swap');
    };
    const small = await sound('ours 0.1', []);
    const large = await sound('ours 0.2', [[0.1, { type: 'load', model: '0.2', code: true }]]);
    // As late as 0.1 makes it at a quantum of 128.
    const late = Float32Array.from(raw, (_, index) => raw[index - 928] ?? 0);
    const level = (samples) => 10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length + 1e-12);
    for (const [title, denoiser, change, make] of [
      ['0.1 to 0.2', 'ours 0.2', 1.49, (second) => [[second, { type: 'load', model: '0.2', code: true }]]],
      ['off', 'ours 0.1', 0, (second) => [[second, { type: 'suppress', on: false }]]],
      [
        'on',
        'ours 0.1',
        1,
        (second) => [
          [second - 0.5, { type: 'suppress', on: false }],
          [second + 1, { type: 'suppress', on: true }],
        ],
      ],
    ]) {
      const found = [];
      for (let run = 0; run < 10; run++) {
        const second = 1 + run * 1.213;
        const join = Math.round((second + change) * rate);
        inputs.set('/input/swap', raw.subarray(0, join + rate));
        const heard = await sound(denoiser, make(second));
        const part = (samples) => samples.subarray(join - 480, join + 3 * rate * 0.02 + 480);
        const own = Math.max(largestStep(part(late)), largestStep(part(small)), largestStep(part(large)));
        found.push({ step: largestStep(part(heard)) / own, dip: level(part(heard)) - Math.min(level(part(small)), level(part(large)), level(part(late))) });
      }
      rows.push([title, fixed(Math.max(...found.map(({ step }) => step)), 2), signed(Math.min(...found.map(({ dip }) => dip)), 1)]);
    }
  });
  table('Changes while somebody talks, 10 each, human voice (goal: steps at most 1, nothing much below 0 dB)', rows);
}
