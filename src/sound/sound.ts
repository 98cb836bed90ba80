import type { MicrophoneHint } from '../room/snapshot.js';
import type { Cue, Gains, Sound, SoundReport, Track } from '../room/suppliers.js';
import { CuePlayer } from './cues.js';
import type { Outlet } from './outlet.js';
import { HintFinder } from './hints.js';
import { Output } from './output.js';
import { Playback } from './playback.js';
import { holdContext } from './press.js';
import type { Hold, NoiseSuppressionChoice, SoundPress } from './press.js';
import { takeStudio } from './ahead.js';
import type { SoundSettings, Studio, StudioDiagnostics, StudioListener } from './studio.js';

export type { SoundSettings } from './studio.js';

/**
 * What one room hears and plays. Microphone, graph and denoiser are shared with the other rooms of the page; the settings of the first one count.
 * @throws VcRoomError `unsupported` where there is no Web Audio
 */
export function createSound(press: SoundPress, settings: SoundSettings): Sound {
  return new RoomSound(press, settings);
}

class RoomSound implements Sound {
  readonly outgoing: Track;
  readonly #press: SoundPress;
  readonly #held: Hold<Studio>;
  readonly #studio: Studio;
  readonly #outlet: Outlet;
  readonly #playback: Playback;
  readonly #output: Output;
  readonly #cues: CuePlayer;
  readonly #context: Hold<AudioContext | null>;
  #hints = new HintFinder();
  readonly #outputDevice: string | null;
  #hint: MicrophoneHint | null = null;
  #isMicrophoneWanted = false;
  readonly #life = new AbortController();
  #report: ((report: SoundReport) => void) | null = null;
  #closed = false;

  constructor(press: SoundPress, settings: SoundSettings) {
    this.#press = press;
    this.#held = takeStudio(settings);
    this.#studio = this.#held.value;
    this.#outlet = this.#studio.addOutlet();
    this.outgoing = this.#outlet.track;
    this.#context = holdContext();
    this.#playback = new Playback((blocked) => this.#report?.({ type: 'playback', blocked }), this.#context.value);
    this.#cues = new CuePlayer(this.#context.value);
    this.#output = new Output(
      (id) => {
        this.#playback.setSink(id);
        this.#cues.setSink(id);
      },
      (device) => this.#report?.({ type: 'output', device }),
    );
    this.#outputDevice = settings.outputDevice ?? null;
  }

  start(report: (report: SoundReport) => void): void {
    if (this.#closed) return;
    this.#report = report;
    this.#output.recall(this.#outputDevice);
    // Who has no microphone has loudspeakers too; who has one is told by it.
    const listChanged = (): void => {
      if (!this.#isMicrophoneWanted) report({ type: 'devices', input: null });
    };
    (navigator.mediaDevices as MediaDevices | undefined)?.addEventListener('devicechange', listChanged, { signal: this.#life.signal });
  }

  openMicrophone(): void {
    if (this.#closed) return;
    this.#isMicrophoneWanted = true;
    this.#studio.wake();
    this.#studio.open(this.#listener, this.#press.takeMicrophone());
  }

  closeMicrophone(): void {
    if (this.#closed) return;
    this.#isMicrophoneWanted = false;
    this.#press.takeMicrophone()?.release();
    this.#studio.leave(this.#listener);
    this.#listener.heard(null);
  }

  denoise(): void {
    if (!this.#closed) this.#studio.denoise();
  }

  setTransmitting(transmitting: boolean): void {
    if (this.#closed || this.#outlet.isOpen === transmitting) return;
    this.#outlet.setOpen(transmitting);
    if (!transmitting) this.#studio.outletShut();
  }

  play(identity: string, track: Track | null): void {
    if (!this.#closed) this.#playback.play(identity, track as MediaStreamTrack | null);
  }

  setGains(gains: Gains): void {
    this.#playback.setGains(gains);
  }

  async resume(): Promise<void> {
    if (this.#closed) return;
    this.#studio.wake();
    await this.#playback.resume();
  }

  level(): number {
    return this.#closed ? 0 : this.#studio.level();
  }

  setNoiseSuppression(choice: NoiseSuppressionChoice): void {
    if (!this.#closed) this.#studio.setNoiseSuppression(choice);
  }

  async setInputDevice(id: string | null): Promise<void> {
    if (!this.#closed) await this.#studio.setInputDevice(id);
  }

  async setOutputDevice(id: string | null): Promise<void> {
    if (!this.#closed) await this.#output.choose(id);
  }

  cue(cue: Cue, volume: number): void {
    if (!this.#closed) void this.#cues.play(cue, volume);
  }

  diagnostics(): StudioDiagnostics {
    return this.#studio.diagnostics();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#report = null;
    this.#life.abort();
    this.#playback.close();
    this.#cues.close();
    this.#output.close();
    this.#context.release();
    this.#studio.removeOutlet(this.#outlet);
    this.#studio.leave(this.#listener);
    this.#held.release();
    this.#press.release();
  }

  readonly #listener: StudioListener = {
    changed: (capture, error) => this.#report?.(error ? { type: 'capture', capture, error } : { type: 'capture', capture }),
    noiseSuppressionChanged: (active) => this.#report?.({ type: 'noisesuppression', active }),
    devicesChanged: (input) => this.#report?.({ type: 'devices', input }),
    heard: (moment) => {
      if (!moment) this.#hints = new HintFinder();
      const hint = moment && this.#hints.step(moment, this.#outlet.isOpen);
      if (hint === this.#hint) return;
      this.#hint = hint;
      this.#report?.({ type: 'hint', hint });
    },
  };
}
