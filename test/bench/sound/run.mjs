/**
 * npm run bench:sound [section[=word,word] ...]: what the denoiser costs and gives, beside its peers, measured here and now. Without a section, all; `=` keeps the rows
 * whose name contains a word. Wants a quiet machine, espeak-ng, flite and sox; apt's alsa-utils gives the recorded voices; `far` wants `npm run build` first.
 */
import { cpus, loadavg } from 'node:os';
import { fixed, rate, sets, stop } from './stage.mjs';

const sections = ['bytes', 'start', 'delay', 'cpu', 'heap', 'quality', 'browser', 'swaps', 'far'];
const wanted = process.argv.slice(2).map((argument) => argument.split('='));
const unknown = wanted.find(([name]) => !sections.includes(name));
if (unknown) throw new Error(`There is no section ${unknown[0]}; there are ${sections.join(', ')}.`);

console.log(
  `${cpus()[0].model}, ${cpus().length} cores, load ${fixed(loadavg()[0])}; voices: ${sets.map(({ name, speech }) => `${name} ${fixed(speech.length / rate, 0)} s`).join(', ')}`,
);
for (const name of sections) {
  const chosen = wanted.find(([section]) => section === name);
  if (wanted.length > 0 && !chosen) continue;
  const words = chosen?.[1]?.split(',') ?? [''];
  const { measure } = await import(`./sections/${name}.mjs`);
  await measure((row) => words.some((word) => row.includes(word)));
}
stop();
