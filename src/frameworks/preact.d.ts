/** `import type {} from 'vc-room/preact'` once in a project. */
import type { HTMLAttributes } from 'preact';
import type { VcRoom } from '../../dist/types/src/index.js';
import type { VcRoomAttributes, VcRoomListeners, VcRoomProperties } from '../../dist/types/tag.js';

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vc-room': HTMLAttributes<VcRoom> & VcRoomAttributes & VcRoomProperties & VcRoomListeners;
    }
  }
}
