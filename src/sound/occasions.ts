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

/** The system's default microphone: browsers list it first. In Chromium it is a device of its own, with the group of the real one and its name at the end of the label. */
export function defaultIn(devices: readonly MediaDeviceInfo[]): MediaDeviceInfo | undefined {
  return devices.find(({ kind }) => kind === 'audioinput');
}

/** Whether this is the system's default itself, or what stands behind it. */
export function isBehind({ groupId, label }: { readonly groupId?: string | undefined; readonly label: string }, systemDefault: MediaDeviceInfo): boolean {
  return (groupId ?? systemDefault.groupId) === systemDefault.groupId && systemDefault.label.endsWith(label);
}

/** Something that is another when the default is. */
export function nameOf(systemDefault: MediaDeviceInfo | undefined): string | undefined {
  return systemDefault && systemDefault.deviceId + systemDefault.groupId + systemDefault.label;
}

/** The id of the real device behind the system's default where that is a device of its own. */
export async function behindDefault(): Promise<string | null> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  const systemDefault = defaultIn(devices);
  return devices.find((one) => one.kind === 'audioinput' && systemDefault && one !== systemDefault && isBehind(one, systemDefault))?.deviceId ?? null;
}
