import type {} from 'vc-room/preact';

export const call = (
  <vc-room room="lounge" token-endpoint="/api/token" mic-muted onconnectionstatechange={(event) => void event.connectionState.length}>
    <p>Talk to us</p>
  </vc-room>
);
// @ts-expect-error: not one of its values
export const wrong = <vc-room preload="always" />;
