import type { Cue } from '../room/suppliers.js';
import { holdContext, idleElements, idleElementsKept, shared } from './press.js';

/** One note: Hz, when it begins and how long it rings, in seconds. */
type Note = readonly [pitch: number, at: number, ring: number];

/** D and A, upwards for what begins and downwards for what ends; no note is one that a voice holds. */
const melodies: Readonly<Record<Cue, readonly Note[]>> = {
  entered: [
    [587.33, 0, 0.3],
    [880, 0.11, 0.45],
  ],
  joined: [[880, 0, 0.4]],
  gone: [[440, 0, 0.4]],
  muted: [[493.88, 0, 0.16]],
  unmuted: [[739.99, 0, 0.16]],
  test: [
    [440, 0, 0.5],
    [587.33, 0.25, 0.5],
    [880, 0.5, 0.9],
  ],
};

/** Peak, of full scale 1: -24 dB, below a voice. */
const loudness = 0.06;
const attack = 0.008;
/** An element that begins to play a stream drops its beginning; in seconds. */
const lead = 0.12;

/** Plays the room's own sounds, made here: no file to fetch, none to allow. Through an `<audio>`, since the page's context plays to no device. */
export class CuePlayer {
  readonly #context: AudioContext | null;
  readonly #ends = new Set<() => void>();
  #sink = '';

  constructor(context: AudioContext | null) {
    this.#context = context;
  }

  /** Id of the device that plays; empty for the system's default. */
  setSink(id: string): void {
    this.#sink = id;
  }

  /**
   * As loud as all that this person hears, 0 to 2. Where nothing can play, nothing does. One at a time: another is not begun before the last has ended.
   * Resolves when it has ended.
   */
  async play(cue: Cue, volume: number): Promise<void> {
    const context = this.#context;
    if (context?.state !== 'running' || this.#ends.size || volume === 0) return;
    const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    const element = idleElements.pop() ?? new Audio();
    element.muted = false;
    element.volume = 1;
    element.srcObject = destination.stream;
    if ('sinkId' in element && element.sinkId !== this.#sink) element.setSinkId(this.#sink).catch(() => undefined);
    element.play().catch(() => undefined);
    const start = context.currentTime + lead;
    const tones = melodies[cue].map((note) => ring(context, destination, start, loudness * volume, note));
    const length = lead + Math.max(...melodies[cue].map(([, at, rings]) => at + rings));
    await new Promise<void>((resolve) => {
      const end = (): void => {
        if (!this.#ends.delete(end)) return;
        clearTimeout(timer);
        for (const tone of tones) tone.disconnect();
        element.pause();
        element.srcObject = null;
        if (idleElements.length < idleElementsKept) idleElements.push(element);
        resolve();
      };
      const timer = setTimeout(end, 1000 * length + 200);
      this.#ends.add(end);
    });
  }

  close(): void {
    for (const end of [...this.#ends]) end();
  }
}

const samplePlayer = shared(
  (context: AudioContext | null) => new CuePlayer(context),
  (player) => player.close(),
);

/** One such sound without a room, on the device of this id. Within a gesture, or with what one has opened; resolves when it has ended. */
export async function sample(cue: Cue, volume: number, sink: string): Promise<void> {
  const context = holdContext();
  const player = samplePlayer(context.value);
  try {
    await context.value?.resume();
    player.value.setSink(sink);
    await player.value.play(cue, volume);
  } finally {
    player.release();
    context.release();
  }
}

/** A soft strike: an octave above rings along quietly and dies sooner. */
function ring(context: BaseAudioContext, destination: AudioNode, start: number, gain: number, [pitch, at, rings]: Note): AudioNode {
  const out = new GainNode(context, { gain });
  out.connect(destination);
  for (const [partial, share] of [
    [1, 1],
    [2, 0.12],
  ] as const) {
    const tone = new OscillatorNode(context, { frequency: pitch * partial });
    const envelope = new GainNode(context, { gain: 0 });
    envelope.gain
      .setValueAtTime(0, start + at)
      .linearRampToValueAtTime(share, start + at + attack)
      .setTargetAtTime(0, start + at + attack, rings / partial / 5);
    tone.connect(envelope).connect(out);
    tone.start(start + at);
    tone.stop(start + at + rings);
  }
  return out;
}
