import { files } from '../../worklets/protocol.js';
import { compiledModel } from './models.js';

const fetched = new Set<string>();

/** Fetches what the denoiser starts with, once a page. Whoever needs it later says why it cannot be had. */
export function fetchDenoiser(assets: string): void {
  if (fetched.has(assets) || typeof AudioWorkletNode === 'undefined') return;
  fetched.add(assets);
  compiledModel(new URL(files['0.1'], assets).href).catch(() => undefined);
  // Only for the HTTP cache: a worklet fetches its module itself.
  fetch(new URL(files.processor, assets)).catch(() => undefined);
}
