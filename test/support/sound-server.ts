import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find, installByApt } from './browser.js';
import { audible, loudness, pitches } from './voice-facts.js';
import type { Voice } from './voice-facts.js';
import { writeVoice } from './voice.js';

const root = join(import.meta.dirname, '../..');
const rate = 48_000;
/** Samples in which a voice is looked for: as in a page. */
const look = 2048;
/** For what takes a connection to a real server; ample, as the machine may be busy. */
const patience = 30_000;
const format = [`--rate=${rate}`, '--channels=1', '--format=s16le', '--latency-msec=50'];

export interface Rates {
  /** Hz. */
  readonly microphone?: number;
  /** Hz. */
  readonly loudspeaker?: number;
}

/** A device that can be pulled out. */
export interface Plugged {
  /** Makes it the system's default. */
  choose(): void;
  unplug(): void;
  /** Puts it back. */
  plug(): void;
}

/** What a machine has that can talk and listen: a microphone into which somebody speaks, and a loudspeaker. For browsers that know no files as microphones. */
export interface SoundServer {
  /** For the processes that are to use it. */
  readonly env: NodeJS.ProcessEnv;
  /** How many programs have the microphone open. */
  recording(): number;
  /** Waits until none has. */
  free(): Promise<void>;
  /** Waits until a voice comes out of the loudspeaker. */
  hears(voice: Voice): Promise<void>;
  /** The loudest that a voice came out of the loudspeaker within the last second, of full scale 1. */
  peak(voice: Voice): number;
  /** Waits until a voice has not come out of the loudspeaker for as long as four syllables. */
  silent(voice: Voice): Promise<void>;
  /** What it begins with, both the system's default; nobody listens to a loudspeaker any more that was unplugged. */
  readonly microphone: Plugged;
  readonly loudspeaker: Plugged;
  /** One more, into which `speaker` speaks. Its rate in Hz. */
  plugMicrophone(label: string, speaker: Voice, rate?: number): Plugged;
  /** One more, to which nobody listens. */
  plugLoudspeaker(label: string): Plugged;
  stop(): Promise<void>;
}

/** A PulseAudio of our own. `speaker` may be a WAV in place of a voice: an absolute path; 48 kHz, mono, 16 bit. @throws Error that says how to get it */
export async function startSound(speaker: Voice | (string & {}), rates: Rates = {}): Promise<SoundServer> {
  const program = find(['pulseaudio']) ?? (installByApt('pulseaudio', 'pulseaudio-utils') ? find(['pulseaudio']) : undefined);
  if (!program || !find(['pacat'])) throw new Error('A microphone that speaks needs Linux with PulseAudio: sudo apt-get install pulseaudio pulseaudio-utils');
  const folder = mkdtempSync(join(tmpdir(), 'vc-room-sound-'));
  // PulseAudio makes a folder `pulse` beside it.
  const socket = join(folder, 'socket');
  const script = join(folder, 'script.pa');
  writeFileSync(script, `load-module module-native-protocol-unix auth-anonymous=1 socket=${socket}`);
  const env = { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder, PULSE_SERVER: `unix:${socket}` };
  const server = spawn(program, ['-n', '--daemonize=no', '--exit-idle-time=-1', '-F', script], { stdio: 'ignore', env });
  const control = (...args: string[]) => execFileSync('pactl', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  await until('PulseAudio answers', () => {
    assert.equal(server.exitCode, null, 'PulseAudio has ended');
    return existsSync(socket);
  });
  const rows = (kind: string) =>
    control('list', 'short', kind)
      .split('\n')
      .map((line) => line.split('\t'));
  const mouths: ChildProcess[] = [];
  const plugged = (kind: 'sink' | 'source', name: string, ...module: readonly string[]): Plugged => {
    const load = () => control('load-module', ...module);
    let index = load();
    return {
      choose: () => void control(`set-default-${kind}`, name),
      unplug: () => void control('unload-module', index),
      plug: () => void (index = load()),
    };
  };
  const plugLoudspeaker = (label: string, hertz = rate): Plugged => {
    const name = label.toLowerCase();
    return plugged('sink', name, 'module-null-sink', `sink_name=${name}`, `rate=${hertz}`, `sink_properties=device.description=${label}`);
  };
  const plugMicrophone = (label: string, voice: string, hertz = rate): Plugged => {
    const name = label.toLowerCase();
    control('load-module', 'module-null-sink', `sink_name=${name}-mouth`, 'channels=1', `rate=${hertz}`);
    const mouth = spawn('pacat', ['--playback', `--device=${name}-mouth`, ...format], { stdio: ['pipe', 'ignore', 'ignore'], env });
    mouths.push(mouth);
    const words = readFileSync(isVoice(voice) ? writeVoice(join(root, '.cache/voices'), voice) : voice).subarray(44);
    const speak = (): void => {
      while (mouth.stdin.write(words));
    };
    mouth.stdin.on('drain', speak).on('error', () => undefined);
    speak();
    const master = `master=${name}-mouth.monitor`;
    return plugged('source', name, 'module-remap-source', master, `source_name=${name}`, `source_properties=device.description=${label}`);
  };
  const loudspeaker = plugLoudspeaker('Loudspeaker', rates.loudspeaker);
  loudspeaker.choose();
  const microphone = plugMicrophone('Microphone', speaker, rates.microphone);
  microphone.choose();
  const index = rows('sources').find(([, name]) => name === 'microphone')?.[0];
  const recording = () => rows('source-outputs').filter(([, source]) => source === index).length;

  const ear = spawn('parec', ['--device=loudspeaker.monitor', ...format], { stdio: ['ignore', 'pipe', 'ignore'], env });
  const lastHeard = new Map<Voice, number>();
  const looks = new Map<Voice, number[]>();
  let rest = Buffer.alloc(0);
  /** Of what has been listened to, in samples. */
  let now = 0;
  ear.stdout.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (; rest.length >= 2 * look; rest = rest.subarray(2 * look)) {
      const samples = Float32Array.from({ length: look }, (_, index) => rest.readInt16LE(2 * index) / 32_768);
      now += look;
      for (const name of Object.keys(pitches) as Voice[]) {
        const loud = loudness(samples, rate, name);
        if (loud > audible) lastHeard.set(name, now);
        looks.set(name, [...(looks.get(name) ?? []), loud].slice(-rate / look));
      }
    }
  });
  const silence = (name: Voice): number => (now - (lastHeard.get(name) ?? 0)) / rate;

  return {
    env,
    recording,
    free: () => until('nobody has the microphone open', () => recording() === 0),
    hears(name) {
      const from = now;
      return until(`${name} comes out of the loudspeaker`, () => (lastHeard.get(name) ?? 0) > from);
    },
    peak: (name) => Math.max(0, ...(looks.get(name) ?? [])),
    silent: (name) => until(`${name} comes out of the loudspeaker no more`, () => silence(name) > 1),
    microphone,
    loudspeaker,
    plugMicrophone,
    plugLoudspeaker,
    async stop() {
      await Promise.all([ear, ...mouths, server].map(end));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function isVoice(name: string): name is Voice {
  return name in pitches;
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill();
  });
}

async function until(what: string, test: () => boolean): Promise<void> {
  const deadline = Date.now() + patience;
  while (!test()) {
    assert.ok(Date.now() < deadline, `Not within ${patience} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
