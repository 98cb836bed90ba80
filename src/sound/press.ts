import type { Press } from '../room/suppliers.js';

export type NoiseSuppressionChoice = 'rnnoise' | 'browser' | 'off';

/** What a microphone is opened with. */
export interface CaptureSettings {
  readonly echoCancellation: boolean;
  readonly autoGainControl: boolean;
  /** By the browser. */
  readonly noiseSuppression: boolean;
  /** Id of the device to use where it is there; else, or by default, the system's default. */
  readonly inputDevice?: string | null;
}

export interface PressSettings extends Omit<CaptureSettings, 'noiseSuppression'> {
  readonly noiseSuppression: NoiseSuppressionChoice;
}

/** What a gesture opened. Asked for and refused is told later, through the Sound that takes over. */
export interface SoundPress extends Press {
  /** Asks for the microphone, unless that was done. */
  openMicrophone(): void;
  /** Within the gesture that commits: audio context and `<audio>` pool, and the microphone. */
  open(microphone: boolean): void;
  /** Hands over the microphone that was asked for, once; who takes it releases it. */
  takeMicrophone(): Hold<Promise<MediaStream>> | null;
}

/** A share in something of which the page has one. `release()` is idempotent. */
export interface Hold<T> {
  readonly value: T;
  /** Made for this share. */
  readonly isNew: boolean;
  release(): void;
}

/** One for the whole page: opened for the first who holds it, ended in the task in which the last lets go. */
export function shared<T, A extends unknown[]>(open: (...how: A) => T, end: (value: T) => void): (...how: A) => Hold<T> {
  let one: { value: T; holders: number } | undefined;
  return (...how) => {
    const mine = (one ??= { value: open(...how), holders: 0 });
    mine.holders++;
    let held = true;
    return {
      value: mine.value,
      isNew: mine.holders === 1,
      release() {
        if (!held) return;
        held = false;
        if (--mine.holders) return;
        one = undefined;
        end(mine.value);
      },
    };
  };
}

/** Whether the browser has to suppress noise, because it was chosen or because nothing better can run. */
export function browserSuppresses(choice: NoiseSuppressionChoice): boolean {
  return choice === 'browser' || (choice === 'rnnoise' && typeof AudioWorkletNode === 'undefined');
}

/** The `audio` constraints for `settings`. A second suppressor before the denoiser costs more voice than it saves; voice isolation (macOS, ChromeOS) is one. */
export function constraints({ echoCancellation, autoGainControl, noiseSuppression, inputDevice }: CaptureSettings): MediaTrackConstraints {
  const isolation: MediaTrackConstraints & { voiceIsolation?: boolean } = noiseSuppression ? {} : { voiceIsolation: false };
  return { echoCancellation, autoGainControl, noiseSuppression, channelCount: 1, ...isolation, ...(inputDevice && { deviceId: { exact: inputDevice } }) };
}

/**
 * ms from the last use of an audio context to its end. A worklet's processor is only let go by what it returns when it renders the next time; one that is never
 * asked again keeps its node, the context and all that hangs on them for as long as the page lives (Chromium 156).
 */
const lastRender = 100;

/**
 * The page's AudioContext, `null` where there is none. It plays to no device where that can be said, so that losing the headset does not stop the voice
 * that goes out. In Firefox it keeps the rate of the output device, which is the microphone's too: with another one, plugging the microphone in throws
 * NotSupportedError (bug 1674892). Whoever refuses one of these wishes is asked without any.
 */
export const holdContext = shared(
  () => {
    const isFirefox = 'mozInnerScreenX' in window;
    for (const wishes of [{ ...(!isFirefox && { sampleRate: 48000 }), renderSizeHint: 480, sinkId: { type: 'none' } }, {}])
      try {
        return new AudioContext(wishes);
      } catch {
        // The next, or none.
      }
    return null;
  },
  (context) => void setTimeout(() => void context?.close().catch(ignore), lastRender),
);

/** The page's microphone as it was first opened; ended even if it is granted only after everybody let go. */
export const holdMicrophone = shared(openMicrophone, (stream) => void stream.then((granted) => granted.getTracks().forEach((track) => track.stop()), ignore));

/** The device of choice, or any where that is not there today. */
export async function openMicrophone(audio: MediaTrackConstraints): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (thrown) {
    if (!audio.deviceId || !/^(Over|NotFound)/.test((thrown as Error).name)) throw thrown;
    return navigator.mediaDevices.getUserMedia({ audio: { ...audio, deviceId: [] } });
  }
}

/** A share in the page's microphone, with these settings if it is not open yet. */
export function askForMicrophone({ noiseSuppression, ...settings }: PressSettings): Hold<Promise<MediaStream>> {
  const microphone = holdMicrophone(constraints({ ...settings, noiseSuppression: browserSuppresses(noiseSuppression) }));
  microphone.value.catch(ignore);
  return microphone;
}

/** `<audio>` elements that nobody uses; those that were here during a gesture may play later without one (Safari allows each element for itself). */
export const idleElements: HTMLAudioElement[] = [];

/** How many are kept. Who is the ninth in a room that plays before any gesture may have to be resumed. */
export const idleElementsKept = 8;

/** What can only be opened well within a gesture, each by its method. Never throws. */
export function press(settings: PressSettings): SoundPress {
  let context: Hold<AudioContext | null> | null = null;
  let microphone: Hold<Promise<MediaStream>> | null = null;
  let isAsked = false;
  const gesture: SoundPress = {
    openMicrophone() {
      if (isAsked) return;
      isAsked = true;
      microphone = askForMicrophone(settings);
    },
    open(wanted) {
      context ??= holdContext();
      // One that the system has interrupted (iOS) freezes for good if it is resumed.
      if (context.value?.state === 'suspended') context.value.resume().catch(ignore);
      while (idleElements.length < idleElementsKept) idleElements.push(new Audio());
      unlockIdleElements();
      if (wanted) gesture.openMicrophone();
    },
    takeMicrophone() {
      const taken = microphone;
      microphone = null;
      return taken;
    },
    release() {
      context?.release();
      context = null;
      microphone?.release();
      microphone = null;
    },
  };
  return gesture;
}

let permission: PermissionStatus | undefined;

/** Whether a microphone can be had without a prompt, as known now; the first question is answered with no. */
export function isMicrophoneGranted(): boolean {
  // Some browsers do not tell.
  if (!permission) (navigator.permissions as Permissions | undefined)?.query({ name: 'microphone' }).then((told) => (permission = told), ignore);
  return permission?.state === 'granted';
}

/** Without a source `play()` starts nothing, but it counts as the person's leave. */
export function unlockIdleElements(): void {
  for (const element of idleElements) element.play().catch(ignore);
}

function ignore(): void {}
