import { lazily } from '../chunks.js';

/** Fetches the transport and with it livekit-client, the heaviest part of all. */
export const loadTransport = () => lazily(() => import('./livekit-transport.js'));
