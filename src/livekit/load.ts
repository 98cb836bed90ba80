/** Fetches the transport and with it livekit-client, the heaviest part of all. */
export const loadTransport = () => import('./livekit-transport.js');
