/** Chromium's own suppression. */
import { active, noises } from '../corpus.mjs';
import { pauseLevel, place, siSdr, stoi } from '../measures.mjs';
import { fixed, last, mixed, outputs, rate, signed, table, wav, withPage } from '../stage.mjs';

export async function measure(wants) {
  const rows = [['', 'SI-SDR', 'pauses', 'STOI']];
  const clean = last.speech;
  const loop = Float32Array.from([...clean, ...clean]);
  for (const noise of noises.filter(wants)) {
    const file = wav('browser', mixed(last, noise, 5));
    const measured = [];
    for (const suppression of [false, true]) {
      await withPage((call) => call('captured', suppression, (clean.length / rate) * 2 + 1, '/output/browser'), file);
      // The microphone plays the file in a loop, begun at any place; in the first round the suppression still learns.
      const heard = outputs.get('/output/browser').subarray(clean.length, 2 * clean.length);
      const start = place(heard, 0, 2 * rate, loop, 0, clean.length);
      const said = loop.subarray(start, start + heard.length);
      measured.push({ sdr: siSdr(said, heard), pause: pauseLevel(heard, active(said).pause), stoi: stoi(said, heard) });
    }
    const [off, on] = measured;
    rows.push([noise, signed(on.sdr - off.sdr, 1), fixed(off.pause - on.pause, 0), signed(on.stoi - off.stoi, 3)]);
  }
  table(`Chromium's own suppression, live, ${last.name}, 5 dB, second round: SI-SDR gain dB / noise in pauses, dB less / STOI gain`, rows);
}
