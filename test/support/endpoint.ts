import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { serve } from './serve.js';
import type { Served } from './serve.js';
import type { TestLiveKit } from './livekit.js';

/** What a token endpoint can answer. */
export type Answer =
  | 'valid'
  | 'not-found'
  | 'server-error'
  | 'hanging'
  | 'html'
  | 'empty'
  | 'other-json'
  | 'expired'
  | 'brief'
  | 'making-room'
  | 'forged'
  | 'other-room'
  | 'no-jwt'
  | 'server-gone'
  | 'listener'
  | 'no-data'
  | 'huge'
  | 'endless'
  | 'circle'
  | 'script-url';

/** Seconds for which a `brief` token is good. */
export const briefly = 2;

/** What LiveKit's standard request carries. */
interface TokenRequest {
  readonly room_name?: string;
  readonly participant_identity?: string;
  readonly participant_name?: string;
}

export interface Endpoint extends Served {
  /** Address of an endpoint that answers so; `serverUrl` in place of the real server's. */
  at(answer: Answer, serverUrl?: string): string;
  /** The bodies of the requests so far. */
  readonly requests: readonly TokenRequest[];
}

/** A token endpoint, on an origin of its own, that answers as its path says: well, or in one of the ways in which endpoints fail. */
export async function startEndpoint(liveKit: TestLiveKit): Promise<Endpoint> {
  const requests: TokenRequest[] = [];
  const served = await serve(async (request, response) => {
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
    response.setHeader('access-control-allow-headers', 'content-type');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const wish = JSON.parse(body) as TokenRequest;
    requests.push(wish);
    const { pathname, searchParams } = new URL(request.url ?? '/', served.origin);
    await answer(response, pathname.slice(1) as Answer, wish, searchParams.get('server') ?? liveKit.url);
  });

  async function answer(response: ServerResponse, kind: Answer, wish: TokenRequest, serverUrl: string): Promise<void> {
    const sign = (over: object = {}) =>
      liveKit.token({ room: wish.room_name ?? '', identity: wish.participant_identity ?? randomUUID(), name: wish.participant_name ?? '', ...over });
    const grant = (token: string, url = serverUrl) => send(response, 200, 'application/json', JSON.stringify({ server_url: url, participant_token: token }));
    switch (kind) {
      case 'valid':
        return grant(await sign());
      case 'listener':
        return grant(await sign({ canPublish: false }));
      case 'no-data':
        return grant(await sign({ canPublishData: false }));
      case 'brief':
        return grant(await sign({ ttl: briefly }));
      case 'making-room':
        // As lk-jwt-service does it for servers that make no rooms by themselves.
        await liveKit.rooms.createRoom({ name: wish.room_name ?? '' });
        return grant(await sign());
      case 'expired':
        return grant(await sign({ ttl: -3600 }));
      case 'forged':
        return grant(await sign({ forged: true }));
      case 'other-room':
        return grant(await sign({ room: 'another-room' }));
      case 'no-jwt':
        return grant('this is not a token');
      case 'server-gone':
        // Port 9 is the discard service, which nobody runs.
        return grant(await sign(), 'ws://127.0.0.1:9');
      case 'not-found':
        return send(response, 404, 'application/json', '{"error":"no such path"}');
      case 'server-error':
        return send(response, 500, 'text/plain', 'oops');
      case 'html':
        return send(response, 200, 'text/html', '<!doctype html><title>Log in</title><h1>Please log in</h1>');
      case 'empty':
        return send(response, 200, 'application/json', '');
      case 'other-json':
        return send(response, 200, 'application/json', '{"hello":"world"}');
      case 'huge':
        return send(response, 200, 'application/json', JSON.stringify({ participant_token: 'x'.repeat(10_000_000) }));
      case 'endless':
        response.writeHead(200, { 'content-type': 'application/json' });
        while (!response.destroyed)
          if (!response.write(' '.repeat(65_536))) await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
        return undefined;
      case 'circle':
        return void response.writeHead(307, { location: `/circle?${randomUUID()}` }).end();
      case 'script-url':
        return grant(await sign(), 'javascript:alert(1)');
      case 'hanging':
        return undefined;
    }
  }

  return {
    ...served,
    requests,
    at: (kind, serverUrl) => `${served.origin}/${kind}${serverUrl === undefined ? '' : `?server=${encodeURIComponent(serverUrl)}`}`,
  };
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}
