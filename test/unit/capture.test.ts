import { expect } from '@open-wc/testing';
import { Capture } from '../../src/sound/capture.js';
import type { CaptureListener } from '../../src/sound/capture.js';
import { refusal } from '../../src/sound/refusal.js';

const { getUserMedia } = navigator.mediaDevices;

describe('Capture', () => {
  let plugged: (MediaStream | null)[];
  let capture: Capture;
  let opened: Listener[];

  beforeEach(() => {
    plugged = [];
    opened = [];
    capture = new Capture({ echoCancellation: true }, (stream) => plugged.push(stream));
  });

  afterEach(() => {
    for (const listener of opened) capture.close(listener);
    navigator.mediaDevices.getUserMedia = getUserMedia;
  });

  function open(listener = new Listener()): Listener {
    opened.push(listener);
    capture.open(listener, null);
    return listener;
  }

  it('reports requesting, then open, and plugs the stream in', async () => {
    const listener = open();
    expect(listener.states).to.deep.equal(['requesting']);
    await listener.until('open');
    expect(plugged).to.have.lengthOf(1);
    expect(trackOf(plugged[0])?.readyState).to.equal('live');
  });

  it('opens one microphone for two, and stops it in the task in which the second lets go', async () => {
    let asked = 0;
    navigator.mediaDevices.getUserMedia = (wish) => {
      asked++;
      return getUserMedia.call(navigator.mediaDevices, wish);
    };
    const [first, second] = [open(), open()];
    await first.until('open');
    await second.until('open');
    expect(asked).to.equal(1);
    const track = trackOf(plugged[0]);
    capture.close(first);
    expect(track?.readyState).to.equal('live');
    capture.close(second);
    expect(track?.readyState).to.equal('ended');
    expect(plugged.at(-1)).to.equal(null);
  });

  it('stops what is granted after everybody has let go', async () => {
    let granted: Promise<MediaStream> | undefined;
    navigator.mediaDevices.getUserMedia = (wish) => (granted = getUserMedia.call(navigator.mediaDevices, wish));
    const listener = open();
    capture.close(listener);
    const stream = await granted;
    await new Promise((nextTask) => setTimeout(nextTask));
    expect(trackOf(stream)?.readyState).to.equal('ended');
    expect(plugged).to.deep.equal([]);
    expect(listener.states).to.deep.equal(['requesting']);
  });

  it('goes on with another device when the first is unplugged, without a word', async () => {
    const listener = open();
    await listener.until('open');
    const replaced = whenPlugged(3);
    trackOf(plugged[0])?.dispatchEvent(new Event('ended'));
    await replaced;
    expect(plugged[1]).to.equal(null);
    expect(trackOf(plugged[2])?.readyState).to.equal('live');
    expect(listener.states).to.deep.equal(['requesting', 'open']);
  });

  it('is missing when the only device is unplugged, and comes back with it', async () => {
    const listener = open();
    await listener.until('open');
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('Requested device not found', 'NotFoundError'));
    trackOf(plugged[0])?.dispatchEvent(new Event('ended'));
    await listener.until('missing');
    expect(listener.error).to.include({ code: 'mic-missing', reason: 'unplugged' });
    navigator.mediaDevices.getUserMedia = getUserMedia;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    await listener.until('open');
    expect(listener.states).to.deep.equal(['requesting', 'open', 'missing', 'open']);
  });

  it('asks again when it is opened again after a refusal, and not because devices change', async () => {
    let asked = 0;
    navigator.mediaDevices.getUserMedia = () => {
      asked++;
      return Promise.reject(new DOMException('Permission dismissed', 'NotAllowedError'));
    };
    const permission = navigator.permissions.query.bind(navigator.permissions);
    navigator.permissions.query = () => Promise.reject(new TypeError());
    const listener = open();
    await listener.until('blocked');
    expect(listener.error).to.include({ code: 'mic-blocked', reason: 'person' });
    navigator.permissions.query = permission;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    expect(asked).to.equal(1);
    navigator.mediaDevices.getUserMedia = getUserMedia;
    open(listener);
    await listener.until('open');
  });

  it('tells a microphone that Web Audio cannot take', async () => {
    const refusing = new Capture({}, (stream) => {
      if (stream) throw new DOMException('rates differ', 'NotSupportedError');
    });
    const listener = new Listener();
    refusing.open(listener, null);
    await listener.until('blocked');
    expect(listener.error).to.include({ code: 'unsupported', reason: 'web-audio' });
    refusing.close(listener);
  });

  function whenPlugged(times: number): Promise<void> {
    return new Promise((resolve) => {
      const push = plugged.push.bind(plugged);
      plugged.push = (...streams) => {
        const length = push(...streams);
        if (length === times) resolve();
        return length;
      };
    });
  }
});

describe('refusal', () => {
  const cases = [
    ['NotAllowedError', 'Permission denied by system', 'mic-blocked', 'system'],
    ['SecurityError', 'Permissions policy', 'mic-blocked', 'page-policy'],
    ['NotFoundError', 'Requested device not found', 'mic-missing', 'no-device'],
    ['OverconstrainedError', '', 'mic-missing', 'no-device'],
    ['NotReadableError', 'Could not start audio source', 'mic-in-use', 'busy'],
    ['AbortError', 'Starting audio input failed', 'mic-in-use', 'busy'],
    ['InvalidStateError', 'not fully active', 'unknown', 'unexpected'],
  ] as const;
  for (const [name, message, code, reason] of cases)
    it(`calls ${name} (${message}) ${code}, ${reason}`, async () => {
      expect(await refusal(new DOMException(message, name))).to.include({ code, reason });
    });

  it('tells a refusing page from a refusing person', async () => {
    const frame = document.createElement('iframe');
    frame.allow = "microphone 'none'";
    document.body.append(frame);
    const policy = (frame.contentDocument as { featurePolicy?: unknown } | null)?.featurePolicy;
    Object.defineProperty(document, 'featurePolicy', { configurable: true, value: policy });
    const error = await refusal(new DOMException('Permission denied', 'NotAllowedError'));
    Reflect.deleteProperty(document, 'featurePolicy');
    frame.remove();
    expect(error).to.include({ code: 'mic-blocked', reason: 'page-policy' });
  });

  it('names the insecure page before anything else', async () => {
    Object.defineProperty(window, 'isSecureContext', { configurable: true, value: false });
    const error = await refusal(new TypeError('undefined'));
    Object.defineProperty(window, 'isSecureContext', { configurable: true, value: true });
    expect(error).to.include({ code: 'insecure-context', reason: 'http' });
  });

  it('names the browser that has no media devices', async () => {
    Object.defineProperty(navigator, 'mediaDevices', { configurable: true, value: undefined });
    const error = await refusal(new TypeError('undefined'));
    Reflect.deleteProperty(navigator, 'mediaDevices');
    expect(error).to.include({ code: 'unsupported', reason: 'media-devices' });
  });
});

/** Remembers what it was told. */
class Listener implements CaptureListener {
  readonly states: string[] = [];
  error: Error | undefined;
  #waiting: { state: string; resolve: () => void } | null = null;

  changed(state: string, error?: Error): void {
    this.states.push(state);
    this.error = error;
    if (this.#waiting?.state === state) this.#waiting.resolve();
  }

  /** Resolves when `state` is what it was told last. */
  until(state: string): Promise<void> {
    if (this.states.at(-1) === state) return Promise.resolve();
    return new Promise((resolve) => (this.#waiting = { state, resolve }));
  }
}

function trackOf(stream: MediaStream | null | undefined): MediaStreamTrack | undefined {
  return stream?.getAudioTracks()[0];
}
