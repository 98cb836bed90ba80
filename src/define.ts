import { VcRoom } from './vc-room.js';

VcRoom.define();

export * from './index.js';
