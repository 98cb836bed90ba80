import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wav } from '../../support/voice.js';

const rate = 48_000;
const seconds = 4;
const pitch = 200;

/**
 * Writes what the microphone of a benchmark plays: a WAV, 48 kHz, mono, that moves in pitch and loudness as a voice does, since a steady tone is what
 * noise suppression exists to remove, but never pauses, so that a gap is a gap of the connection. Returns its absolute path.
 */
export function writeSteadyVoice(folder: string): string {
  const samples = new Int16Array(rate * seconds);
  for (let index = 0; index < samples.length; index++) {
    const time = index / rate;
    // Whole turns in `seconds`, so that it loops without a click.
    const phase = 2 * Math.PI * pitch * time + 2 * Math.sin(2 * Math.PI * 3 * time);
    const loudness = 0.7 + 0.3 * Math.sin(2 * Math.PI * 5 * time);
    let value = 0;
    for (let harmonic = 1; harmonic * pitch < 4000; harmonic++) value += Math.sin(harmonic * phase + harmonic ** 2) / harmonic ** 0.7;
    samples[index] = Math.round(4200 * loudness * value);
  }
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'steady.wav');
  writeFileSync(path, wav(samples));
  return path;
}
