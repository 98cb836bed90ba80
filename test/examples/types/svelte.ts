import type { SvelteHTMLElements } from 'svelte/elements';
import type {} from 'vc-room/svelte';

export const right: SvelteHTMLElements['vc-room'] = {
  room: 'lounge',
  'token-endpoint': '/api/token',
  onconnectionstatechange: (event) => void event.connectionState.length,
};
// @ts-expect-error: not one of its values
export const wrong: SvelteHTMLElements['vc-room'] = { preload: 'always' };
