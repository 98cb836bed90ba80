import type { VcRoom } from 'vc-room';
import type {} from 'vc-room/solid';

export const call = (props: { grant: NonNullable<VcRoom['tokenSource']> }) => (
  <vc-room class="call" room="lounge" prop:tokenSource={props.grant} on:connectionstatechange={(event) => void event.connectionState.length} />
);
// @ts-expect-error: not one of its values
export const wrong = () => <vc-room preload="always" />;
