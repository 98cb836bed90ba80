import { readConfig } from './config.js';
import type { RoomConfig } from './config.js';
import { loadTransport } from './livekit/load.js';
import { lifecycle } from './page/lifecycle.js';
import { underPolicy } from './page/policy.js';
import { forgetPreferences } from './page/forget.js';
import { preferences } from './page/preferences.js';
import { stays } from './page/stays.js';
import { claimIdentity, forgetIdentities } from './page/tabs.js';
import type { IdentityClaim } from './page/tabs.js';
import { Attempt } from './room/attempt.js';
import type { JoinOrder } from './room/session.js';
import type { CheckedGrant, Cue, Grants, Sound, Suppliers, Transport } from './room/suppliers.js';
import type { Settings } from './settings.js';
import { fetchDenoiser, prepareSound, wakeAudio } from './sound/ahead.js';
import { steadyClock } from './sound/clock.js';
import { sample as sampleCue } from './sound/cues.js';
import { shared } from './sound/press.js';
import type { Hold, SoundPress } from './sound/press.js';
import { previewMicrophone } from './sound/preview.js';
import type { MicrophonePreview } from './sound/preview.js';
import { createSound } from './sound/sound.js';
import type { SoundSettings } from './sound/sound.js';
import { toServerUrl } from './token/answer.js';
import { createGrants, forgetGrants } from './token/grants.js';

/**
 * Carries out joins under these settings with the real parts, taking over what the press opened.
 * @param owner the element: all that it asks for at one time it asks for under one identity
 * @throws VcRoomError what is wrong with the settings, see `readConfig`
 */
export function compose(owner: { requestUpdate(): void }, settings: Readonly<Settings>, press: SoundPress): Awaited<ReturnType<JoinOrder['load']>> {
  const config = readConfig(settings);
  let sound: Sound | undefined;
  const suppliers: Suppliers = {
    clock: steadyClock,
    lifecycle,
    stays,
    grants: grantsOf(owner, config),
    get sound() {
      return (sound ??= createSound(press, soundSettings(config)));
    },
    transport,
    atDoor: () => owner.requestUpdate(),
  };
  return (order, snapshot, report) => new Attempt(suppliers, order, snapshot, report);
}

/** After a failure nothing is asked ahead for so long, in ms: the join will say what is wrong. */
const truce = 5_000;
const failures = new WeakMap<object, number>();

/** How much is made ready: all, nothing that sounds (a touch is no gesture yet), or the grant alone. */
export type Readiness = 'all' | 'silent' | 'grant';

/**
 * Has ready what a join under these settings would wait for; what is there already is not fetched again.
 * @throws VcRoomError as `readConfig` and `Grants.ask`
 */
export async function prefetch(owner: object, settings: Readonly<Settings>, readiness: Readiness): Promise<void> {
  const config = readConfig(settings);
  const { room, identity, displayName, tokenCache, token, tokenSource, tokenEndpoint } = config;
  const engine = readiness === 'grant' ? null : loadTransport();
  if (!config.listenOnly) engine?.then(({ prepareConnection }) => prepareWhenIdle(() => prepareConnection(config.rtcConfig))).catch(() => undefined);
  if (readiness === 'silent' && !config.listenOnly && config.noiseSuppression === 'rnnoise') fetchDenoiser(config.assets);
  if (readiness === 'all') prepareWhenIdle(() => (config.listenOnly ? wakeAudio() : prepareSound(soundSettings(config))));
  const warmRoute = async (url: string | null): Promise<void> => {
    if (url) (await engine)?.warmRoute(url);
  };

  const isKnown = token && !tokenSource && !tokenEndpoint;
  // A grant that counts once is asked for by who uses it.
  if (isKnown || tokenCache === 'none') return warmRoute(config.serverUrl && toServerUrl(config.serverUrl));
  if (performance.now() - (failures.get(owner) ?? -truce) < truce) return;
  const done = new AbortController();
  try {
    const { serverUrl } = await grantsOf(owner, config).ask({ room, identity, displayName }, { signal: done.signal, fresh: false });
    await warmRoute(serverUrl);
  } catch (thrown) {
    failures.set(owner, performance.now());
    throw thrown;
  } finally {
    done.abort();
  }
}

/** Unless somebody has connected meanwhile. */
function prepareWhenIdle(prepare: () => void): void {
  const before = connections;
  const work = (): void => {
    if (connections === before) prepare();
  };
  if ('requestIdleCallback' in globalThis) requestIdleCallback(work, { timeout: 200 });
  else setTimeout(work);
}

export { preferListening, rememberedListening } from './page/listening.js';
export { listDevices } from './sound/devices.js';
export { tryOutput } from './sound/output.js';

/**
 * The person's own voice, before they join or while they are in.
 * @throws VcRoomError what is wrong with the settings or the microphone
 */
export async function preview(settings: Readonly<Settings>, press: SoundPress): Promise<MicrophonePreview> {
  return previewMicrophone(press, soundSettings(readConfig(settings)));
}

/** A sound of the room, before there is one, where others would be heard. Takes over what the press opened. */
export async function sample(cue: Cue, volume: number, press: SoundPress): Promise<void> {
  await sampleCue(cue, volume, preferences().outputDevice ?? '');
  press.release();
}

/** Grants, preferences and identities of this origin. */
export async function forget(): Promise<void> {
  forgetPreferences();
  forgetIdentities();
  await forgetGrants();
}

function soundSettings(config: RoomConfig): SoundSettings {
  return { ...config, inputDevice: preferences().inputDevice ?? null, outputDevice: preferences().outputDevice ?? null };
}

let connections = 0;

const transport: Transport = {
  connect(request) {
    connections++;
    return underPolicy(
      () => request.serverUrl,
      async () => (await loadedTransport()).connect(request),
    );
  },
  prepare: (rtcConfig, signal) =>
    void loadedTransport().then(
      (loaded) => loaded.prepare(rtcConfig, signal),
      () => undefined,
    ),
  probe: async (serverUrl, signal) => (await loadedTransport()).probe(serverUrl, signal),
};

async function loadedTransport(): Promise<Transport> {
  const { LiveKitTransport } = await loadTransport();
  return new LiveKitTransport();
}

/** Who is not named by the page asks under an identity of this browser profile, held until the signal says that it is not needed any more. */
function grantsOf(owner: object, config: RoomConfig): Grants {
  const made = createGrants(config);
  const grants: Grants = {
    ...made,
    ask: (request, options) =>
      underPolicy(
        () => config.tokenEndpoint,
        () => made.ask(request, options),
      ),
  };
  if (config.identity || !(config.tokenSource ?? config.tokenEndpoint)) return grants;
  const ours = new WeakSet<CheckedGrant>();
  const holds = new WeakMap<AbortSignal, Hold<Promise<IdentityClaim>>>();
  const heldUntil = (signal: AbortSignal): Hold<Promise<IdentityClaim>> => {
    const before = holds.get(signal);
    if (before) return before;
    const held = holdIdentity(owner);
    holds.set(signal, held);
    signal.addEventListener('abort', () => held.release(), { once: true });
    return held;
  };
  return {
    ...grants,
    isOurs: (grant) => ours.has(grant),
    async ask(request, options) {
      options.signal.throwIfAborted();
      const { identity } = await heldUntil(options.signal).value;
      const grant = await grants.ask({ ...request, identity }, { ...options, alone: true });
      if (grant.identity === identity) ours.add(grant);
      return grant;
    },
  };
}

const identities = new WeakMap<object, () => Hold<Promise<IdentityClaim>>>();

function holdIdentity(owner: object): Hold<Promise<IdentityClaim>> {
  let hold = identities.get(owner);
  if (!hold) {
    hold = shared(claimIdentity, (claimed) => void claimed.then(({ release }) => release()));
    identities.set(owner, hold);
  }
  return hold();
}
