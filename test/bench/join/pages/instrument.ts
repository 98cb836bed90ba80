/**
 * Runs in every page of the benchmarks before anything else: says, in ms since the epoch, when the page plays its first voice and for how
 * long none, when it shows that it has joined, and when the steps between happen. All flows carry the same instrument.
 */

/** Amplitude, of full scale 1, from which something is a voice; it arrives with 0.1 and more, comfort noise with less than 0.002. */
const audible = 0.01;

/**
 * Finds the first loud sample, and the stretches in which nothing is loud. Blocks are computed in bursts, one for each 10 ms or so that the device plays:
 * a sample's time is that of its burst and its place therein.
 */
const listener = `
registerProcessor('ear', class extends AudioWorkletProcessor {
  armed = true;
  burst = { at: 0, frame: 0 };
  calledAt = 0;
  toldAt = 0;
  loudAt = -Infinity;
  constructor() { super(); this.port.onmessage = () => { this.armed = true; this.loudAt = -Infinity; }; }
  process([[samples]]) {
    const now = Date.now();
    if (now - this.calledAt > 3) this.burst = { at: now, frame: currentFrame };
    this.calledAt = now;
    if (!samples) return true;
    for (let index = 0; index < samples.length; index++) {
      if (Math.abs(samples[index]) < ${audible}) continue;
      const at = this.burst.at + 1000 * (currentFrame + index - this.burst.frame) / sampleRate;
      if (this.armed) { this.armed = false; this.port.postMessage({ onset: at }); }
      else if (at - this.loudAt > 40 && this.loudAt > 0) this.port.postMessage({ gap: { from: this.loudAt, to: at } });
      this.loudAt = at;
    }
    if (currentTime > this.toldAt + 0.1) { this.toldAt = currentTime; this.port.postMessage({ loudAt: this.loudAt }); }
    return true;
  }
});`;

/** A stretch without a voice, in ms since the epoch. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

export interface Step {
  readonly name: string;
  /** Ms since the epoch. */
  readonly at: number;
}

class Instrument {
  readonly ready: Promise<void>;
  pressedAt: number | null = null;
  joinedAt: number | null = null;
  /** When the first voice after the last `arm()` was played. */
  heardAt: number | null = null;
  /** Of more than 40 ms. */
  gaps: Gap[] = [];
  /** When the last voice was played, to within 0.1 s. */
  loudAt = 0;
  steps: Step[] = [];
  /** The last one that was opened. */
  socket: WebSocket | null = null;
  readonly #context = new AudioContext({ sinkId: { type: 'none' }, sampleRate: 48_000 } as AudioContextOptions);
  readonly #tapped = new Set<string>();
  #ear: AudioWorkletNode | null = null;

  constructor() {
    this.ready = this.#listen();
    this.#followPlayers();
    this.#followPress();
    this.#followSteps();
  }

  arm(): void {
    this.heardAt = null;
    this.gaps = [];
    this.loudAt = 0;
    this.#ear?.port.postMessage(null);
  }

  async #listen(): Promise<void> {
    await this.#context.audioWorklet.addModule(URL.createObjectURL(new Blob([listener], { type: 'text/javascript' })));
    this.#ear = new AudioWorkletNode(this.#context, 'ear', { numberOfOutputs: 0, channelCount: 1, channelCountMode: 'explicit' });
    this.#ear.port.onmessage = ({ data }: MessageEvent<{ onset?: number; gap?: Gap; loudAt?: number }>) => {
      if (data.onset !== undefined) this.heardAt = data.onset;
      if (data.gap) this.gaps.push(data.gap);
      if (data.loudAt !== undefined) this.loudAt = data.loudAt;
    };
    await this.#context.resume();
  }

  #tap(stream: MediaProvider | null): void {
    if (!(stream instanceof MediaStream) || !this.#ear) return;
    for (const track of stream.getAudioTracks()) {
      if (this.#tapped.has(track.id)) continue;
      this.#tapped.add(track.id);
      this.#context.createMediaStreamSource(new MediaStream([track])).connect(this.#ear);
    }
  }

  #followPlayers(): void {
    const property = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
    if (!property) throw new TypeError('HTMLMediaElement has no srcObject');
    const tap = (stream: MediaProvider | null) => this.#tap(stream);
    Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
      ...property,
      set(this: HTMLMediaElement, stream: MediaProvider | null) {
        property.set?.call(this, stream);
        tap(stream);
      },
    });
  }

  #followPress(): void {
    const observer = new MutationObserver(() => {
      const shown = document.querySelector('[data-joined]') ?? document.querySelector('vc-room')?.shadowRoot?.querySelector('[part~="leave-button"]');
      if (!shown) return;
      observer.disconnect();
      requestAnimationFrame(() => (this.joinedAt = Date.now()));
    });
    addEventListener(
      'pointerdown',
      ({ timeStamp }) => {
        this.pressedAt ??= Date.now() - performance.now() + timeStamp;
        for (const root of [document, document.querySelector('vc-room')?.shadowRoot]) if (root) observer.observe(root, { childList: true, subtree: true });
      },
      { capture: true, once: true },
    );
    addEventListener('click', () => this.#step('click'), { capture: true, once: true });
  }

  #step(name: string): void {
    this.steps.push({ name, at: Date.now() });
  }

  #followSteps(): void {
    const step = (name: string) => this.#step(name);
    const timed = <This, Args extends unknown[], Result>(name: string, work: (this: This, ...args: Args) => Promise<Result>) =>
      function (this: This, ...args: Args): Promise<Result> {
        step(name);
        const done = work.apply(this, args);
        void Promise.resolve(done).then(
          () => step(`${name} done`),
          () => step(`${name} failed`),
        );
        return done;
      };
    const rtc = RTCPeerConnection.prototype as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    for (const name of ['createOffer', 'setLocalDescription', 'setRemoteDescription']) rtc[name] = timed(name, rtc[name]!);
    const devices = navigator.mediaDevices;
    devices.getUserMedia = timed('getUserMedia', devices.getUserMedia);
    AudioWorklet.prototype.addModule = timed('addModule', AudioWorklet.prototype.addModule);
    const ask = window.fetch;
    const token = timed('token', ask);
    const probe = timed('probe', ask);
    window.fetch = (...args) => {
      const [target, init] = args;
      const isToken = (target instanceof Request ? target.url : String(target)).includes('/token');
      return (isToken ? token : init?.mode === 'no-cors' ? probe : ask).apply(window, args);
    };
    addEventListener('DOMContentLoaded', () => {
      const element = document.querySelector('vc-room');
      element?.addEventListener('connectionstatechange', () => step(element.connectionState));
    });
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        step('RTCPeerConnection');
        this.addEventListener('iceconnectionstatechange', () => step(`ICE ${this.iceConnectionState}`));
        this.addEventListener('connectionstatechange', () => step(`peer connection ${this.connectionState}`));
        this.addEventListener('track', () => step('track'));
      }
    };
    const opened = (socket: WebSocket) => (this.socket = socket);
    window.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        step('WebSocket');
        this.addEventListener('open', () => {
          step('WebSocket open');
          opened(this);
        });
        this.addEventListener('close', ({ code }) => step(`WebSocket closed, ${code}`));
        this.addEventListener('message', () => step('WebSocket message'), { once: true });
      }
    };
    new PerformanceObserver((entries) => {
      for (const entry of entries.getEntries()) {
        const file = new URL(entry.name).pathname.split('/').at(-1) ?? '';
        const epoch = Date.now() - performance.now();
        if (/\.(js|wasm)$/.test(file)) {
          const name = file.replace(/-[\w-]{8}(?=\.)/, '');
          this.steps.push({ name: `load ${name}`, at: epoch + entry.startTime }, { name: `load ${name} done`, at: epoch + entry.startTime + entry.duration });
        }
      }
    }).observe({ type: 'resource', buffered: true });
    new PerformanceObserver((entries) => {
      for (const { duration, startTime } of entries.getEntries())
        this.steps.push({ name: `main thread busy for ${Math.round(duration)} ms`, at: Date.now() - performance.now() + startTime });
    }).observe({ type: 'longtask' });
  }
}

declare global {
  interface Window {
    instrument: Instrument;
  }
}

// Not in the blank page before it, which has no audio worklets.
if (isSecureContext) window.instrument = new Instrument();
