/** All of the face that shows only after a press: one lazy chunk. */
export { room } from './room.js';
export { roomStyles } from './room.styles.js';
export { Levels } from '../controls/levels.js';
export { en } from '../strings/en.js';
