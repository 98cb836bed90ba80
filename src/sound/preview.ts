import type { VcRoomError } from '../room/errors.js';
import type { NoiseSuppression } from '../room/snapshot.js';
import type { Monitor } from './monitor.js';
import { canChooseOutput } from './output.js';
import { idleElements } from './press.js';
import type { Hold, SoundPress } from './press.js';
import { takeStudio } from './ahead.js';
import type { SoundSettings, Studio, StudioListener } from './studio.js';

/** The person's own voice, played to them alone. With loudspeakers in place of headphones it may howl: say so beside the button. */
export interface MicrophonePreview {
  /** What suppresses noise in the clean voice now. Where it is `browser`, it is in the device: both voices are clean. */
  readonly activeNoiseSuppression: NoiseSuppression;
  /** Whether the voice is heard as others would hear it (to begin with) or as it is captured. */
  setClean(clean: boolean): void;
  /** Whether it is heard at all (to begin with), or only `level()` tells of it. */
  setHeard(heard: boolean): void;
  /** Loudness of what is heard or would be, 0 to 1, as of now. */
  level(): number;
  /** Ends it in this task, and with it the microphone, unless a room on this page uses it. Idempotent. */
  stop(): void;
}

/**
 * Opens the microphone of the page and plays it back, taking over what the press opened.
 * @throws VcRoomError `mic-blocked`, `mic-missing`, `mic-in-use`, `unsupported`, `insecure-context`
 */
export async function previewMicrophone(press: SoundPress, settings: SoundSettings): Promise<MicrophonePreview> {
  const held = takeStudio(settings);
  held.value.denoise();
  const preview = new Preview(press, held, settings.outputDevice ?? '');
  await preview.opened;
  return preview;
}

class Preview implements MicrophonePreview {
  /** Resolves when there is a microphone; if there is none, all is given back by then. */
  readonly opened: Promise<void>;
  readonly #press: SoundPress;
  readonly #held: Hold<Studio>;
  readonly #monitor: Monitor;
  readonly #player: HTMLAudioElement;
  readonly #listener: StudioListener;
  #active: NoiseSuppression = 'off';
  #stopped = false;

  constructor(press: SoundPress, held: Hold<Studio>, outputDevice: string) {
    this.#press = press;
    this.#held = held;
    const studio = held.value;
    this.#monitor = studio.monitor();
    this.#player = idleElements.pop() ?? new Audio();
    this.#player.muted = false;
    this.#player.volume = 1;
    this.#player.srcObject = this.#monitor.stream;
    const { promise, resolve, reject } = withResolvers();
    this.opened = promise;
    this.#listener = {
      changed: (state, error) => {
        if (state === 'open') resolve();
        else if (error) reject(error);
      },
      noiseSuppressionChanged: (active) => (this.#active = active),
      devicesChanged: () => undefined,
      heard: () => undefined,
    };
    promise.catch(this.stop);
    addEventListener('pagehide', this.stop);
    studio.wake();
    studio.open(this.#listener, press.takeMicrophone());
    // Whoever captures may play.
    promise
      .then(() => playOn(this.#player, outputDevice))
      .then(() => (this.#stopped ? undefined : this.#player.play()))
      .catch(() => undefined);
  }

  get activeNoiseSuppression(): NoiseSuppression {
    return this.#active;
  }

  setClean(clean: boolean): void {
    if (!this.#stopped) this.#monitor.setClean(Boolean(clean));
  }

  setHeard(heard: boolean): void {
    if (!this.#stopped) this.#player.muted = !heard;
  }

  level(): number {
    return this.#stopped ? 0 : this.#monitor.level();
  }

  readonly stop = (): void => {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#active = 'off';
    removeEventListener('pagehide', this.stop);
    this.#player.pause();
    this.#player.srcObject = null;
    idleElements.push(this.#player);
    this.#monitor.close();
    this.#held.value.leave(this.#listener);
    this.#held.release();
    this.#press.release();
  };
}

/** On the device of this id while it is there, else on the system's default; whatever the element played on before. */
async function playOn(player: HTMLAudioElement, id: string): Promise<void> {
  if (canChooseOutput)
    await player
      .setSinkId(id)
      .catch(() => player.setSinkId(''))
      .catch(() => undefined);
}

function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: VcRoomError) => void } {
  let resolve = (): void => undefined;
  let reject: (error: VcRoomError) => void = resolve;
  const promise = new Promise<void>((kept, broken) => ([resolve, reject] = [kept, broken]));
  return { promise, resolve, reject };
}
