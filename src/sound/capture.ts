import { VcRoomError } from '../room/errors.js';
import type { CaptureState, Device } from '../room/snapshot.js';
import { fadedOut } from './graph.js';
import { constraints, holdMicrophone } from './press.js';
import type { CaptureSettings, Hold } from './press.js';
import { microphonePermission, refusal } from './refusal.js';

export interface CaptureEvents {
  /** Gets the stream that is live from now on, `null` when there is none. What it throws is the reason why this microphone cannot be used. */
  plug(stream: MediaStream | null): void;
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
  #track: MediaStreamTrack | null = null;
  /** Faded out, but needed until they are silent. */
  readonly #retiring = new Set<MediaStreamTrack>();
  /** The latest way to another device; whoever is not it any more drops what they got. */
  #way: object | null = null;
  /** Which device the system's default was. */
  #systemDefault: string | undefined;
  #chosenLate = false;
  /** Lives as long as somebody needs the microphone. */
  #life: AbortController | null = null;

  constructor(settings: CaptureSettings, events: CaptureEvents) {
    this.#settings = settings;
    this.#events = events;
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
    if (!this.#track) return null;
    const { echoCancellation, autoGainControl, noiseSuppression, sampleRate, channelCount } = this.#track.getSettings();
    return { echoCancellation, autoGainControl, noiseSuppression, sampleRate, channelCount };
  }

  /** What is captured from now, `null` while there is no microphone. */
  get device(): Device | null {
    return this.#track && { id: this.#track.getSettings().deviceId ?? '', label: this.#track.label };
  }

  /** Whether the browser itself suppresses noise in what is captured now. */
  get suppressesNoise(): boolean {
    return this.#track?.getSettings().noiseSuppression === true;
  }

  /** From now on the microphone is needed; `changed` tells what became of that. `asked` is one that was asked for already. */
  open(asked: Hold<Promise<MediaStream>> | null): void {
    if (this.#state === 'open' || this.#state === 'requesting') {
      asked?.release();
      return;
    }
    if (!this.#life) this.#watch((this.#life = new AbortController()).signal);
    this.#change('requesting');
    this.#ask(asked);
  }

  /** Ends it in this task. */
  close(): void {
    this.#life?.abort();
    this.#life = null;
    this.#drop();
    for (const track of this.#retiring) track.stop();
    this.#retiring.clear();
    this.#state = 'off';
    this.#error = undefined;
  }

  /**
   * Captures from this device from now on, `null` from the system's default; while talking, without a gap. A device that is not there is used when it comes.
   * @throws VcRoomError `mic-missing`, `mic-in-use`, `mic-blocked`: the one from before goes on
   */
  async setDevice(id: string | null): Promise<void> {
    const before = this.#settings;
    this.#settings = { ...before, inputDevice: id };
    if (this.#state === 'missing' || this.#state === 'blocked') return this.#ask(null);
    this.#chosenLate = this.#state === 'requesting';
    if (!this.#track || (id !== null && this.device?.id === id)) return;
    try {
      await this.#switch(id);
    } catch (thrown) {
      if (this.#settings.inputDevice === id) this.#settings = { ...this.#settings, inputDevice: before.inputDevice ?? null };
      this.#recover();
      throw await refusal(thrown);
    }
  }

  /**
   * Has the browser suppress noise, or not: on the live track where it can do that, else by opening the device anew into the graph. In Chromium one device has
   * one processing for all who use it, so that this leaves a hole for as long as the device takes to open, made in a pause; unless the device can also be had
   * under another id (as the default and by itself).
   */
  async setNoiseSuppression(on: boolean): Promise<void> {
    this.#settings = { ...this.#settings, noiseSuppression: on };
    const track = this.#track;
    if (!track || isRight(track, on)) return;
    await track.applyConstraints(constraints({ ...this.#settings, inputDevice: null })).catch(() => undefined);
    const twin = await twinOf(track);
    if (twin === null) await this.#events.pause();
    if (track !== this.#track || this.#way || isRight(track, this.#settings.noiseSuppression)) return;
    const id = track.getSettings().deviceId ?? null;
    await (twin === null ? this.#switch(id, false) : this.#switch(twin)).catch(() => this.#recover());
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
    first.value
      .then((stream) => {
        if (this.#way !== way) return;
        const isFirst = this.#state === 'requesting';
        this.#adopt(stream);
        // Once: what cannot be made right goes on as it is.
        if (isFirst) this.#settle();
      })
      .catch(async (thrown: unknown) => {
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

  /** A press may have opened it before all was known. */
  #settle(): void {
    void this.setNoiseSuppression(this.#settings.noiseSuppression);
    if (this.#chosenLate) void this.setDevice(this.#settings.inputDevice ?? null).catch(() => undefined);
    this.#chosenLate = false;
  }

  /** Another device, beside the one that goes on until the new one speaks, or instead of it. */
  async #switch(id: string | null, beside = true): Promise<void> {
    const audio = constraints({ ...this.#settings, inputDevice: id });
    if (!beside) this.#drop();
    const way = (this.#way = {});
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio });
      if (this.#way === way) this.#adopt(stream);
      else stop(stream);
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
    if (!this.#track && !this.#way && this.#state === 'open') this.#ask(null);
  }

  #adopt(stream: MediaStream): void {
    const track = stream.getAudioTracks()[0];
    if (!track || track.readyState === 'ended') return this.#lost();
    const before = this.#track;
    try {
      this.#events.plug(stream);
    } catch (thrown) {
      track.stop();
      throw thrown;
    }
    this.#track = track;
    this.#way = null;
    // Script that stops a track hears no `ended`: this is the device, or the permission, being taken away.
    track.onended = () => this.#lost();
    // A phone call is over (iOS): the source node of before may stay silent.
    track.onunmute = () => this.#events.plug(stream);
    if (before) this.#retire(before);
    this.#change('open');
    void this.#rememberDefault();
    this.#events.devicesChanged();
  }

  #retire(track: MediaStreamTrack): void {
    track.onended = track.onunmute = null;
    this.#retiring.add(track);
    setTimeout(() => {
      track.stop();
      this.#retiring.delete(track);
    }, fadedOut);
  }

  /** Another device may be there: nobody needs to be told unless it is not. */
  #lost(): void {
    this.#drop();
    this.#ask(null, true);
  }

  #drop(): void {
    this.#way = null;
    if (this.#track) {
      this.#track.onended = this.#track.onunmute = null;
      this.#track.stop();
      this.#track = null;
      this.#events.plug(null);
    }
    this.#first?.release();
    this.#first = null;
  }

  /** Whatever may bring a microphone back, or another one forward. */
  #watch(signal: AbortSignal): void {
    // A refusal by the person must not turn into one prompt after another.
    const again = (): boolean => {
      const isLost = this.#state === 'missing' || (this.#state === 'blocked' && this.#error?.reason !== 'person' && this.#error?.reason !== 'page-policy');
      if (isLost && !this.#way) this.#ask(null);
      return isLost;
    };
    const devicesChanged = (): void => {
      if (!again() && this.#state === 'open') void this.#follow();
      this.#events.devicesChanged();
    };
    (navigator.mediaDevices as MediaDevices | undefined)?.addEventListener('devicechange', devicesChanged, { signal });
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && again(), { signal });
    void microphonePermission().then((permission) =>
      permission?.addEventListener('change', () => permission.state === 'granted' && this.#state === 'blocked' && !this.#way && this.#ask(null), { signal }),
    );
  }

  /** Goes back to the device of choice when it is there again, and with the system's default when that is another. */
  async #follow(): Promise<void> {
    const life = this.#life;
    const { inputDevice } = this.#settings;
    const before = this.#systemDefault;
    const devices = await navigator.mediaDevices.enumerateDevices();
    if (this.#life !== life || this.#way || !this.#track) return;
    this.#systemDefault = defaultIn(devices);
    if (inputDevice) {
      if (this.device?.id !== inputDevice && devices.some(({ kind, deviceId }) => kind === 'audioinput' && deviceId === inputDevice))
        await this.#switch(inputDevice).catch(() => this.#recover());
    } else if (before !== undefined && this.#systemDefault !== before) await this.#switch(null).catch(() => this.#recover());
  }

  async #rememberDefault(): Promise<void> {
    this.#systemDefault = defaultIn(await navigator.mediaDevices.enumerateDevices());
  }
}

type Processing = Partial<Record<'echoCancellation' | 'autoGainControl' | 'noiseSuppression' | 'sampleRate' | 'channelCount', unknown>>;

/** Chromium lists the default as a device of its own, with the group of the real one. */
function defaultIn(devices: readonly MediaDeviceInfo[]): string | undefined {
  return devices.find(({ kind, deviceId }) => kind === 'audioinput' && deviceId === 'default')?.groupId;
}

/** Another id of the same device: Chromium lists the default one twice. */
async function twinOf(track: MediaStreamTrack): Promise<string | null> {
  const { deviceId, groupId } = track.getSettings();
  const devices = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === 'audioinput' && device.groupId === groupId);
  const isDefault = devices.some((device) => device.deviceId === 'default');
  return (isDefault && devices.find((device) => device.deviceId !== deviceId)?.deviceId) || null;
}

/** A browser that does not tell is believed. */
function isRight(track: MediaStreamTrack, noiseSuppression: boolean): boolean {
  return (track.getSettings().noiseSuppression ?? noiseSuppression) === noiseSuppression;
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
