import { expect } from '@open-wc/testing';
import { Capture } from '../../src/sound/capture.js';
import { holdMicrophone } from '../../src/sound/press.js';
import { refusal } from '../../src/sound/refusal.js';

const { getUserMedia } = navigator.mediaDevices;
const settings = { echoCancellation: true, autoGainControl: true, noiseSuppression: true };

describe('Capture', () => {
  let plugged: (MediaStream | null)[];
  let watch: Watch;
  let capture: Capture;
  let granted: MediaStream[];
  let wishes: MediaTrackConstraints[];
  let pause: Promise<void>;
  let unplug: () => void;

  beforeEach(() => {
    pause = Promise.resolve();
    plugged = [];
    granted = [];
    wishes = [];
    watch = new Watch();
    const mine = granted;
    navigator.mediaDevices.getUserMedia = async (wish) => {
      wishes.push(wish?.audio as MediaTrackConstraints);
      const stream = await getUserMedia.call(navigator.mediaDevices, wish);
      mine.push(stream);
      return stream;
    };
    capture = new Capture(settings, {
      plug: (stream, unplugged) => {
        plugged.push(stream);
        unplug = unplugged;
        watch.look();
      },
      changed: (state, error) => watch.changed(state, error),
      devicesChanged: () => watch.look(),
      pause: () => pause,
    });
  });

  afterEach(() => {
    capture.close();
    navigator.mediaDevices.getUserMedia = getUserMedia;
    for (const stream of granted) expect(trackOf(stream)?.readyState).to.equal('ended');
  });

  it('reports requesting, then open, and plugs the stream in', async () => {
    capture.open(null);
    expect(watch.states).to.deep.equal(['requesting']);
    await watch.state('open');
    expect(plugged).to.have.lengthOf(1);
    expect(trackOf(plugged[0])?.readyState).to.equal('live');
  });

  it('ends the microphone in the task in which it is closed', async () => {
    capture.open(null);
    await watch.state('open');
    capture.close();
    expect(trackOf(plugged[0])?.readyState).to.equal('ended');
    expect(plugged.at(-1)).to.equal(null);
  });

  it('stops what is granted after it was closed', async () => {
    capture.open(null);
    capture.close();
    await watch.until(() => granted.length === 1);
    await new Promise((nextTask) => setTimeout(nextTask));
    expect(trackOf(granted[0])?.readyState).to.equal('ended');
    expect(plugged).to.deep.equal([]);
    expect(watch.states).to.deep.equal(['requesting']);
  });

  it('goes on with another device when the first is unplugged, without a word', async () => {
    capture.open(null);
    await watch.state('open');
    trackOf(plugged[0])?.dispatchEvent(new Event('ended'));
    await watch.until(() => plugged.length === 3);
    expect(plugged[1]).to.equal(null);
    expect(trackOf(plugged[2])?.readyState).to.equal('live');
    expect(watch.states).to.deep.equal(['requesting', 'open']);
  });

  it('opens a microphone anew that was unplugged while another press still holds it', async () => {
    const press = holdMicrophone({ noiseSuppression: true });
    capture.open(null);
    await watch.state('open');
    const [unplugged] = (await press.value).getAudioTracks();
    if (!unplugged) throw new Error('no track');
    expect(trackOf(plugged[0])).to.equal(unplugged);
    unplugged.stop();
    unplugged.dispatchEvent(new Event('ended'));
    await watch.until(() => plugged.length === 3);
    press.release();
    expect(plugged[1]).to.equal(null);
    expect(trackOf(plugged[2])).to.not.equal(unplugged);
    expect(trackOf(plugged[2])?.readyState).to.equal('live');
    expect(watch.states).to.deep.equal(['requesting', 'open']);
  });

  it('is missing when the only device is unplugged, and comes back with it', async () => {
    capture.open(null);
    await watch.state('open');
    const working = navigator.mediaDevices.getUserMedia;
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('Requested device not found', 'NotFoundError'));
    trackOf(plugged[0])?.dispatchEvent(new Event('ended'));
    await watch.state('missing');
    expect(watch.error).to.include({ code: 'mic-missing', reason: 'unplugged' });
    navigator.mediaDevices.getUserMedia = working;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    await watch.state('open');
    expect(watch.states).to.deep.equal(['requesting', 'open', 'missing', 'open']);
  });

  it('asks again when it is opened again after a refusal, and not because devices change', async () => {
    let asked = 0;
    const working = navigator.mediaDevices.getUserMedia;
    navigator.mediaDevices.getUserMedia = () => {
      asked++;
      return Promise.reject(new DOMException('Permission dismissed', 'NotAllowedError'));
    };
    const permission = navigator.permissions.query.bind(navigator.permissions);
    navigator.permissions.query = () => Promise.reject(new TypeError());
    capture.open(null);
    await watch.state('blocked');
    expect(watch.error).to.include({ code: 'mic-blocked', reason: 'person' });
    navigator.permissions.query = permission;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    expect(asked).to.equal(1);
    navigator.mediaDevices.getUserMedia = working;
    capture.open(null);
    await watch.state('open');
  });

  it('is blocked when the person withdraws the permission while talking, asks nobody, and comes back when it is given again', async () => {
    const permission = Object.assign(new EventTarget(), { state: 'granted' });
    const { permissions } = navigator;
    Object.defineProperty(navigator, 'permissions', { configurable: true, value: { query: () => Promise.resolve(permission) } });
    try {
      capture.open(null);
      await watch.state('open');
      const working = navigator.mediaDevices.getUserMedia;
      let asked = 0;
      navigator.mediaDevices.getUserMedia = () => {
        asked++;
        return Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
      };
      permission.state = 'denied';
      trackOf(plugged[0])?.dispatchEvent(new Event('ended'));
      await watch.state('blocked');
      expect(watch.error).to.include({ code: 'mic-blocked', reason: 'person' });
      expect(plugged.at(-1)).to.equal(null);
      navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
      expect(asked).to.equal(1);
      navigator.mediaDevices.getUserMedia = working;
      permission.state = 'granted';
      permission.dispatchEvent(new Event('change'));
      await watch.state('open');
      expect(watch.states).to.deep.equal(['requesting', 'open', 'blocked', 'open']);
    } finally {
      Object.defineProperty(navigator, 'permissions', { configurable: true, value: permissions });
    }
  });

  it('tells a microphone that Web Audio cannot take', async () => {
    const refused = new Watch();
    const refusing = new Capture(settings, {
      plug: (stream) => {
        if (stream) throw new DOMException('rates differ', 'NotSupportedError');
      },
      changed: (state, error) => refused.changed(state, error),
      devicesChanged: () => undefined,
      pause: () => Promise.resolve(),
    });
    refusing.open(null);
    await refused.state('blocked');
    expect(refused.error).to.include({ code: 'unsupported', reason: 'web-audio' });
    refusing.close();
  });

  it('changes to the device that is chosen, and keeps the one before until that has faded out', async () => {
    capture.open(null);
    await watch.state('open');
    const other = await anotherDevice(capture.device?.id);
    const changing = capture.setDevice(other);
    expect(trackOf(plugged[0])?.readyState).to.equal('live');
    await changing;
    expect(capture.device?.id).to.equal(other);
    expect(plugged).to.have.lengthOf(2);
    expect(watch.states).to.deep.equal(['requesting', 'open']);
    expect(trackOf(plugged[0])?.readyState).to.equal('live');
    unplug();
    expect(trackOf(plugged[0])?.readyState).to.equal('ended');
  });

  it('stays with its device when the chosen one cannot be had, and says why', async () => {
    capture.open(null);
    await watch.state('open');
    const before = capture.device;
    const failure: unknown = await capture.setDevice('no-such-device').catch((thrown: unknown) => thrown);
    expect(failure).to.include({ code: 'mic-missing', reason: 'no-device' });
    expect(capture.device).to.deep.equal(before);
    expect(trackOf(plugged[0])?.readyState).to.equal('live');
    expect(plugged).to.have.lengthOf(1);
  });

  it('gives the old microphone up for the new one where the browser lends one at a time, and takes it back if that fails too', async () => {
    capture.open(null);
    await watch.state('open');
    const working = navigator.mediaDevices.getUserMedia;
    let busy = 2;
    navigator.mediaDevices.getUserMedia = (wish) =>
      busy-- > 0 ? Promise.reject(new DOMException('Concurrent mic process limit', 'NotReadableError')) : working(wish);
    const failure: unknown = await capture.setDevice(await anotherDevice(capture.device?.id)).catch((thrown: unknown) => thrown);
    expect(failure).to.include({ code: 'mic-in-use' });
    await watch.until(() => plugged.length === 3);
    expect(trackOf(plugged[2])?.readyState).to.equal('live');
    expect(watch.states).to.deep.equal(['requesting', 'open']);
  });

  it('chooses the last of several devices that were chosen in haste', async () => {
    capture.open(null);
    await watch.state('open');
    const first = await anotherDevice(capture.device?.id);
    const second = await anotherDevice(capture.device?.id, first);
    await Promise.all([capture.setDevice(first), capture.setDevice(second)]);
    expect(capture.device?.id).to.equal(second);
    expect(granted.filter((stream) => trackOf(stream)?.readyState === 'live').length).to.be.at.most(2);
  });

  it('opens with the device that was chosen before', async () => {
    const inputs = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === 'audioinput');
    const chosen = inputs.at(-1)?.deviceId ?? '';
    await capture.setDevice(chosen);
    capture.open(null);
    await watch.state('open');
    expect(capture.device?.id).to.equal(chosen);
  });

  it('goes back to the device of choice when it is plugged in again', async () => {
    capture.open(null);
    await watch.state('open');
    const chosen = await anotherDevice(capture.device?.id);
    await capture.setDevice(chosen);
    const working = navigator.mediaDevices.getUserMedia;
    navigator.mediaDevices.getUserMedia = () => working({ audio: { deviceId: { exact: 'default' } } });
    trackOf(plugged.at(-1))?.dispatchEvent(new Event('ended'));
    await watch.until(() => capture.device?.id === 'default');
    navigator.mediaDevices.getUserMedia = working;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    await watch.until(() => capture.device?.id === chosen);
    expect(watch.states).to.deep.equal(['requesting', 'open']);
  });

  it('takes the device that is chosen while the browser is still asked for another', async () => {
    capture.open(null);
    await watch.state('open');
    const chosen = await anotherDevice(capture.device?.id);
    trackOf(plugged[0])?.dispatchEvent(new Event('ended'));
    expect(capture.device).to.equal(null);
    await capture.setDevice(chosen);
    await watch.until(() => capture.device?.id === chosen);
    expect(watch.states).to.deep.equal(['requesting', 'open']);
  });

  it('stays with its device when the chosen one has ended by the time it is there, and says why', async () => {
    capture.open(null);
    await watch.state('open');
    const before = capture.device;
    const other = await anotherDevice(before?.id);
    const working = navigator.mediaDevices.getUserMedia;
    navigator.mediaDevices.getUserMedia = async (wish) => {
      const stream = await working(wish);
      trackOf(stream)?.stop();
      return stream;
    };
    const failure: unknown = await capture.setDevice(other).catch((thrown: unknown) => thrown);
    expect(failure).to.include({ code: 'mic-missing', reason: 'no-device' });
    expect(capture.device).to.deep.equal(before);
    expect(trackOf(plugged[0])?.readyState).to.equal('live');
    expect(plugged).to.have.lengthOf(1);
  });

  describe("and the system's default", () => {
    const { enumerateDevices } = navigator.mediaDevices;
    let real: MediaDeviceInfo[];
    /** What the system has chosen. */
    let chosen: MediaDeviceInfo;
    let first: MediaDeviceInfo;
    let second: MediaDeviceInfo;
    let isListed: boolean;

    /** As Chromium does it on Windows and macOS: the default is a device of its own, and is the old one for as long as somebody has that open; or, as Firefox, the first in the list. */
    beforeEach(async () => {
      isListed = true;
      const inputs = (await enumerateDevices.call(navigator.mediaDevices)).filter(({ kind }) => kind === 'audioinput');
      const [systems, ...others] = inputs;
      const [one, two] = others;
      if (!systems || !one || !two) throw new Error('the fake browser has several microphones');
      [real, chosen, first, second] = [[one, two], one, one, two];
      const named = (): { groupId: string; label: string } => ({ groupId: chosen.groupId, label: `Default - ${chosen.label}` });
      navigator.mediaDevices.enumerateDevices = () =>
        Promise.resolve([...(isListed ? [{ ...systems.toJSON(), ...named() } as MediaDeviceInfo] : []), chosen, ...real.filter((device) => device !== chosen)]);
      const working = navigator.mediaDevices.getUserMedia;
      let open: { track: MediaStreamTrack; name: ReturnType<typeof named> } | undefined;
      navigator.mediaDevices.getUserMedia = async (wish) => {
        const { deviceId } = wish?.audio as MediaTrackConstraints;
        if (deviceId !== undefined) return working(wish);
        if (!isListed) return working({ audio: { deviceId: { exact: chosen.deviceId } } });
        const name = open?.track.readyState === 'live' ? open.name : named();
        const stream = await working(wish);
        const track = trackOf(stream);
        if (!track) throw new Error('no track');
        open = { track, name };
        const told = { ...track.getSettings(), groupId: name.groupId };
        track.getSettings = () => told;
        Object.defineProperty(track, 'label', { value: name.label });
        return stream;
      };
    });

    afterEach(() => {
      navigator.mediaDevices.enumerateDevices = enumerateDevices;
    });

    function choose(device: MediaDeviceInfo): void {
      chosen = device;
      navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    }

    /** Until all that was begun by an event has asked for the list of devices and got it. */
    async function settled(): Promise<void> {
      for (let turn = 0; turn < 10; turn++) await navigator.mediaDevices.enumerateDevices();
    }

    it('follows it, again and again', async () => {
      capture.open(null);
      await watch.state('open');
      await settled();
      choose(first);
      await settled();
      expect(plugged).to.have.lengthOf(1);
      for (const device of [second, first, second]) {
        choose(device);
        await watch.until(() => capture.device?.id === device.deviceId);
        unplug();
        await settled();
      }
      expect(plugged).to.have.lengthOf(4);
      expect(watch.states).to.deep.equal(['requesting', 'open']);
    });

    it('follows it from one socket of a sound card to another', async () => {
      second = { ...second.toJSON(), groupId: first.groupId } as MediaDeviceInfo;
      real = [first, second];
      capture.open(null);
      await watch.state('open');
      await settled();
      choose(second);
      await watch.until(() => capture.device?.id === second.deviceId);
    });

    it('follows it where it is the first in the list', async () => {
      isListed = false;
      capture.open(null);
      await watch.state('open');
      await settled();
      choose(second);
      await watch.until(() => capture.device?.label === second.label);
    });

    it('does not follow it when a device was chosen, and goes to it when that is taken back', async () => {
      capture.open(null);
      await watch.state('open');
      await capture.setDevice(first.deviceId);
      choose(second);
      await settled();
      expect(capture.device?.id).to.equal(first.deviceId);
      await capture.setDevice(null);
      expect(capture.device?.id).to.equal(second.deviceId);
      choose(first);
      await watch.until(() => capture.device?.id === first.deviceId);
    });

    it('comes back to one that was unplugged for a moment only', async () => {
      capture.open(null);
      await watch.state('open');
      await settled();
      // The other microphone is asked for; the first is back before that one is there.
      const working = navigator.mediaDevices.getUserMedia;
      let give = (): void => undefined;
      const given = new Promise<void>((resolve) => (give = resolve));
      navigator.mediaDevices.getUserMedia = async (wish) => {
        navigator.mediaDevices.getUserMedia = working;
        const stream = await working(wish);
        await given;
        return stream;
      };
      chosen = second;
      trackOf(plugged[0])?.stop();
      trackOf(plugged[0])?.dispatchEvent(new Event('ended'));
      choose(second);
      await settled();
      choose(first);
      await settled();
      give();
      await watch.until(() => capture.device?.id === first.deviceId);
      expect(watch.states).to.deep.equal(['requesting', 'open']);
    });

    it('opens nothing twice when it is another because one was unplugged', async () => {
      capture.open(null);
      await watch.state('open');
      await settled();
      chosen = second;
      trackOf(plugged[0])?.stop();
      trackOf(plugged[0])?.dispatchEvent(new Event('ended'));
      choose(second);
      await watch.until(() => plugged.length === 3);
      await settled();
      choose(second);
      await settled();
      expect(plugged).to.have.lengthOf(3);
      expect(capture.device?.label).to.equal(`Default - ${second.label}`);
    });
  });

  it('has the browser suppress noise, or not, in the same device opened once more beside the one that goes on', async () => {
    capture.open(null);
    await watch.state('open');
    const { device } = capture;
    expect(capture.suppressesNoise).to.equal(true);
    for (const suppresses of [false, true]) {
      await capture.setNoiseSuppression(suppresses);
      expect(capture.suppressesNoise).to.equal(suppresses);
      expect(capture.device).to.deep.equal(device);
      expect(trackOf(plugged.at(-2))?.readyState).to.equal('live');
      unplug();
      expect(trackOf(plugged.at(-2))?.readyState).to.equal('ended');
      expect(trackOf(plugged.at(-1))?.readyState).to.equal('live');
    }
    expect(plugged).to.have.lengthOf(3);
    expect(watch.states).to.deep.equal(['requesting', 'open']);
    expect(document.querySelector('iframe')).to.equal(null);
  });

  it('keeps the latest of wishes that come in haste', async () => {
    capture.open(null);
    await watch.state('open');
    await Promise.all([capture.setNoiseSuppression(false), capture.setNoiseSuppression(true), capture.setNoiseSuppression(false)]);
    expect(capture.suppressesNoise).to.equal(false);
    const other = await anotherDevice(capture.device?.id);
    await Promise.all([capture.setDevice(other), capture.setNoiseSuppression(true)]);
    await watch.until(() => capture.suppressesNoise);
    expect(capture.device?.id).to.equal(other);
  });

  it('goes on when the page removes the frame in which it was opened', async () => {
    capture.open(null);
    await watch.state('open');
    await capture.setNoiseSuppression(false);
    unplug();
    document.querySelector('iframe')?.remove();
    await watch.until(() => plugged.length === 4);
    expect(trackOf(plugged[3])?.readyState).to.equal('live');
    expect(capture.suppressesNoise).to.equal(false);
    expect(watch.states).to.deep.equal(['requesting', 'open']);
  });

  describe('where no frame has the device', () => {
    const property = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, 'contentWindow');

    beforeEach(() => {
      Object.defineProperty(HTMLIFrameElement.prototype, 'contentWindow', { configurable: true, get: () => null });
    });

    afterEach(() => {
      if (property) Object.defineProperty(HTMLIFrameElement.prototype, 'contentWindow', property);
    });

    it('has the browser suppress noise, or not, by opening the device anew', async () => {
      capture.open(null);
      await watch.state('open');
      for (const suppresses of [false, true]) {
        await capture.setNoiseSuppression(suppresses);
        expect(capture.suppressesNoise).to.equal(suppresses);
      }
      expect(watch.states).to.deep.equal(['requesting', 'open']);
    });

    it('does that only in a pause, and not at all when it was taken back by then', async () => {
      capture.open(null);
      await watch.state('open');
      let begin = (): void => undefined;
      pause = new Promise((resolve) => (begin = resolve));
      const first = capture.setNoiseSuppression(false);
      const second = capture.setNoiseSuppression(true);
      begin();
      await Promise.all([first, second]);
      expect(wishes).to.have.lengthOf(1);
      expect(capture.suppressesNoise).to.equal(true);
    });
  });
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
class Watch {
  readonly states: string[] = [];
  error: Error | undefined;
  #waiting: (() => void)[] = [];

  changed(state: string, error?: Error): void {
    this.states.push(state);
    this.error = error;
    this.look();
  }

  look(): void {
    for (const waiting of [...this.#waiting]) waiting();
  }

  state(state: string): Promise<void> {
    return this.until(() => this.states.at(-1) === state);
  }

  /** Looks at every event, and from time to time at what has none. */
  until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const timer = setInterval(() => this.look(), 10);
      const look = (): void => {
        if (!isSo()) return;
        clearInterval(timer);
        this.#waiting = this.#waiting.filter((waiting) => waiting !== look);
        resolve();
      };
      this.#waiting.push(look);
      look();
    });
  }
}

async function anotherDevice(...known: (string | undefined)[]): Promise<string> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  const other = devices.find(({ kind, deviceId }) => kind === 'audioinput' && deviceId !== 'default' && !known.includes(deviceId));
  if (!other) throw new Error('the fake browser has several microphones');
  return other.deviceId;
}

function trackOf(stream: MediaStream | null | undefined): MediaStreamTrack | undefined {
  return stream?.getAudioTracks()[0];
}
