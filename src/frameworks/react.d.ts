/** `import type {} from 'vc-room/react'` once in a project: JSX of React 18 and 19. In React 18 what is no text is set on the element by a ref. */
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { VcRoom } from '../../dist/types/src/index.js';
import type { VcRoomAttributes, VcRoomListeners, VcRoomProperties } from '../../dist/types/tag.js';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'vc-room': DetailedHTMLProps<HTMLAttributes<VcRoom>, VcRoom> & VcRoomAttributes & VcRoomProperties & VcRoomListeners;
    }
  }
}
