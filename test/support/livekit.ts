import { AccessToken, RoomServiceClient, TrackSource } from 'livekit-server-sdk';
import { startLiveKit } from '../../demo/livekit-server.js';
import type { LiveKit } from '../../demo/livekit-server.js';
import type { TokenWish } from './livekit-page.js';

/** A real LiveKit server of our own, on free ports. */
export interface TestLiveKit extends LiveKit {
  readonly rooms: RoomServiceClient;
  token(wish: TokenWish): Promise<string>;
}

type Given = Pick<NonNullable<Parameters<typeof startLiveKit>[0]>, 'media' | 'config'>;

export async function startTestLiveKit(given: Given = {}): Promise<TestLiveKit> {
  const server = await startFarAway(given);
  const { apiUrl, apiKey, apiSecret } = server;
  return { ...server, rooms: new RoomServiceClient(apiUrl, apiKey, apiSecret), token: (wish) => sign(apiKey, apiSecret, wish) };
}

/** On ports that neither the demo nor an outgoing connection takes: a test may kill its server and start another on the same. */
async function startFarAway(given: Given, triesLeft = 5): Promise<LiveKit> {
  const signal = 20_000 + 10 * Math.floor(1200 * Math.random());
  try {
    return await startLiveKit({
      ...given,
      ports: { signal, tcp: signal + 1, udp: signal + 2 },
      config: { room: { empty_timeout: 60, departure_timeout: 5 }, ...given.config },
    });
  } catch (error) {
    if (triesLeft === 0) throw error;
    return startFarAway(given, triesLeft - 1);
  }
}

function sign(
  apiKey: string,
  apiSecret: string,
  { room, identity, name, canPublish = true, canSubscribe = true, canPublishData = true, ttl = 600, forged = false }: TokenWish,
): Promise<string> {
  const token = new AccessToken(apiKey, forged ? `not-${apiSecret}` : apiSecret, { identity, ttl, ...(name === undefined ? {} : { name }) });
  token.addGrant({ roomJoin: true, room, canPublish, canSubscribe, canPublishData, canPublishSources: [TrackSource.MICROPHONE] });
  return token.toJwt();
}
