/** Voices and noises, made on the spot: three sets of voices (espeak-ng, flite, the spoken test sounds of Debian's alsa-utils) and five noises. 48 kHz mono. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const rate = 48000;
export const noises = ['white', 'pink', 'fan', 'clicks', 'babble'];

const espeak = [
  ['en-gb', 165, 45, 'The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background.'],
  ['en-us+f3', 175, 60, 'It is easy to tell the depth of a well. These days a chicken leg is a rare dish.'],
  ['de', 160, 40, 'Am Montag fahren wir mit dem Zug nach Hamburg. Das Wetter soll besser werden.'],
  ['fr+f2', 170, 55, 'Le train part à huit heures du matin. Nous avons réservé deux places.'],
  ['es', 165, 50, 'La reunión empieza a las nueve en punto. Por favor, trae tus documentos.'],
  ['pl+m4', 160, 35, 'Dzisiaj po południu spotkamy się w kawiarni. Proszę przynieść książkę.'],
];
const flite = [
  ['slt', 'Rice is often served in round bowls. The juice of lemons makes fine punch.'],
  ['rms', 'The box was thrown beside the parked truck. The hogs were fed chopped corn and garbage.'],
  ['awb', 'Four hours of steady work faced us. A large size in stockings is hard to sell.'],
  ['kal16', 'The boy was there when the sun rose. A rod is used to catch pink salmon.'],
];
/** Eight people at the next tables, none of them one of the voices above. */
const crowd = [
  ['en-us', 185, 30],
  ['en-gb+f4', 170, 70],
  ['de+f1', 180, 62],
  ['it', 175, 48],
  ['nl+m3', 165, 38],
  ['pt+f5', 178, 66],
  ['sv+m1', 172, 44],
  ['en-us+m7', 160, 52],
];
const chatter =
  'Well I told him yesterday that we should have taken the other road, but he never listens. And then she said that the coffee was cold, can you believe it? ' +
  'No, not this week, maybe on Thursday, if my sister comes along. How much was it in the end? I think they want to sell the house and move closer to the sea.';

/** Deterministic noise: mulberry32. */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

const sox = (args) => {
  const raw = execFileSync('sox', [...args.slice(0, -1), '-t', 'f32', '-r', String(rate), '-c', '1', '-', ...(args.at(-1) ?? [])], {
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength));
};
const level = (sound, goal = 0.1) => {
  let sum = 0;
  let count = 0;
  const peak = sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  for (const sample of sound) if (Math.abs(sample) > peak / 100) [sum, count] = [sum + sample * sample, count + 1];
  const gain = goal / Math.sqrt(sum / Math.max(1, count));
  return sound.map((sample) => sample * gain);
};
/** Sentences one after the other, pauses between them. */
function line(sounds, pause) {
  const gap = new Float32Array(Math.round(pause * rate));
  const parts = [gap, ...sounds.flatMap((sound) => [level(sound), gap])];
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function speechSets(folder) {
  const spoken = (name, command, args) => {
    const file = join(folder, `${name}.wav`);
    execFileSync(command, args(file), { stdio: 'ignore' });
    return sox([file, ['highpass', '60']]);
  };
  const alsa = '/usr/share/sounds/alsa';
  const sets = {
    espeak: line(
      espeak.map(([voice, speed, pitch, text], index) =>
        spoken(`e${index}`, 'espeak-ng', (file) => ['-v', voice, '-s', String(speed), '-p', String(pitch), '-w', file, text]),
      ),
      0.8,
    ),
    flite: line(
      flite.map(([voice, text], index) => spoken(`f${index}`, 'flite', (file) => ['-voice', voice, '-t', text, '-o', file])),
      0.8,
    ),
  };
  if (existsSync(alsa)) {
    const files = readdirSync(alsa)
      .filter((name) => /_/.test(name))
      .sort();
    sets.human = line(
      files.map((name) => sox([join(alsa, name), []])),
      0.6,
    );
  }
  return sets;
}

function noiseOf(name, length, folder) {
  const next = random(noises.indexOf(name) + 1);
  const out = new Float32Array(length);
  if (name === 'white') return out.map(() => next() * 2 - 1);
  if (name === 'pink' || name === 'fan') {
    const poles = [0, 0, 0, 0, 0, 0];
    for (let index = 0; index < length; index++) {
      const white = next() * 2 - 1;
      [0.99886, 0.99332, 0.969, 0.8665, 0.55, -0.7616].forEach((pole, each) => {
        poles[each] = pole * poles[each] + white * [0.0555179, 0.0750759, 0.153852, 0.3104856, 0.5329522, -0.016898][each];
      });
      out[index] = poles.reduce((sum, pole) => sum + pole, 0) + white * 0.5362;
    }
    if (name === 'pink') return out;
    let low = 0;
    for (let index = 0; index < length; index++) {
      low += 0.05 * (out[index] - low);
      const time = index / rate;
      out[index] =
        low * (1 + 0.1 * Math.sin(2 * Math.PI * 4 * time)) +
        0.15 * Math.sin(2 * Math.PI * 118 * time) +
        0.08 * Math.sin(2 * Math.PI * 236.4 * time) +
        0.04 * Math.sin(2 * Math.PI * 472 * time);
    }
    return out;
  }
  if (name === 'clicks') {
    for (let at = 0; at < length; at += Math.round(rate * (0.08 + 0.25 * next()))) {
      for (const [delay, loud] of [
        [0, 1],
        [Math.round(rate * (0.05 + 0.03 * next())), 0.5],
      ]) {
        const pitch = 1800 + 2500 * next();
        for (let index = 0; index < 1200 && at + delay + index < length; index++) {
          out[at + delay + index] += loud * Math.exp(-index / 140) * (0.6 * (next() * 2 - 1) + 0.4 * Math.sin((2 * Math.PI * pitch * index) / rate));
        }
      }
    }
    return out;
  }
  crowd.forEach(([voice, speed, pitch], index) => {
    const file = join(folder, `b${index}.wav`);
    execFileSync('espeak-ng', ['-v', voice, '-s', String(speed), '-p', String(pitch), '-w', file, chatter], { stdio: 'ignore' });
    const one = level(sox([file, []]));
    const start = Math.floor(next() * one.length);
    for (let at = 0; at < length; at++) out[at] += one[(start + at) % one.length];
  });
  return out;
}

/** Root mean square over the frames in which somebody speaks: within 40 dB of the loudest. */
export function active(speech) {
  const frames = Math.floor(speech.length / 480);
  const energy = Array.from({ length: frames }, (_, frame) => {
    let sum = 0;
    for (let index = 0; index < 480; index++) sum += speech[frame * 480 + index] ** 2;
    return sum / 480;
  });
  const most = Math.max(...energy);
  const speaks = energy.map((value) => value > most * 1e-4);
  // A pause is only a pause 150 ms after the voice and before it: reverberation, plosives.
  const pause = speaks.map((_, frame) => !speaks.slice(Math.max(0, frame - 15), frame + 16).some(Boolean));
  const loud = energy.filter((_, frame) => speaks[frame]);
  return { speaks, pause, rms: Math.sqrt(loud.reduce((sum, value) => sum + value, 0) / Math.max(1, loud.length)) };
}

/** Speech sets and, for each of them, what the five noises add at 0 dB. Kept in `folder` for the next run. */
export function corpus(folder) {
  mkdirSync(folder, { recursive: true });
  const load = (name) => {
    const bytes = readFileSync(join(folder, name));
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  };
  if (!existsSync(join(folder, 'done'))) {
    for (const [name, speech] of Object.entries(speechSets(folder))) {
      const { rms } = active(speech);
      writeFileSync(join(folder, `${name}.f32`), speech);
      for (const noise of noises) {
        const raw = noiseOf(noise, speech.length, folder);
        const loud = Math.sqrt(raw.reduce((sum, sample) => sum + sample * sample, 0) / raw.length);
        writeFileSync(
          join(folder, `${name}-${noise}.f32`),
          raw.map((sample) => (sample * rms) / loud),
        );
      }
    }
    writeFileSync(join(folder, 'done'), '');
  }
  const sets = readdirSync(folder)
    .filter((name) => /^[a-z]+\.f32$/.test(name))
    .map((name) => name.slice(0, -4))
    .sort();
  return sets.map((name) => ({ name, speech: load(`${name}.f32`), noise: Object.fromEntries(noises.map((noise) => [noise, load(`${name}-${noise}.f32`)])) }));
}
