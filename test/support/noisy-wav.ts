import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noisyVoice } from './noisy-voice.js';
import { wav } from './voice.js';

/** Writes what a fake microphone plays where noise matters: 3 s of syllables and 1 s of pause in turn, white noise under all of it. Returns its absolute path. */
export function writeNoisyVoice(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'noisy-voice.wav');
  writeFileSync(path, wav(Int16Array.from(noisyVoice(8, 0.02, 4), (sample) => Math.round(32767 * Math.max(-1, Math.min(1, sample))))));
  return path;
}
