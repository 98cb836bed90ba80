import { VcRoomError, toVcRoomError } from '../room/errors.js';
import type { Device } from '../room/snapshot.js';
import { listDevices } from './devices.js';

/** Whether the person can choose what plays, as everywhere but in some Safaris. */
export const canChooseOutput = typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype;

/**
 * The device with this id, once it was seen to play; `null` is the system's default.
 * @throws VcRoomError `unsupported` where the browser lets nobody choose; `unknown`: there is no such device, or the person may not use it
 */
export async function tryOutput(id: string | null): Promise<Device | null> {
  if (!id) return null;
  if (!canChooseOutput) throw new VcRoomError('unsupported', 'output-device', 'This browser has no setSinkId(): sound comes out where the system says.');
  try {
    await new Audio().setSinkId(id);
  } catch (thrown) {
    throw toVcRoomError(thrown);
  }
  const { outputs } = await listDevices();
  return Object.freeze(outputs.find((output) => output.id === id) ?? { id, label: '' });
}

/** Where one room plays: on the chosen device while it is there, else on the system's default. */
export class Output {
  readonly #route: (id: string) => void;
  readonly #report: (device: Device | null) => void;
  #wanted: string | null = null;
  #used: string | null = null;
  #choice: object | null = null;
  #isOpen = true;

  /** `route` gets the id of a device that is there; empty for the default. */
  constructor(route: (id: string) => void, report: (device: Device | null) => void) {
    this.#route = route;
    this.#report = report;
    (navigator.mediaDevices as MediaDevices | undefined)?.addEventListener('devicechange', this.#follow);
  }

  /** @throws as `tryOutput`; the device from before goes on */
  async choose(id: string | null): Promise<void> {
    const choice = (this.#choice = {});
    const device = await tryOutput(id);
    // The one that was chosen last counts, not the one that was found last.
    if (this.#choice !== choice) return;
    this.#wanted = id;
    this.#use(device);
  }

  /** Chosen at an earlier visit: used as soon as it is there. */
  recall(id: string | null): void {
    this.#wanted = canChooseOutput ? id : null;
    this.#follow();
  }

  close(): void {
    this.#isOpen = false;
    (navigator.mediaDevices as MediaDevices | undefined)?.removeEventListener('devicechange', this.#follow);
  }

  readonly #follow = (): void => {
    const id = this.#wanted;
    if (!id) return;
    tryOutput(id).then(
      (device) => this.#wanted === id && this.#use(device),
      () => this.#wanted === id && this.#use(null),
    );
  };

  #use(device: Device | null): void {
    const id = device?.id ?? null;
    if (!this.#isOpen || id === this.#used) return;
    this.#used = id;
    this.#route(id ?? '');
    this.#report(device);
  }
}
