import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pitches } from './voice-facts.js';
import type { Voice } from './voice-facts.js';

const rate = 48_000;
const seconds = 4;
/** Bursts each second, about as fast as syllables: a steady tone is what noise suppression exists to remove. */
const syllables = 4;
/** Samples after which every voice begins again: whole syllables of whole cycles. */
const period = rate / 2;

/** Writes what a fake microphone plays: a WAV, 48 kHz, mono, 16 bit, that loops without a click. Returns its absolute path. */
export function writeVoice(folder: string, voice: Voice): string {
  const pitch = pitches[voice];
  const samples = new Int16Array(rate * seconds);
  for (let index = 0; index < period; index++) {
    const time = index / rate;
    const syllable = Math.max(0, Math.sin(2 * Math.PI * syllables * time)) ** 0.5;
    let value = 0;
    for (let harmonic = 1; harmonic * pitch < 4000; harmonic++) value += Math.sin(2 * Math.PI * harmonic * pitch * time + harmonic ** 2) / harmonic ** 0.7;
    samples[index] = Math.round(7000 * syllable * value * 0.6);
  }
  for (let index = period; index < samples.length; index += period) samples.copyWithin(index, 0, period);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${voice}.wav`);
  // Whole at every moment: the browser of another file of tests may be reading it.
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, wav(samples));
  renameSync(draft, path);
  return path;
}

/** 48 kHz, mono, 16 bit. */
export function wav(samples: Int16Array): Buffer {
  return Buffer.concat([header(samples.byteLength), Buffer.from(samples.buffer)]);
}

function header(bytes: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + bytes, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(bytes, 40);
  return head;
}
