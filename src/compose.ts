import { readConfig } from './config.js';
import { loadTransport } from './livekit/load.js';
import { lifecycle } from './page/lifecycle.js';
import { forgetPreferences, preferences } from './page/preferences.js';
import { claimIdentity, forgetIdentities } from './page/tabs.js';
import { Attempt } from './room/attempt.js';
import { VcRoomError } from './room/errors.js';
import type { JoinOrder } from './room/session.js';
import type { Grants, Suppliers, Transport } from './room/suppliers.js';
import type { Settings } from './settings.js';
import type { SoundPress } from './sound/press.js';
import { createSound } from './sound/sound.js';
import { systemClock } from './token/deadline.js';
import { createGrants, forgetGrants } from './token/grants.js';

/**
 * Carries out joins under these settings with the real parts, taking over what the press opened.
 * @throws VcRoomError what is wrong with the settings, see `readConfig`
 */
export function compose(settings: Readonly<Settings>, scriptUrl: string, press: SoundPress): Awaited<ReturnType<JoinOrder['load']>> {
  const config = readConfig(settings, scriptUrl);
  const suppliers: Suppliers = {
    clock: systemClock,
    lifecycle,
    grants: withIdentity(createGrants(config), config.tokenSource !== null || config.tokenEndpoint !== null),
    sound: createSound(press, { ...config, inputDevice: preferences().inputDevice ?? null }),
    transport,
  };
  return (order, snapshot, report) => new Attempt(suppliers, order, snapshot, report);
}

export { listDevices } from './sound/devices.js';

/** Grants, preferences and identities of this origin. */
export async function forget(): Promise<void> {
  forgetPreferences();
  forgetIdentities();
  await forgetGrants();
}

const transport: Transport = {
  connect: async (request) => (await loadedTransport()).connect(request),
  probe: async (serverUrl, signal) => (await loadedTransport()).probe(serverUrl, signal),
};

async function loadedTransport(): Promise<Transport> {
  try {
    const { LiveKitTransport } = await loadTransport();
    return new LiveKitTransport();
  } catch (cause) {
    throw new VcRoomError('assets-blocked', 'chunk', 'A part of <vc-room> could not be loaded. Serve all of dist/ and allow it in script-src.', { cause });
  }
}

/** Who is not named by the page asks under an identity of this browser profile, held until the room is left. */
function withIdentity(grants: Grants, mayChoose: boolean): Grants {
  return {
    ...grants,
    async ask(request, options) {
      if (request.identity || !mayChoose) return grants.ask(request, options);
      const claim = await claimIdentity();
      if (options.signal.aborted) claim.release();
      else options.signal.addEventListener('abort', () => claim.release(), { once: true });
      return grants.ask({ ...request, identity: claim.identity }, options);
    },
  };
}
