/** `import type {} from 'vc-room/svelte'` once in a project. */
import type { HTMLAttributes } from 'svelte/elements';
import type { VcRoom } from '../../dist/types/src/index.js';
import type { VcRoomAttributes, VcRoomListeners, VcRoomProperties } from '../../dist/types/tag.js';

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'vc-room': Omit<HTMLAttributes<VcRoom>, `on${string}` | `on:${string}`> & VcRoomAttributes & VcRoomProperties & VcRoomListeners & VcRoomListeners<'on:'>;
  }
}
