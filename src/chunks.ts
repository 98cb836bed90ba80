import { VcRoomError } from './room/errors.js';

/** The folder of the script: the builds make it so. */
export const home = import.meta.url;

/**
 * What the paths of the entry's `import()`s are appended to. So the build of the script tag makes it; that for bundlers leaves chunks to the bundler.
 * @public
 */
export let chunksBase: string;

/** How long a chunk may take, in ms: 100 kB at 27 kbit/s. */
const patience = 30_000;

let elsewhere = '';

/** Chunks lie in the first `assets` that is said: the page has each of them once. */
export function lookIn(assets: string | null): void {
  elsewhere ||= assets ?? '';
}

/**
 * Loads a chunk, from beside the script where `assets` has none. Not in this task: `assets` may stand behind what asks for the chunk.
 * @throws VcRoomError `assets-blocked`
 */
export async function lazily<T>(load: () => Promise<T>, atHome = false): Promise<T> {
  await Promise.resolve();
  const said = !atHome && elsewhere;
  try {
    chunksBase = said ? new URL(said.replace(/\/?$/, '/'), document.baseURI).href : home;
    return await Promise.race([load(), new Promise<never>((_, fail) => setTimeout(fail, patience))]);
  } catch (cause) {
    if (said) return lazily(load, true);
    throw new VcRoomError('assets-blocked', 'chunk', 'A chunk did not load. Serve all of dist/, allow it in script-src.', { cause });
  }
}
