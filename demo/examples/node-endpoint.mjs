// A token endpoint of a site: npm install livekit-server-sdk; LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET in the environment.
import { createServer } from 'node:http';
import { AccessToken } from 'livekit-server-sdk';
import { userOf } from './login.mjs'; // yours: the signed-in user of a request, { id, name }, or null

createServer(async (request, response) => {
  const answer = (status, body) => response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
  try {
    if (request.method !== 'POST' || request.url !== '/api/token') return answer(404, { error: 'not-found' });
    // Login by cookie: without these two lines any other site could ask in your visitor's name.
    if (request.headers.origin !== process.env.SITE_ORIGIN) return answer(403, { error: 'origin' });
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) return answer(415, { error: 'content-type' });
    const user = await userOf(request);
    if (!user) return answer(401, { error: 'login' });
    // The identity is never the visitor's to choose: whoever takes a person's identity puts that person out of the room.
    const token = new AccessToken(process.env.LIVEKIT_API_KEY, process.env.LIVEKIT_API_SECRET, { identity: user.id, name: user.name, ttl: '10m' });
    token.addGrant({ roomJoin: true, room: 'lounge' });
    answer(200, { server_url: process.env.LIVEKIT_URL, participant_token: await token.toJwt() });
  } catch (error) {
    console.error(error);
    answer(500, { error: 'server' });
  }
}).listen(process.env.PORT ?? 3000);
