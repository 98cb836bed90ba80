/** Chromium's own suppression. */
import { active, noises } from '../corpus.mjs';
import { lagOf, pauseLevel, stoi } from '../measures.mjs';
import { fixed, last, mixed, outputs, rate, signed, table, wav, withPage } from '../stage.mjs';

export async function measure(wants) {
  const rows = [['', 'pauses', 'STOI']];
  for (const noise of noises.filter(wants)) {
    const raw = mixed(last, noise, 5);
    const file = wav('browser', raw);
    const seconds = (raw.length / rate) * 2 + 1;
    const { pause } = active(last.speech);
    const heard = [];
    for (const suppression of [false, true]) {
      await withPage((call) => call('captured', suppression, seconds, '/output/browser'), file);
      const all = outputs.get('/output/browser');
      const from = raw.length;
      const lag = lagOf(last.speech, all.subarray(from - 0), Math.min(raw.length, all.length - from - 96_000));
      heard.push(all.subarray(from + lag, from + lag + raw.length));
    }
    const [off, on] = heard;
    const length = Math.min(off.length, on.length, raw.length);
    const cut = (sound) => sound.subarray(0, length);
    const clean = cut(last.speech);
    rows.push([noise, fixed(pauseLevel(cut(off), pause) - pauseLevel(cut(on), pause), 0), signed(stoi(clean, cut(on)) - stoi(clean, cut(off)), 3)]);
  }
  table(`Chromium's own suppression, live, ${last.name}, 5 dB, second loop: dB less in pauses / STOI gain`, rows);
}
