import { VcRoomError } from '../room/errors.js';
import type { CaptureState, Device } from '../room/snapshot.js';
import { end, isRight, openBeside } from './beside.js';
import type { Opened } from './beside.js';
import { behindDefault, defaultIn, isBehind, nameOf, watchMicrophones } from './occasions.js';
import { constraints, holdMicrophone, openMicrophone } from './press.js';
import type { CaptureSettings, Hold } from './press.js';
import { refusal } from './refusal.js';
import { Source } from './source.js';
import type { SourceEvents } from './source.js';

export interface CaptureEvents extends Pick<SourceEvents, 'plug'> {
  changed(state: CaptureState, error?: VcRoomError): void;
  /** Another device is in use, or the list of devices is another. */
  devicesChanged(): void;
  /** Resolves when a hole in the sound will not be heard. */
  pause(): Promise<void>;
}

/** The microphone. Devices change underneath without a gap; one that is unplugged, refused or busy comes back by itself as soon as the browser gives it again. */
export class Capture {
  #settings: CaptureSettings;
  readonly #events: CaptureEvents;
  #state: CaptureState = 'off';
  #error: VcRoomError | undefined;
  /** The page's share in the first microphone; kept while another is used, so that no press asks for one more. */
  #first: Hold<Promise<MediaStream>> | null = null;
  readonly #source: Source;
  /** Lasts while the browser is made to suppress noise, or not to. */
  #settling: Promise<void> | null = null;
  /** The latest way to another device; whoever is not it any more drops what they got. */
  #way: object | null = null;
  /** Which device the system's default was. */
  #systemDefault: string | undefined;
  /** Devices came or went, or another was chosen, while there was none or one was on its way. */
  #missed = false;
  /** Lives as long as somebody needs the microphone. */
  #life: AbortController | null = null;

  constructor(settings: CaptureSettings, events: CaptureEvents) {
    this.#settings = settings;
    this.#events = events;
    this.#source = new Source({ plug: events.plug, lost: () => this.#lost() });
  }

  get state(): CaptureState {
    return this.#state;
  }

  /** Why it is `blocked` or `missing`. */
  get error(): VcRoomError | undefined {
    return this.#error;
  }

  /** What the browser does to the sound, `null` while there is no microphone. */
  get processing(): Processing | null {
    const { track } = this.#source;
    if (!track) return null;
    const { echoCancellation, autoGainControl, noiseSuppression, sampleRate, channelCount } = track.getSettings();
    return { echoCancellation, autoGainControl, noiseSuppression, sampleRate, channelCount };
  }

  /** What is captured from now, `null` while there is no microphone. */
  get device(): Device | null {
    return this.#source.device;
  }

  /** Whether the browser itself suppresses noise in what is captured now. */
  get suppressesNoise(): boolean {
    return this.#source.track?.getSettings().noiseSuppression === true;
  }

  /** From now on the microphone is needed; `changed` tells what became of that. `asked` is one that was asked for already. */
  open(asked: Hold<Promise<MediaStream>> | null): void {
    if (this.#state === 'open' || this.#state === 'requesting') {
      asked?.release();
      return;
    }
    if (!this.#life)
      watchMicrophones((this.#life = new AbortController()).signal, {
        changed: (devices) => {
          if (!this.#again() && devices && this.#state === 'open') void this.#follow();
          if (devices) this.#events.devicesChanged();
        },
        allowed: () => this.#state === 'blocked' && !this.#way && this.#ask(null),
      });
    this.#change('requesting');
    this.#ask(asked);
  }

  /** Ends it in this task. */
  close(): void {
    this.#life?.abort();
    this.#life = null;
    this.#drop();
    this.#source.close();
    this.#state = 'off';
    this.#error = undefined;
    this.#missed = false;
  }

  /**
   * Captures from this device from now on, `null` from the system's default; while talking, without a gap. A device that is not there is used when it comes.
   * @throws VcRoomError `mic-missing`, `mic-in-use`, `mic-blocked`: the one from before goes on
   */
  async setDevice(id: string | null): Promise<void> {
    const before = this.#settings;
    this.#settings = { ...before, inputDevice: id };
    if (this.#state === 'missing' || this.#state === 'blocked') return this.#ask(null);
    if (!this.device) return void (this.#missed = this.#state !== 'off');
    if (id !== null && this.device.id === id) return;
    try {
      await this.#switch(id);
    } catch (thrown) {
      if (this.#settings.inputDevice === id) this.#settings = { ...this.#settings, inputDevice: before.inputDevice ?? null };
      this.#recover();
      throw await refusal(thrown);
    }
  }

  /**
   * Has the browser suppress noise, or not: on the live track where it can do that, else by the device opened once more beside it. Where neither is possible, it
   * is opened anew in place of it, which leaves a hole, made in a pause.
   */
  setNoiseSuppression(on: boolean): Promise<void> {
    this.#settings = { ...this.#settings, noiseSuppression: on };
    return (this.#settling ??= this.#settle());
  }

  async #settle(): Promise<void> {
    await Promise.resolve();
    let tried: boolean | undefined;
    // Once for each wish: what cannot be made right goes on as it is.
    while (this.#isWrong() && tried !== this.#settings.noiseSuppression) {
      tried = this.#settings.noiseSuppression;
      await this.#source.track?.applyConstraints(constraints({ ...this.#settings, inputDevice: null })).catch(() => undefined);
      if (this.#isWrong() && !(await this.#openBeside().catch(() => false))) await this.#openInstead();
    }
    this.#settling = null;
  }

  #isWrong(): boolean {
    return this.#source.track !== null && !this.#way && !isRight(this.#source.track, this.#settings.noiseSuppression);
  }

  /** Whether that is over, by success or because something else came in between. */
  async #openBeside(): Promise<boolean> {
    const { track, device, isInFrame } = this.#source;
    if (!track || !device) return true;
    const wish = this.#settings;
    const opened = await openBeside(track, isInFrame, device.id, constraints({ ...wish, inputDevice: null })).catch(() => null);
    const isOver = this.#source.track !== track || this.#way !== null;
    if (!opened) return isOver;
    const isUseful = !isOver && opened.stream.getAudioTracks().every((one) => isRight(one, wish.noiseSuppression));
    if (isUseful) this.#adopt(opened, device.id);
    else end(opened);
    return isOver || isUseful;
  }

  async #openInstead(): Promise<void> {
    const { track, device } = this.#source;
    await this.#events.pause();
    if (track === this.#source.track && this.#isWrong()) await this.#switch(device?.id || null, false).catch(() => this.#recover());
  }

  #change(state: CaptureState, error?: VcRoomError): void {
    if (state === this.#state && error?.code === this.#error?.code && error?.reason === this.#error?.reason) return;
    this.#state = state;
    this.#error = error;
    this.#events.changed(state, error);
  }

  /** Opens the device of choice, or whichever there is. Until it is known how that went, nothing new is told. */
  #ask(asked: Hold<Promise<MediaStream>> | null, wasUnplugged = this.#error?.reason === 'unplugged'): void {
    const way = (this.#way = {});
    this.#first?.release();
    const first = (this.#first = asked ?? holdMicrophone(constraints(this.#settings)));
    const take = async (): Promise<void> => {
      const shared = await first.value;
      if (this.#way !== way) return;
      // Another press may hold on to one that was unplugged.
      const stream = shared.getAudioTracks().some(({ readyState }) => readyState === 'live') ? shared : await openMicrophone(constraints(this.#settings));
      if (this.#way === way) this.#adopt({ stream, frame: null });
      else if (stream !== shared) end({ stream, frame: null });
    };
    take().catch(async (thrown: unknown) => {
      if (this.#way !== way) return;
      this.#drop();
      let error = await refusal(thrown);
      if (this.#way !== null || !this.#life) return;
      if (wasUnplugged && error.code === 'mic-missing')
        error = new VcRoomError('mic-missing', 'unplugged', 'The microphone was unplugged and there is no other. Sound returns when one is connected.', {
          cause: thrown,
        });
      this.#change(error.code === 'mic-missing' ? 'missing' : 'blocked', error);
    });
  }

  /** Another device, beside the one that goes on until the new one speaks, or instead of it. */
  async #switch(id: string | null, beside = true): Promise<void> {
    if (!beside) this.#drop();
    const way = (this.#way = {});
    try {
      // Chromium gives the device that was the default before, as long as that one is open as such.
      const inputDevice = id ?? (await behindDefault());
      const stream = await navigator.mediaDevices.getUserMedia({ audio: constraints({ ...this.#settings, inputDevice }) });
      if (this.#way === way) this.#adopt({ stream, frame: null });
      else end({ stream, frame: null });
    } catch (thrown) {
      if (this.#way !== way) throw thrown;
      this.#way = null;
      // Some browsers lend one microphone at a time.
      if (!beside || !(thrown instanceof DOMException) || !['NotReadableError', 'AbortError'].includes(thrown.name)) throw thrown;
      await this.#switch(id, false);
    }
  }

  /** After a way that led nowhere: whichever microphone there is, unless one goes on. */
  #recover(): void {
    if (!this.device && !this.#way && this.#state === 'open') this.#ask(null);
  }

  #adopt(opened: Opened, id?: string): void {
    this.#source.adopt(opened, id);
    if (!this.#source.track) return;
    this.#way = null;
    this.#change('open');
    void (this.#missed ? this.#follow() : this.#rememberDefault());
    this.#events.devicesChanged();
    // A press may have opened it before all was known; and wishes change while a device is being opened.
    void this.setNoiseSuppression(this.#settings.noiseSuppression);
  }

  /** Another device may be there: nobody needs to be told unless it is not. */
  #lost(): void {
    this.#drop();
    this.#ask(null, true);
  }

  #drop(): void {
    this.#way = null;
    this.#source.drop();
    this.#first?.release();
    this.#first = null;
  }

  /** Whether there is none that is wanted; then it is asked for, unless the person refused: that must not turn into one prompt after another. */
  #again(): boolean {
    const isLost = this.#state === 'missing' || (this.#state === 'blocked' && this.#error?.reason !== 'person' && this.#error?.reason !== 'page-policy');
    if (isLost && !this.#way) this.#ask(null);
    return isLost;
  }

  /** Goes back to the device of choice when it is there again, and with the system's default when that is another. */
  async #follow(): Promise<void> {
    const life = this.#life;
    const devices = await navigator.mediaDevices.enumerateDevices();
    if (this.#life !== life) return;
    const { track, device } = this.#source;
    const [before, missed] = [this.#systemDefault, this.#missed];
    this.#missed = this.#way !== null || !track;
    if (!track || this.#missed) return;
    const { inputDevice } = this.#settings;
    const now = defaultIn(devices);
    this.#systemDefault = nameOf(now);
    if (inputDevice) {
      if (device?.id !== inputDevice && devices.some(({ kind, deviceId }) => kind === 'audioinput' && deviceId === inputDevice))
        await this.#switch(inputDevice).catch(() => this.#recover());
    } else if ((missed || (before !== undefined && this.#systemDefault !== before)) && now && !isBehind({ ...track.getSettings(), label: track.label }, now))
      await this.#switch(null).catch(() => this.#recover());
  }

  async #rememberDefault(): Promise<void> {
    this.#systemDefault = nameOf(defaultIn(await navigator.mediaDevices.enumerateDevices()));
  }
}

type Processing = Partial<Record<'echoCancellation' | 'autoGainControl' | 'noiseSuppression' | 'sampleRate' | 'channelCount', unknown>>;
