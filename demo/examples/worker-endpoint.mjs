// A token endpoint of a site in a worker (Cloudflare, Deno, Bun): LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET and SITE_ORIGIN in its environment.
import { userOf } from './login.mjs'; // yours: the signed-in user of a request, { id, name }, or null

const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const utf8 = (text) => new TextEncoder().encode(text);

async function sign(claims, secret) {
  const text = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) => base64url(utf8(JSON.stringify(part)))).join('.');
  const key = await crypto.subtle.importKey('raw', utf8(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return `${text}.${base64url(new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(text))))}`;
}

export default {
  async fetch(request, env) {
    const answer = (status, body) => Response.json(body, { status, headers: { 'cache-control': 'no-store' } });
    if (request.method !== 'POST' || new URL(request.url).pathname !== '/api/token') return answer(404, { error: 'not-found' });
    // Login by cookie: without these two lines any other site could ask in your visitor's name.
    if (request.headers.get('origin') !== env.SITE_ORIGIN) return answer(403, { error: 'origin' });
    if (!/^application\/json\b/.test(request.headers.get('content-type') ?? '')) return answer(415, { error: 'content-type' });
    const user = await userOf({ headers: Object.fromEntries(request.headers) });
    if (!user) return answer(401, { error: 'login' });
    // The identity is never the visitor's to choose: whoever takes a person's identity puts that person out of the room.
    const claims = {
      iss: env.LIVEKIT_API_KEY,
      sub: user.id,
      name: user.name,
      exp: Math.floor(Date.now() / 1000) + 600,
      video: { roomJoin: true, room: 'lounge' },
    };
    return answer(200, { server_url: env.LIVEKIT_URL, participant_token: await sign(claims, env.LIVEKIT_API_SECRET) });
  },
};
