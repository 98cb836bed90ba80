/** `import type {} from 'vc-room/vue'` once in a project; and tell the compiler: `isCustomElement: (tag) => tag === 'vc-room'`. */
import type { HTMLAttributes, PublicProps } from 'vue';
import type { VcRoom, VcRoomEventMap } from '../../dist/types/src/index.js';
import type { VcRoomAttributes, VcRoomProperties } from '../../dist/types/tag.js';

type Listeners = { [Type in keyof VcRoomEventMap as `on${Capitalize<Type>}`]?: (event: VcRoomEventMap[Type]) => void };

interface VcRoomComponent {
  new (): VcRoom & { $props: HTMLAttributes & PublicProps & VcRoomAttributes & VcRoomProperties & Listeners };
}

declare module 'vue' {
  interface GlobalComponents {
    'vc-room': VcRoomComponent;
  }
}
