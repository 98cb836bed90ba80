import { microphonePermission } from './refusal.js';

/** Tells when a microphone may be had that was not to be had before, until `signal` is aborted. */
export function watchMicrophones(
  signal: AbortSignal,
  occasions: {
    /** Devices came or went, or the page is looked at again. */
    readonly changed: (devices: boolean) => void;
    /** The person or the page's settings now allow it. */
    readonly allowed: () => void;
  },
): void {
  (navigator.mediaDevices as MediaDevices | undefined)?.addEventListener('devicechange', () => occasions.changed(true), { signal });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && occasions.changed(false), { signal });
  void microphonePermission().then((permission) =>
    permission?.addEventListener('change', () => permission.state === 'granted' && occasions.allowed(), { signal }),
  );
}

/** What stands behind the system's default microphone: Chromium lists it as a device of its own, with the group of the real one. */
export function defaultIn(devices: readonly MediaDeviceInfo[]): string | undefined {
  return devices.find(({ kind, deviceId }) => kind === 'audioinput' && deviceId === 'default')?.groupId;
}
