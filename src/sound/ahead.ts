import { files } from '../../worklets/protocol.js';
import { compiledModel } from './models.js';
import { holdContext } from './press.js';
import type { Hold } from './press.js';
import { holdStudio } from './studio.js';
import type { SoundSettings, Studio } from './studio.js';

/** For so long, in ms, what nobody uses is kept. */
const shelfLife = 60_000;

const fetched = new Set<string>();
let isAwake = false;
let kept: { readonly studio: Hold<Studio>; readonly settings: string; readonly expiry: ReturnType<typeof setTimeout> } | null = null;

/** Fetches what the denoiser starts with, once a page. Whoever needs it later says why it cannot be had. */
export function fetchDenoiser(assets: string): void {
  if (fetched.has(assets) || typeof AudioWorkletNode === 'undefined') return;
  fetched.add(assets);
  compiledModel(new URL(files['0.1'], assets).href).catch(() => undefined);
  // Only for the HTTP cache: a worklet fetches its module itself.
  fetch(new URL(files.processor, assets)).catch(() => undefined);
}

/** The first audio context of a page waits for the browser's audio service to start, 0.1 s in Chromium, and every later one for nothing. Makes no sound, and no device is opened. */
export function wakeAudio(): void {
  if (isAwake) return;
  isAwake = true;
  holdContext().release();
}

/** Has graph and denoiser ready for who is about to talk, for a minute: while a join is under way they would keep the network waiting. Makes no sound, and no device is opened. */
export function prepareSound(settings: SoundSettings): void {
  if (kept?.settings === textOf(settings)) return;
  dropSound();
  try {
    const studio = holdStudio(settings);
    // Somebody's who talks: made with their settings, and in no need of us.
    if (!studio.isNew) return studio.release();
    studio.value.prepare();
    kept = { studio, settings: textOf(settings), expiry: setTimeout(dropSound, shelfLife) };
  } catch {
    // The join says that there is no Web Audio.
  }
}

/** A share in the studio of the page, in the one that is ready if it was made with these settings. */
export function takeStudio(settings: SoundSettings): Hold<Studio> {
  if (kept?.settings !== textOf(settings)) dropSound();
  try {
    return holdStudio(settings);
  } finally {
    dropSound();
  }
}

function dropSound(): void {
  clearTimeout(kept?.expiry);
  kept?.studio.release();
  kept = null;
}

function textOf({ assets, noiseSuppression, echoCancellation, autoGainControl, inputDevice }: SoundSettings): string {
  return JSON.stringify([assets, noiseSuppression, echoCancellation, autoGainControl, inputDevice]);
}
