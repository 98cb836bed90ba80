import type { GlobalComponents } from 'vue';
import type {} from 'vc-room/vue';

type Props = InstanceType<GlobalComponents['vc-room']>['$props'];
export const right: Props = {
  room: 'lounge',
  'token-endpoint': '/api/token',
  volume: 1.5,
  onConnectionstatechange: (event) => void event.connectionState.length,
};
// @ts-expect-error: not one of its values
export const wrong: Props = { preload: 'always' };
