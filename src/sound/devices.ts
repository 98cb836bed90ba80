import type { Device } from '../room/snapshot.js';

export interface Devices {
  readonly inputs: readonly Device[];
  readonly outputs: readonly Device[];
}

/** What is connected now. Never asks for permission; without it, browsers tell at most whether there is anything. */
export async function listDevices(): Promise<Devices> {
  const devices = (await (navigator.mediaDevices as MediaDevices | undefined)?.enumerateDevices()) ?? [];
  // Chromium lists the system's choice once more under these names; `null` is ours for it, and follows it.
  const own = devices.filter(({ deviceId }) => deviceId !== 'default' && deviceId !== 'communications');
  const ofKind = (kind: MediaDeviceKind): Device[] => own.filter((device) => device.kind === kind).map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { inputs: ofKind('audioinput'), outputs: ofKind('audiooutput') };
}
