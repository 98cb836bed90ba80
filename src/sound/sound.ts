import { VcRoomError } from '../room/errors.js';
import type { Gains, Sound, SoundReport, Track } from '../room/suppliers.js';
import { Capture } from './capture.js';
import type { CaptureListener } from './capture.js';
import { Graph } from './graph.js';
import type { Outlet } from './graph.js';
import { Playback } from './playback.js';
import { constraints, holdContext, shared } from './press.js';
import type { Hold, PressSettings, SoundPress } from './press.js';

export interface SoundSettings extends Omit<PressSettings, 'microphone'> {
  /** Absolute base URL, with trailing slash, of worklets and wasm. */
  readonly assets: string;
}

/**
 * What one room hears and plays. Microphone and graph are shared with the other rooms of the page; the settings of the first one count.
 * @throws VcRoomError `unsupported` where there is no Web Audio
 */
export function createSound(press: SoundPress, settings: SoundSettings): Sound {
  return new RoomSound(press, settings);
}

interface Studio {
  readonly graph: Graph;
  readonly capture: Capture;
}

const holdStudio = shared(
  (context: AudioContext, settings: SoundSettings): Studio => {
    const graph = new Graph(context);
    return { graph, capture: new Capture(constraints(settings), (stream) => graph.setInput(stream)) };
  },
  ({ graph }) => graph.close(),
);

class RoomSound implements Sound {
  readonly outgoing: Track;
  readonly #press: SoundPress;
  readonly #context: Hold<AudioContext | null>;
  readonly #studio: Hold<Studio>;
  readonly #outlet: Outlet;
  readonly #playback: Playback;
  #report: ((report: SoundReport) => void) | null = null;
  #closed = false;

  constructor(press: SoundPress, settings: SoundSettings) {
    this.#press = press;
    this.#context = holdContext();
    if (!this.#context.value) {
      this.#context.release();
      throw new VcRoomError('unsupported', 'web-audio', 'This browser has no AudioContext, or refuses to make one: no call is possible here.');
    }
    this.#studio = holdStudio(this.#context.value, settings);
    this.#outlet = this.#studio.value.graph.outlet();
    this.outgoing = this.#outlet.track;
    this.#playback = new Playback((blocked) => this.#report?.({ type: 'playback', blocked }));
  }

  start(report: (report: SoundReport) => void): void {
    if (!this.#closed) this.#report = report;
  }

  openMicrophone(): void {
    if (this.#closed) return;
    this.#context.value?.resume().catch(() => undefined);
    this.#studio.value.capture.open(this.#listener, this.#press.takeMicrophone());
  }

  setTransmitting(transmitting: boolean): void {
    if (!this.#closed) this.#outlet.setOpen(transmitting);
  }

  play(identity: string, track: Track | null): void {
    if (!this.#closed) this.#playback.play(identity, track as MediaStreamTrack | null);
  }

  setGains(gains: Gains): void {
    this.#playback.setGains(gains);
  }

  async resume(): Promise<void> {
    if (this.#closed) return;
    this.#context.value?.resume().catch(() => undefined);
    await this.#playback.resume();
  }

  level(): number {
    return this.#closed ? 0 : this.#studio.value.graph.level();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#report = null;
    this.#playback.close();
    this.#outlet.close();
    this.#studio.value.capture.close(this.#listener);
    this.#studio.release();
    this.#press.release();
    this.#context.release();
  }

  readonly #listener: CaptureListener = {
    changed: (capture, error) => {
      this.#report?.(error ? { type: 'capture', capture, error } : { type: 'capture', capture });
      this.#report?.({ type: 'noisesuppression', active: this.#studio.value.capture.suppressesNoise ? 'browser' : 'off' });
    },
  };
}
