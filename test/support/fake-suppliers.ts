import { systemClock } from '../../src/token/deadline.js';
import { Attempt } from '../../src/room/attempt.js';
import type { JoinOrder } from '../../src/room/session.js';
import type {
  CheckedGrant,
  Connection,
  ConnectRequest,
  ConnectionReport,
  Gains,
  GrantRequest,
  Sound,
  SoundReport,
  Statistics,
  Suppliers,
  Track,
} from '../../src/room/suppliers.js';
import type { TimelineStep } from '../../src/room/timeline.js';

/** A promise that a test settles when it wants to. */
export class Deferred<T> {
  resolve!: (value: T) => void;
  reject!: (reason: unknown) => void;
  readonly promise = new Promise<T>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}

export const someGrant: CheckedGrant = {
  token: 'a.b.c',
  serverUrl: 'wss://sfu.example',
  identity: 'ada',
  name: 'Ada',
  room: 'lounge',
  canPublish: true,
  canPublishData: true,
};

/** Remembers what it was told; opens its microphone only when the test says so. */
export class FakeSound implements Sound {
  readonly outgoing: Track = { id: crypto.randomUUID(), kind: 'audio' };
  transmitting = false;
  denoises = false;
  closed = false;
  opened = 0;
  resumed = 0;
  gains: Gains = new Map();
  readonly playing = new Map<string, Track>();
  report: (report: SoundReport) => void = () => undefined;

  start(report: (report: SoundReport) => void): void {
    this.report = report;
  }

  openMicrophone(): void {
    this.opened++;
    this.report({ type: 'capture', capture: 'requesting' });
  }

  closeMicrophone(): void {
    this.opened = 0;
  }

  denoise(): void {
    this.denoises = true;
  }

  setTransmitting(transmitting: boolean): void {
    this.transmitting = transmitting;
  }

  play(identity: string, track: Track | null): void {
    if (track) this.playing.set(identity, track);
    else this.playing.delete(identity);
  }

  setGains(gains: Gains): void {
    this.gains = gains;
  }

  resume(): Promise<void> {
    this.resumed++;
    return Promise.resolve();
  }

  setNoiseSuppression(): void {}

  async setInputDevice(): Promise<void> {}

  async setOutputDevice(): Promise<void> {}

  cue(): void {}

  diagnostics(): object {
    return {};
  }

  level(): number {
    return 0.5;
  }

  close(): void {
    this.closed = true;
  }
}

/** One call of `connect()`, opened or failed by the test. */
export class ScriptedConnection implements Connection {
  muted: boolean;
  closed = false;
  readonly opening = new Deferred<Connection>();

  constructor(readonly request: ConnectRequest) {
    this.muted = request.isMuted();
  }

  open(): void {
    this.opening.resolve(this);
  }

  report(report: ConnectionReport): void {
    this.request.report(report);
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
  }

  arrived(): Promise<null> {
    return Promise.resolve(null);
  }

  statistics(): Promise<Statistics | null> {
    return Promise.resolve(null);
  }

  retire(): void {}

  replaceTrack(): Promise<void> {
    return Promise.resolve();
  }

  levels(): ReadonlyMap<string, number> {
    return new Map();
  }

  close(): void {
    this.closed = true;
  }
}

/** Everything that one join needs, with every step in the test's hand. */
export class Script {
  readonly sound = new FakeSound();
  readonly loaded = new Deferred<Suppliers>();
  readonly granted = new Deferred<CheckedGrant>();
  readonly asked: GrantRequest[] = [];
  readonly rejected: CheckedGrant[] = [];
  readonly connections: ScriptedConnection[] = [];
  readonly marked: TimelineStep[] = [];
  pressReleased = 0;
  /** How often it was said that others are known to be in. */
  toldAtDoor = 0;
  /** Whether the grant's identity is this profile's own, so that one may wait at the door with it. */
  isOurs = false;

  readonly suppliers: Suppliers = {
    // What is short is over at once.
    clock: { ...systemClock, after: (ms, callback) => (ms > 250 ? systemClock.after(ms, callback) : (queueMicrotask(callback), () => undefined)) },
    stays: { begin: () => ({ isTakenOver: false, enter: () => undefined, end: () => undefined }) },
    lifecycle: { online: true, visible: true, listen: () => () => undefined },
    grants: {
      ask: (request) => {
        this.asked.push(request);
        return this.granted.promise;
      },
      reject: (grant) => {
        this.rejected.push(grant);
        return false;
      },
      isOurs: () => this.isOurs,
    },
    sound: this.sound,
    transport: {
      connect: (request) => {
        const connection = new ScriptedConnection(request);
        this.connections.push(connection);
        return connection.opening.promise;
      },
      prepare: () => undefined,
      probe: () => Promise.resolve(true),
    },
    atDoor: () => void this.toldAtDoor++,
  };

  order(more: Partial<JoinOrder> = {}): JoinOrder {
    return {
      room: 'lounge',
      identity: 'ada',
      displayName: 'Ada',
      listenOnly: false,
      rtcConfig: undefined,
      press: { release: () => void this.pressReleased++ },
      mark: (step) => void this.marked.push(step),
      load: async () => {
        const suppliers = await this.loaded.promise;
        return (order, snapshot, report) => new Attempt(suppliers, order, snapshot, report);
      },
      ...more,
    };
  }

  get connection(): ScriptedConnection {
    const last = this.connections.at(-1);
    if (!last) throw new Error('nobody has connected yet');
    return last;
  }
}

/** Lets everything run that is ready to run: promises settle in microtasks, and this is a task of its own. */
export const settled = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
