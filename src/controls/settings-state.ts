import { preferences } from '../page/preferences.js';
import type { Preferences } from '../page/preferences.js';
import type { Device } from '../room/snapshot.js';
import type { MicrophonePreview } from '../sound/preview.js';
import { readKeyboard } from './keys.js';
import type { Combination } from './keys.js';
import { KeyRecorder } from './recorder.js';

/** What the settings do that nobody else needs to know. */
export interface SettingsActions {
  listDevices(): Promise<{ readonly inputs: readonly Device[]; readonly outputs: readonly Device[] }>;
  setInputDevice(id: string | null): Promise<void>;
  setOutputDevice(id: string | null): Promise<void>;
  previewMicrophone(): Promise<MicrophonePreview>;
  choose(choice: Pick<Preferences, 'pushToTalk' | 'noiseSuppression'>): void;
}

/** What went wrong, as errors say it. */
export interface Trouble {
  readonly code: string;
  readonly reason: string;
}

/** The settings while they are open: lists of devices, hearing oneself, recording keys. Each change is told. */
export class SettingsState {
  inputs: readonly Device[] = [];
  outputs: readonly Device[] = [];
  trouble: Trouble | null = null;
  /** What is tested: how loud the microphone is, or how one sounds. */
  listening: 'off' | 'opening' | 'level' | 'clean' | 'raw' = 'off';
  /** What is held so far; null while nothing is being recorded. */
  held: Combination | null = null;
  /** What push-to-talk is switched on with: the keys that counted last, to begin with the author's. */
  keys: string;
  readonly #actions: SettingsActions;
  readonly #isInUse: () => boolean;
  readonly #changed: () => void;
  #preview: MicrophonePreview | null = null;
  #recorder: KeyRecorder | null = null;
  #isOpen = true;

  /** `isInUse` tells whether the room itself has a microphone open, which follows choices by itself. */
  constructor(actions: SettingsActions, keys: string | null, isInUse: () => boolean, changed: () => void) {
    this.#actions = actions;
    this.#isInUse = isInUse;
    this.keys = keys || 'Space';
    this.#changed = changed;
    (navigator.mediaDevices as MediaDevices | undefined)?.addEventListener('devicechange', this.#refresh);
    this.#refresh();
    void readKeyboard().then(changed);
  }

  /** What was chosen, whether or not it is in use. */
  get chosen(): Pick<Preferences, 'inputDevice' | 'outputDevice'> {
    return preferences();
  }

  async setInput(id: string): Promise<void> {
    await this.#try(this.#actions.setInputDevice(id || null));
    await this.#listenAnew();
  }

  async setOutput(id: string): Promise<void> {
    await this.#try(this.#actions.setOutputDevice(id || null));
    await this.#listenAnew();
  }

  async setSuppression(noiseSuppression: Required<Preferences>['noiseSuppression']): Promise<void> {
    this.#actions.choose({ noiseSuppression });
    await this.#listenAnew();
  }

  /** Loudness of what is tested, 0 to 1. */
  get level(): number {
    return this.#preview?.level() ?? 0;
  }

  /** Call it within a gesture. */
  async listen(to: 'off' | 'level' | 'clean' | 'raw'): Promise<void> {
    if (to === 'off') return this.#mute();
    if (this.listening !== 'off') {
      if (this.#preview) this.#hear(this.#preview, to);
      return this.#changed();
    }
    this.listening = 'opening';
    this.#changed();
    await this.#try(
      this.#actions.previewMicrophone().then((preview) => {
        if (!this.#isOpen || this.listening !== 'opening') return preview.stop();
        this.#preview = preview;
        this.#hear(preview, to);
        // Now that there is leave, devices have names.
        this.#refresh();
      }),
    );
    if (this.listening === 'opening') this.#mute();
    this.#changed();
  }

  record(): void {
    this.held = [];
    this.#recorder = new KeyRecorder(
      (held) => {
        this.held = held;
        this.#changed();
      },
      (keys) => {
        this.stopRecording();
        if (keys) this.#actions.choose({ pushToTalk: keys });
      },
    );
    this.#changed();
  }

  stopRecording(): void {
    if (!this.#recorder) return;
    this.#recorder = null;
    this.held = null;
    this.#changed();
  }

  readonly keydown = (event: KeyboardEvent): void => this.#recorder?.keydown(event);

  readonly keyup = (event: KeyboardEvent): void => this.#recorder?.keyup(event);

  close(): void {
    this.#isOpen = false;
    (navigator.mediaDevices as MediaDevices | undefined)?.removeEventListener('devicechange', this.#refresh);
    this.#mute();
  }

  readonly #refresh = (): void => {
    void this.#actions.listDevices().then(({ inputs, outputs }) => {
      if (!this.#isOpen) return;
      this.inputs = inputs.filter(isNamed);
      this.outputs = outputs.filter(isNamed);
      this.#changed();
    });
  };

  #hear(preview: MicrophonePreview, to: 'level' | 'clean' | 'raw'): void {
    if ((to === 'level') !== (this.listening === 'level')) preview.setHeard(to !== 'level');
    if (to !== 'level') preview.setClean(to === 'clean');
    this.listening = to;
  }

  /** The test has a microphone of its own, unless the room has one. */
  async #listenAnew(): Promise<void> {
    const to = this.listening;
    // What went wrong stays to be read.
    if (to === 'off' || to === 'opening' || this.trouble || this.#isInUse()) return;
    this.#mute();
    await this.listen(to);
  }

  #mute(): void {
    this.#preview?.stop();
    this.#preview = null;
    this.listening = 'off';
    if (this.#isOpen) this.#changed();
  }

  async #try(doing: Promise<void>): Promise<void> {
    this.trouble = null;
    try {
      await doing;
    } catch (thrown) {
      const { code = 'unknown', reason = '' } = thrown as Partial<Trouble>;
      this.trouble = { code: String(code), reason: String(reason) };
    }
    if (this.#isOpen) this.#changed();
  }
}

/** Without permission browsers tell only that there is something. */
function isNamed({ id }: Device): boolean {
  return id !== '';
}
