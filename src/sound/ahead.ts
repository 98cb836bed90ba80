import { files } from '../../worklets/protocol.js';
import { compiledModel } from './models.js';
import { holdContext } from './press.js';

const fetched = new Set<string>();
let isAwake = false;

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
