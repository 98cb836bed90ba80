import { VcRoomError } from '../room/errors.js';
import type { CaptureState } from '../room/snapshot.js';
import { holdMicrophone } from './press.js';
import type { Hold } from './press.js';
import { microphonePermission, refusal } from './refusal.js';

type Microphone = Hold<Promise<MediaStream>>;

export interface CaptureListener {
  changed(state: CaptureState, error?: VcRoomError): void;
}

/**
 * One microphone for everybody on the page: opened for the first who asks, ended in the task in which the last lets go. One that is unplugged, refused or busy
 * comes back by itself as soon as the browser gives it again.
 */
export class Capture {
  readonly #audio: MediaTrackConstraints;
  readonly #plug: (stream: MediaStream | null) => void;
  readonly #listeners = new Set<CaptureListener>();
  #state: CaptureState = 'off';
  #error: VcRoomError | undefined;
  #microphone: Microphone | null = null;
  #track: MediaStreamTrack | null = null;
  /** Ends the waiting for a chance to try again. */
  #waiting: AbortController | null = null;

  /** `plug` gets the stream that is live from now on, `null` when there is none. */
  constructor(audio: MediaTrackConstraints, plug: (stream: MediaStream | null) => void) {
    this.#audio = audio;
    this.#plug = plug;
  }

  /** From now on the listener needs the microphone and is told what became of it, at once and until `close()`. `asked` is one that was asked for already. */
  open(listener: CaptureListener, asked: Microphone | null): void {
    const isNew = !this.#listeners.has(listener);
    this.#listeners.add(listener);
    if (this.#state === 'open' || this.#state === 'requesting') {
      asked?.release();
      if (isNew) listener.changed(this.#state);
      return;
    }
    this.#change('requesting');
    this.#ask(asked ?? holdMicrophone(this.#audio));
  }

  close(listener: CaptureListener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    this.#unplug();
    this.#waiting?.abort();
    this.#state = 'off';
    this.#error = undefined;
  }

  /** Whether the browser itself suppresses noise in what is captured now. */
  get suppressesNoise(): boolean {
    return this.#track?.getSettings().noiseSuppression === true;
  }

  #change(state: CaptureState, error?: VcRoomError): void {
    if (state === this.#state && error?.code === this.#error?.code && error?.reason === this.#error?.reason) return;
    this.#state = state;
    this.#error = error;
    for (const listener of [...this.#listeners]) listener.changed(state, error);
  }

  #ask(microphone: Microphone, wasUnplugged = false): void {
    this.#waiting?.abort();
    this.#microphone = microphone;
    microphone.value.then(
      (stream) => {
        if (this.#microphone === microphone) this.#adopt(stream);
      },
      async (thrown: unknown) => {
        if (this.#microphone !== microphone) return;
        this.#unplug();
        const waiting = this.#retry();
        let error = await refusal(thrown);
        if (wasUnplugged && error.code === 'mic-missing')
          error = new VcRoomError('mic-missing', 'unplugged', 'The microphone was unplugged and there is no other. Sound returns when one is connected.', {
            cause: thrown,
          });
        if (!waiting.aborted) this.#change(error.code === 'mic-missing' ? 'missing' : 'blocked', error);
      },
    );
  }

  #adopt(stream: MediaStream): void {
    const track = stream.getAudioTracks()[0];
    if (!track || track.readyState === 'ended') return this.#lost();
    this.#track = track;
    // Script that stops a track hears no `ended`: this is the device, or the permission, being taken away.
    track.onended = () => this.#lost();
    try {
      this.#plug(stream);
    } catch (cause) {
      this.#unplug();
      this.#change(
        'blocked',
        new VcRoomError('unsupported', 'web-audio', 'This browser cannot bring this microphone into Web Audio at its rate. Another one may work.', { cause }),
      );
      return;
    }
    this.#change('open');
  }

  /** Another device may be there: nobody needs to be told unless it is not. */
  #lost(): void {
    this.#unplug();
    this.#ask(holdMicrophone(this.#audio), true);
  }

  #unplug(): void {
    if (this.#track) {
      this.#track.onended = null;
      this.#track.stop();
      this.#track = null;
      this.#plug(null);
    }
    this.#microphone?.release();
    this.#microphone = null;
  }

  /** Tries again, without a word until it is known how that went, when devices change, the page is shown again or the permission is given. */
  #retry(): AbortSignal {
    const waiting = new AbortController();
    this.#waiting = waiting;
    const { signal } = waiting;
    const again = (): void => {
      if (!signal.aborted) this.#ask(holdMicrophone(this.#audio), this.#error?.reason === 'unplugged');
    };
    // A refusal by the person must not turn into one prompt after another.
    const unlessRefused = (): void => {
      if (this.#error?.code !== 'mic-blocked' || this.#error.reason === 'system') again();
    };
    (navigator.mediaDevices as MediaDevices | undefined)?.addEventListener('devicechange', unlessRefused, { signal });
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && unlessRefused(), { signal });
    void microphonePermission().then((permission) => permission?.addEventListener('change', () => permission.state === 'granted' && again(), { signal }));
    return signal;
  }
}
