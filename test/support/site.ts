import type { IncomingMessage } from 'node:http';
import { serve } from './serve.js';
import type { Served } from './serve.js';
import type { Stage, Visit } from './stage.js';

/** Something that a site serves. */
export type Item = readonly [body: string, headers: Readonly<Record<string, string>>];

/** A whole site on one origin, as the examples have it: what `item` knows by its path, dist/ at `/vc-room/` and a token endpoint at `/api/token`. */
export function serveSite(stage: Stage, item: (path: string) => Item | undefined): Promise<Served> {
  return serve(async (request, response) => {
    const path = request.url ?? '';
    const elsewhere = path === '/api/token' ? stage.endpoint.at('valid') : path.startsWith('/vc-room/') ? stage.assets + path.slice('/vc-room'.length) : null;
    if (elsewhere !== null) {
      const answer = await passOn(request, elsewhere);
      const type = answer.headers.get('content-type');
      response.writeHead(answer.status, type === null ? {} : { 'content-type': type }).end(Buffer.from(await answer.arrayBuffer()));
      return;
    }
    const [body, headers] = item(path) ?? [];
    response.writeHead(headers ? 200 : 404, headers).end(body);
  });
}

/** Ada opens a page of it. */
export async function visitSite(stage: Stage, { origin }: Pick<Served, 'origin'>, path: string): Promise<Visit> {
  const ada = await stage.visit({ as: 'ada' });
  await ada.page.context().grantPermissions(['microphone'], { origin });
  await ada.page.goto(origin + path);
  await ada.page.waitForFunction(() => customElements.get('vc-room') !== undefined);
  return ada;
}

async function passOn(request: IncomingMessage, url: string): Promise<Response> {
  const { method = 'GET' } = request;
  if (method === 'GET') return fetch(url);
  const body: Buffer[] = [];
  for await (const chunk of request) body.push(chunk as Buffer);
  return fetch(url, { method, body: Buffer.concat(body), headers: { 'content-type': request.headers['content-type'] ?? '' } });
}
