/**
 * What livekit-client 2.23 knows and its public interface does not tell. Everything here is looked for before it is used;
 * without it the callers' public way is slower or less exact, never wrong.
 */
interface Engine {
  once?(event: string, listener: () => void): unknown;
  pcManager?: {
    close?(): unknown;
    ensureTransportConnected?(transport: unknown, abort?: AbortController, ...rest: readonly unknown[]): Promise<unknown>;
    readonly publisher?: { on?(event: 'offerAnswered', listener: () => void): unknown };
  };
  close?(reason?: string): Promise<unknown>;
  readonly fullReconnectOnNext?: boolean;
}

/** The engine that a room has now; livekit-client replaces it after a failure. */
export function engineOf(room: object): object | null {
  const { engine } = room as { engine?: object };
  return engine ?? null;
}

/** Calls back when ICE and DTLS stand, up to 50 ms before RoomEvent.Connected, which waits for a poll. */
export function onceConnected(engine: object | null, listener: () => void): void {
  (engine as Engine | null)?.once?.('connected', listener);
}

/** Calls back whenever an offer has been answered, where the first was made before the connection (`makeFirstOffer`). */
export function onNegotiated(engine: object | null, listener: () => void): void {
  (engine as Engine | null)?.pcManager?.publisher?.on?.('offerAnswered', listener);
}

/** RoomEvent.Connected, and with it everybody's track, waits for a poll every 50 ms: here for the event that it polls for. */
export function withoutPolling(engine: object | null): void {
  const manager = (engine as Engine | null)?.pcManager;
  const poll = manager?.ensureTransportConnected?.bind(manager);
  if (!manager || !poll) return;
  manager.ensureTransportConnected = (transport, abort, ...rest) => {
    const polling = new AbortController();
    const stop = (): void => polling.abort();
    if (abort?.signal.aborted) stop();
    abort?.signal.addEventListener('abort', stop);
    const told = new Promise<void>((resolve) => onceConnected(engine, resolve));
    // A poll that comes too late to see it would go on for ever.
    return Promise.race([told, poll(transport, polling, ...rest)]).finally(stop);
  };
}

/**
 * Ends what `disconnect()` forgets: a peer connection whose signalling never stood (`RTCEngine.close` returns early),
 * and the poll that waits for one which the server closed meanwhile (`PCTransportManager.ensureTransportConnected`).
 */
export async function release(room: object, engine: object | null): Promise<void> {
  (room as { abortController?: AbortController }).abortController?.abort();
  await (engine as Engine | null)?.pcManager?.close?.();
}

/** Ends an engine without a goodbye to the server; its own retrying ends in this task. */
export async function hangUp(engine: object | null): Promise<void> {
  await (engine as Engine | null)?.close?.();
}

/**
 * A Room opens an AudioContext for playback that is ours: a thread of the sound system at every connection,
 * and one that nobody closes where a Room ends by its engine.
 */
export function forgoAudioContext(room: object): void {
  if ('acquireAudioContext' in room) (room as { acquireAudioContext: () => Promise<void> }).acquireAudioContext = () => Promise.resolve();
}

/**
 * Makes a Room that does not look after devices, which are ours. Its listener would keep it and all it knows for as long as the page lives: the WeakRef
 * in it shares its closure with the Room itself.
 */
export function withoutDevices<R extends object>(maker: object, make: () => R): R {
  const rooms = maker as { cleanupRegistry?: unknown };
  const { cleanupRegistry } = rooms;
  rooms.cleanupRegistry = false;
  const room = make();
  rooms.cleanupRegistry = cleanupRegistry;
  const { handleDeviceChange } = room as { handleDeviceChange?: () => void };
  if (handleDeviceChange) (navigator as { mediaDevices?: MediaDevices }).mediaDevices?.removeEventListener('devicechange', handleDeviceChange);
  return room;
}

/** Whether the server said that it knows this connection no more, so that livekit-client is about to begin anew. */
export function mustBeginAnew(engine: object | null): boolean {
  return (engine as Engine | null)?.fullReconnectOnNext === true;
}

/** When somebody joined, in milliseconds by the server's clock; the public `joinedAt` knows whole seconds only. */
export function joinedAtOf(participant: { readonly joinedAt?: Date | undefined }): number {
  const { participantInfo } = participant as { participantInfo?: { joinedAtMs?: bigint } };
  return Number(participantInfo?.joinedAtMs ?? 0n) || (participant.joinedAt?.getTime() ?? 0);
}
