/** A way to join, as data. */
export interface Flow {
  readonly name: string;
  /** Which page: `<vc-room>` with these attributes, or a file of pages/. */
  readonly page: { readonly vcRoom: Readonly<Record<string, string>> } | { readonly script: 'naive.ts' | 'memo.ts' | 'components-react.mjs' };
  /** The person joined and left in the same browser before. */
  readonly secondVisit?: boolean;
  /** How long the pointer rests on the button before it is pressed, in ms. */
  readonly hover?: number;
  /** Shown only where `<vc-room>` has this property. */
  readonly needs?: string;
  /** What no client can avoid. */
  readonly minimum: Minimum;
}

/** In round trips between browser and SFU, and in ms that the token endpoint takes. */
export interface Minimum {
  readonly token: 0 | 100;
  readonly packet: number;
  readonly heard: number;
  readonly ear: number;
}

/** TCP 1, upgrade 1, ICE 1, DTLS 2; then half a trip to the server and half to whoever listens. What the far end still has to agree on fits beside ICE and DTLS. */
const fresh: Minimum = { token: 100, packet: 5, heard: 6, ear: 5 };
const known: Minimum = { ...fresh, token: 0 };
/** A connection stands: half a trip there, half to the far end; the word that a voice is wanted costs one's own ear a whole one. */
const standing: Minimum = { token: 0, packet: 0, heard: 1, ear: 1 };

/** The one that all are compared with. */
export const yardstick = 'memo';

export const flows: readonly Flow[] = [
  { name: 'memo', page: { script: 'memo.ts' }, minimum: fresh },
  { name: 'naive', page: { script: 'naive.ts' }, minimum: fresh },
  { name: 'components-react', page: { script: 'components-react.mjs' }, minimum: fresh },
  { name: 'vc-room, nothing ahead', page: { vcRoom: { preload: 'none' } }, minimum: fresh },
  { name: 'vc-room, intent, first visit', page: { vcRoom: { preload: 'intent' } }, hover: 300, minimum: known },
  { name: 'vc-room, intent, second visit', page: { vcRoom: { preload: 'intent' } }, hover: 300, secondVisit: true, minimum: known },
  {
    name: 'vc-room, standby',
    page: { vcRoom: { preload: 'intent', standby: '' } },
    hover: 2000,
    secondVisit: true,
    needs: 'standbyCount',
    minimum: standing,
  },
];

export type Metric = 'packet' | 'heard' | 'ear' | 'joined';

/** At most this share of the yardstick's time. */
export interface Goal {
  readonly flow: string;
  readonly rtt: number;
  readonly metric: Metric;
  readonly ratio: number;
}

export const goals: readonly Goal[] = [
  { flow: 'vc-room, nothing ahead', rtt: 20, metric: 'heard', ratio: 0.75 },
  { flow: 'vc-room, intent, second visit', rtt: 20, metric: 'heard', ratio: 0.55 },
  { flow: 'vc-room, intent, second visit', rtt: 100, metric: 'heard', ratio: 0.75 },
  { flow: 'vc-room, intent, second visit', rtt: 20, metric: 'ear', ratio: 0.6 },
  { flow: 'vc-room, intent, second visit', rtt: 20, metric: 'packet', ratio: 0.4 },
  { flow: 'vc-room, standby', rtt: 20, metric: 'heard', ratio: 0.3 },
  { flow: 'vc-room, standby', rtt: 100, metric: 'heard', ratio: 0.25 },
];
