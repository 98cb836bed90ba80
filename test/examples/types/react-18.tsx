import { useRef } from 'react';
import type { VcRoom } from 'vc-room';
import type {} from 'vc-room/react';

export function Call({ grant }: { grant: NonNullable<VcRoom['tokenSource']> }) {
  const room = useRef<VcRoom>(null);
  return (
    <>
      <vc-room
        ref={room}
        className="call"
        room="lounge"
        token-endpoint="/api/token"
        listen-only={true}
        noise-suppression="browser"
        volume={1.5}
        tokenSource={grant}
        onconnectionstatechange={(event) => void event.connectionState.length}
      />
      {/* @ts-expect-error: not one of its values */}
      <vc-room noise-suppression="loud" />
      {/* @ts-expect-error: events have types */}
      <vc-room onerror={(event) => event.connectionState} />
    </>
  );
}
