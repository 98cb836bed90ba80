import type { ConnectRequest, Connection, Person, Transport } from '../../src/room/suppliers.js';

/** In place of the transport over LiveKit: a room in which the page decides who is there and who speaks, told as LiveKit's events are told. */
export class LiveKitTransport implements Transport {
  connect(request: ConnectRequest): Promise<Connection> {
    const others: Person[] = [];
    let speaking: readonly string[] = [];
    const person = (identity: string, joinedAt: number): Person => ({
      identity,
      name: `Person ${identity}`,
      muted: joinedAt % 4 === 1,
      listenOnly: false,
      quality: 'excellent',
      connection: 'live',
      joinedAt,
    });
    (globalThis as unknown as { crowd: Crowd }).crowd = {
      enter(count) {
        for (let joined = 0; joined < count; joined++) others.push(person(`id-${others.length}`, others.length));
        request.report({ type: 'participants', participants: [...others] });
      },
      speak(identities) {
        speaking = identities;
        request.report({ type: 'speakers', identities });
      },
    };
    queueMicrotask(() => request.report({ type: 'local', person: { ...person('me', 0), listenOnly: true, muted: true } }));
    return Promise.resolve({
      setMuted: () => undefined,
      replaceTrack: () => Promise.resolve(),
      levels: () => new Map(speaking.map((identity) => [identity, Math.random()])),
      arrived: () => Promise.resolve({ total: performance.now(), answers: null }),
      statistics: () => Promise.resolve(null),
      retire: () => undefined,
      close: () => undefined,
    });
  }

  prepare(): void {}

  probe(): Promise<boolean> {
    return Promise.resolve(true);
  }
}

export const prepareConnection = (): void => undefined;
export const warmRoute = (): Promise<void> => Promise.resolve();

export interface Crowd {
  /** So many more come, in one report. */
  enter(count: number): void;
  speak(identities: readonly string[]): void;
}
