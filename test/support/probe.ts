import { audible, loudness, pitches } from './voice-facts.js';
import type { Voice } from './voice-facts.js';
import { record } from './record.js';

/**
 * Runs in every page of the end-to-end tests before anything else, bundled by stage.ts: counts what the page has opened and hears what the page would play.
 * Its own listening context is in no count.
 */

/** Between two looks, in ms. */
const interval = 20;

/** Things that were made, without keeping them. */
class Known<T extends WeakKey> {
  readonly #all = new Set<WeakRef<T>>();
  readonly #known = new WeakSet<T>();

  add(thing: T): void {
    if (this.#known.has(thing)) return;
    this.#known.add(thing);
    this.#all.add(new WeakRef(thing));
  }

  has(thing: T): boolean {
    return this.#known.has(thing);
  }

  *[Symbol.iterator](): Generator<T> {
    for (const reference of this.#all) {
      const thing = reference.deref();
      if (thing) yield thing;
      else this.#all.delete(reference);
    }
  }
}

class Probe {
  /** How often a microphone was asked for. */
  microphoneRequests = 0;
  readonly violations: string[] = [];
  /** Errors and rejections that nobody caught. */
  readonly uncaught: string[] = [];
  readonly #microphones = new Known<MediaStreamTrack>();
  readonly #contexts = new Known<AudioContext>();
  readonly #connections = new Known<RTCPeerConnection>();
  readonly #players = new Known<HTMLMediaElement>();
  readonly #ears = new WeakMap<MediaStreamTrack, Ear>();
  readonly #speakers = new Known<BaseAudioContext>();
  readonly #speakerEars = new WeakMap<BaseAudioContext, Ear>();
  readonly #lastHeard = new Map<Voice, number>();
  readonly #NativeContext = AudioContext;
  #context: AudioContext | null = null;

  constructor() {
    this.#countContexts();
    this.#countConnections();
    this.#countMicrophones();
    this.#followPlayers();
    this.#followSpeakers();
    addEventListener('securitypolicyviolation', (event) => this.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
    addEventListener('error', ({ message }) => this.uncaught.push(message));
    addEventListener('unhandledrejection', ({ reason }) => this.uncaught.push(String(reason)));
    setInterval(() => this.#listen(), interval);
  }

  /** What is open now. */
  get open(): { microphones: number; contexts: number; connections: number } {
    return {
      microphones: [...this.#microphones].filter((track) => track.readyState === 'live').length,
      contexts: [...this.#contexts].filter((context) => context.state === 'running').length,
      // One that is only kept ready for the next join is new, and reaches nobody.
      connections: [...this.#connections].filter(({ connectionState }) => connectionState !== 'closed' && connectionState !== 'new').length,
    };
  }

  /** When this voice was last heard here, in ms since the epoch; 0 for never. */
  lastHeard(voice: Voice): number {
    return this.#lastHeard.get(voice) ?? 0;
  }

  /** Whether this voice is being heard: within the last two syllables. */
  hears(voice: Voice): boolean {
    return this.silence(voice) < 500;
  }

  /** For how long this voice has not been heard, in ms. */
  silence(voice: Voice): number {
    return Date.now() - this.lastHeard(voice);
  }

  /** Tracks that are being played. */
  get playedTracks(): MediaStreamTrack[] {
    return [...this.#players].flatMap(({ srcObject, paused }) => (srcObject instanceof MediaStream && !paused ? srcObject.getAudioTracks() : []));
  }

  /** How loud a voice is now, of full scale 1: what reaches the loudspeakers. */
  loudness(voice: Voice): number {
    const played = [...this.#players].map((player) => (player.paused || player.muted ? 0 : player.volume * (this.#earFor(player)?.loudness(voice) ?? 0)));
    const direct = [...this.#speakers].map((context) => this.#speakerEars.get(context)?.loudness(voice) ?? 0);
    return Math.max(0, ...played, ...direct);
  }

  /** How many times as loud as it arrives a voice reaches the loudspeakers now; NaN where it does not arrive. */
  gain(voice: Voice): number {
    const tracks = [...this.#connections].flatMap((connection) => connection.getReceivers().map(({ track }) => track)).filter(isLive);
    return this.loudness(voice) / Math.max(0, ...tracks.filter(({ kind }) => kind === 'audio').map((track) => this.#earOn(track).loudness(voice)));
  }

  /** Whether sound of somebody else is on its way into a player. */
  get arrives(): boolean {
    return this.#arriving !== undefined;
  }

  /** What arrives from somebody else, for so many seconds: as it would be played, each 10 ms by its root mean square and its largest step from sample to sample. */
  async record(seconds: number): Promise<Moment[]> {
    const track = this.#arriving;
    if (!track) throw new Error('Nobody is heard.');
    const begun = Date.now();
    const samples = await record(track, seconds);
    return Array.from({ length: Math.floor(samples.length / momentSize) }, (_, index) => ({
      at: begun + 10 * index,
      ...moment(samples.slice(index * momentSize, (index + 1) * momentSize)),
    }));
  }

  get #arriving(): MediaStreamTrack | undefined {
    return [...this.#players].flatMap(({ srcObject }) => (srcObject instanceof MediaStream ? srcObject.getAudioTracks() : [])).find(isLive);
  }

  #listen(): void {
    for (const voice of Object.keys(pitches) as Voice[]) if (this.loudness(voice) > audible) this.#lastHeard.set(voice, Date.now());
  }

  #earFor(player: HTMLMediaElement): Ear | undefined {
    const stream = player.srcObject;
    if (!(stream instanceof MediaStream)) return undefined;
    const track = stream.getAudioTracks().find(isLive);
    return track && this.#earOn(track);
  }

  #earOn(track: MediaStreamTrack): Ear {
    const known = this.#ears.get(track);
    if (known) return known;
    this.#context ??= new this.#NativeContext();
    if (this.#context.state !== 'running') void this.#context.resume();
    const ear = new Ear(this.#context.createMediaStreamSource(new MediaStream([track])));
    this.#ears.set(track, ear);
    return ear;
  }

  #countContexts(): void {
    const contexts = this.#contexts;
    globalThis.AudioContext = class extends AudioContext {
      constructor(options?: AudioContextOptions) {
        super(options);
        contexts.add(this);
      }
    };
  }

  #countConnections(): void {
    const connections = this.#connections;
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        connections.add(this);
      }
    };
  }

  #countMicrophones(): void {
    const devices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
    if (!devices) return;
    const getUserMedia = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      this.microphoneRequests++;
      const stream = await getUserMedia(constraints);
      for (const track of stream.getTracks()) this.#microphones.add(track);
      return stream;
    };
    const microphones = this.#microphones;
    const clone = MediaStreamTrack.prototype.clone;
    MediaStreamTrack.prototype.clone = function (this: MediaStreamTrack) {
      const copy = clone.call(this);
      if (microphones.has(this)) microphones.add(copy);
      return copy;
    };
  }

  #followPlayers(): void {
    const players = this.#players;
    const property = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
    if (!property) throw new TypeError('HTMLMediaElement has no srcObject');
    Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
      ...property,
      set(this: HTMLMediaElement, stream: MediaProvider | null) {
        players.add(this);
        property.set?.call(this, stream);
      },
    });
  }

  #followSpeakers(): void {
    const [speakers, ears] = [this.#speakers, this.#speakerEars];
    const connect = AudioNode.prototype.connect as (this: AudioNode, ...to: unknown[]) => AudioNode | undefined;
    AudioNode.prototype.connect = function (this: AudioNode, ...to: unknown[]) {
      if (to[0] instanceof AudioDestinationNode && this.context instanceof AudioContext) {
        const { context } = this;
        const ear = ears.get(context) ?? new Ear();
        speakers.add(context);
        ears.set(context, ear);
        connect.call(this, ear.analyser(context));
      }
      return connect.apply(this, to);
    } as AudioNode['connect'];
  }
}

/** 10 ms of sound. */
export interface Moment {
  /** About when, in ms since the epoch. */
  readonly at: number;
  readonly level: number;
  readonly step: number;
}

/** At the 48 kHz of what WebRTC brings. */
const momentSize = 480;

function moment(samples: readonly number[]): Omit<Moment, 'at'> {
  let [sum, step] = [0, 0];
  for (const [index, sample] of samples.entries()) {
    sum += sample * sample;
    step = Math.max(step, Math.abs(sample - (samples[index - 1] ?? sample)));
  }
  return { level: Math.sqrt(sum / samples.length), step };
}

function isLive({ readyState }: MediaStreamTrack): boolean {
  return readyState === 'live';
}

/** Measures voices in what flows through a node. */
class Ear {
  #analyser: AnalyserNode | null = null;
  readonly #samples = new Float32Array(2048);

  constructor(source?: AudioNode) {
    source?.connect(this.analyser(source.context));
  }

  analyser(context: BaseAudioContext): AnalyserNode {
    return (this.#analyser ??= new AnalyserNode(context, { fftSize: this.#samples.length }));
  }

  /** As `loudness` in voice-facts.ts. */
  loudness(voice: Voice): number {
    const analyser = this.#analyser;
    if (!analyser) return 0;
    analyser.getFloatTimeDomainData(this.#samples);
    return loudness(this.#samples, analyser.context.sampleRate, voice);
  }
}

declare global {
  interface Window {
    probe: Probe;
    __name: <T>(value: T) => T;
  }
}

// tsx marks functions with this; those that run in the page must find it there.
window.__name = (value) => value;
window.probe = new Probe();
