import { lazily } from './chunks.js';

/** Fetches what carries a join out. */
export const loadParts = () => lazily(() => import('./compose.js'));
