import type { Device } from '../room/snapshot.js';

export interface Devices {
  readonly inputs: readonly Device[];
  readonly outputs: readonly Device[];
}

/** What is connected now. Never asks for permission; without it, browsers tell at most whether there is anything. */
export async function listDevices(): Promise<Devices> {
  const devices = (await (navigator.mediaDevices as MediaDevices | undefined)?.enumerateDevices()) ?? [];
  const ofKind = (kind: MediaDeviceKind): Device[] => devices.filter((device) => device.kind === kind).map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { inputs: ofKind('audioinput'), outputs: ofKind('audiooutput') };
}
