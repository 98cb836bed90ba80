import 'vc-room/define';
import { VcRoom, VcRoomError } from 'vc-room';

const room = document.createElement('vc-room');
room.tokenSource = () => Promise.resolve({ serverUrl: 'wss://sfu.example', token: 'a.b.c' });
room.addEventListener('connectionstatechange', ({ connectionState, previous }) => [connectionState, previous]);
export const found: VcRoom | null = document.querySelector('vc-room');
export const failed = (thrown: unknown) => thrown instanceof VcRoomError && thrown.code;
