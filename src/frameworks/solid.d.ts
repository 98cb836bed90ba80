/** `import type {} from 'vc-room/solid'` once in a project. */
import type { JSX as SolidJSX } from 'solid-js';
import type { VcRoom } from '../../dist/types/src/index.js';
import type { VcRoomAttributes, VcRoomListeners, VcRoomProperties } from '../../dist/types/tag.js';

type ByPrefix = { [Name in keyof VcRoomProperties as `prop:${Name}`]: VcRoomProperties[Name] };

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      'vc-room': SolidJSX.HTMLAttributes<VcRoom> & VcRoomAttributes & ByPrefix & VcRoomListeners<'on:'>;
    }
  }
}
