import { expect } from '@open-wc/testing';
import { VcRoomError } from '../../src/room/errors.js';
import type { MatrixIdentity } from '../../src/room/suppliers.js';
import { endpointUrl, ownHeaders, requestGrant } from '../../src/token/request.js';
import type { EndpointSettings, Reply } from '../../src/token/request.js';
import { TestClock, lastHeard, script, standInOrigin } from '../support/token-page.js';
import type { ScriptedAnswer } from '../support/token-page.js';

const ada = { room: 'lounge', identity: 'ada', displayName: 'Ada Ł' };
const plain: EndpointSettings = { tokenEndpoint: null, tokenProtocol: 'livekit', credentials: 'same-origin', requestHeaders: null, matrixIdentity: null };
const never = new AbortController().signal;

async function ask(settings: Partial<EndpointSettings>, { request = ada, signal = never, clock = new TestClock() } = {}): Promise<Reply> {
  const all = { ...plain, ...settings };
  const endpoint = endpointUrl(all.tokenEndpoint ?? '');
  return requestGrant(all, endpoint, await ownHeaders(all.requestHeaders, signal, clock), request, signal, clock);
}

async function failure(asked: Promise<unknown>): Promise<VcRoomError> {
  const thrown = await asked.then(
    () => 'nothing',
    (error: unknown) => error,
  );
  if (thrown instanceof VcRoomError) return thrown;
  throw thrown;
}

const said = (error: VcRoomError): string => `${error.code}/${error.reason}`;

describe('requestGrant', () => {
  let origin = '';
  before(async () => {
    origin = await standInOrigin();
  });

  describe('livekit', () => {
    it('asks as the standard says', async () => {
      const { body, where } = await ask({ tokenEndpoint: `${origin}/livekit?site=1` });
      expect(body).to.have.all.keys('server_url', 'participant_token');
      expect(where).to.equal(`The token endpoint ${origin}/livekit`);
      const heard = await lastHeard('livekit');
      expect(JSON.parse(heard?.body ?? '')).to.deep.equal({ room_name: 'lounge', participant_identity: 'ada', participant_name: 'Ada Ł' });
      expect(heard?.query).to.deep.equal({ site: '1' });
    });

    it('leaves out what is not known', async () => {
      await ask({ tokenEndpoint: `${origin}/livekit` }, { request: { room: '', identity: '', displayName: '' } });
      expect((await lastHeard('livekit'))?.body).to.equal('{}');
    });

    it('sends the headers of the page', async () => {
      await ask({ tokenEndpoint: `${origin}/livekit`, requestHeaders: () => Promise.resolve({ 'X-Site': 'mine' }) });
      expect((await lastHeard('livekit'))?.headers).to.include({ 'x-site': 'mine', accept: 'application/json' });
    });

    it('says when the page failed to make headers', async () => {
      const thrown = new Error('no session');
      const error = await failure(ask({ tokenEndpoint: `${origin}/livekit`, requestHeaders: () => Promise.reject(thrown) }));
      expect(said(error)).to.equal('invalid-configuration/request-headers');
      expect(error.cause).to.equal(thrown);
    });

    it('resolves a relative address against the document', async () => {
      const error = await failure(ask({ tokenEndpoint: 'nowhere/token' }));
      expect(said(error)).to.equal('token-unreachable/not-found');
      expect(error.message).to.contain(new URL('nowhere/token', document.baseURI).href);
    });

    for (const bad of ['http://', 'javascript:alert(1)', 'ftp://example.org/', 'https://ada:secret@example.org/'])
      it(`refuses ${bad}`, async () => {
        const error = await failure(ask({ tokenEndpoint: bad }));
        expect(said(error)).to.equal('invalid-configuration/token-endpoint');
        expect(error.message).to.not.contain('secret');
      });

    it('sends credentials only as told', async () => {
      const anybody = { tokenEndpoint: `${origin}/query`, tokenProtocol: 'query' } as const;
      await ask({ ...anybody, credentials: 'omit' });
      const clock = new TestClock();
      const refused = failure(ask({ ...anybody, credentials: 'include' }, { clock }));
      await clock.waitedFor(300);
      clock.advance(300);
      // A browser refuses `Access-Control-Allow-Origin: *` where credentials were sent.
      expect(said(await refused)).to.equal('token-unreachable/network');
      await ask({ tokenEndpoint: `${origin}/livekit`, credentials: 'include' });
    });
  });

  describe('query', () => {
    it('asks by GET and keeps the query that stands there', async () => {
      const { body } = await ask({ tokenEndpoint: `${origin}/query?site=1&room=other`, tokenProtocol: 'query' });
      expect(body).to.have.all.keys('url', 'token');
      expect((await lastHeard('query'))?.query).to.deep.equal({ site: '1', room: 'lounge', identity: 'ada', name: 'Ada Ł' });
    });
  });

  describe('matrix', () => {
    const openid = { access_token: 'known', token_type: 'Bearer', matrix_server_name: 'example.org', expires_in: 3600 };
    const identify =
      (token: object = openid): MatrixIdentity =>
      () =>
        Promise.resolve({ openid: token as typeof openid, userId: '@ada:example.org', deviceId: 'DEVICE' });
    const matrix = (service: string, extra: Partial<EndpointSettings> = {}): Partial<EndpointSettings> => ({
      tokenEndpoint: `${origin}/${service}`,
      tokenProtocol: 'matrix',
      matrixIdentity: identify(),
      ...extra,
    });

    it('asks /get_token', async () => {
      expect((await ask(matrix('matrix'))).body).to.have.all.keys('url', 'jwt');
      const heard = await lastHeard('matrix');
      expect(heard?.path).to.equal('/matrix/get_token');
      expect(JSON.parse(heard?.body ?? '')).to.have.nested.property('member.id', 'ada');
    });

    it('asks without preflight where the page has no headers of its own', async () => {
      await ask(matrix('matrix/'));
      const heard = await lastHeard('matrix');
      expect(heard?.headers).to.not.have.any.keys('authorization', 'cookie');
      expect(heard?.headers['content-type']).to.match(/^text\/plain/);
    });

    it('sends the headers and credentials of the page on both paths', async () => {
      const own = globalThis.fetch;
      const sent: RequestInit[] = [];
      globalThis.fetch = (_, init = {}) => {
        sent.push(init);
        return Promise.resolve(sent.length === 1 ? new Response(null, { status: 404 }) : new Response('{"url":"wss://sfu.test","jwt":"a.b.c"}'));
      };
      try {
        await ask(matrix('matrix', { credentials: 'include', requestHeaders: () => ({ Authorization: 'Bearer x' }) }));
      } finally {
        globalThis.fetch = own;
      }
      expect(sent.map(({ credentials, headers }) => [credentials, new Headers(headers).get('authorization')])).to.deep.equal([
        ['include', 'Bearer x'],
        ['include', 'Bearer x'],
      ]);
    });

    it('goes on to /sfu/get where /get_token is unknown', async () => {
      expect((await ask(matrix('matrix-old'))).body).to.have.all.keys('url', 'jwt');
      expect((await lastHeard('matrix-old'))?.path).to.equal('/matrix-old/sfu/get');
    });

    it('sends nothing that the service does not know', async () => {
      const openidWithMore = { ...openid, expires_in: '3600', extra: 1 };
      expect((await ask(matrix('matrix', { matrixIdentity: identify(openidWithMore) }))).body).to.have.property('jwt');
    });

    for (const service of ['matrix', 'matrix-old', 'matrix-new'])
      it(`calls an unknown OpenID token rejected (${service})`, async () => {
        const error = await failure(ask(matrix(service, { matrixIdentity: identify({ ...openid, access_token: 'old' }) })));
        expect(said(error)).to.equal('token-rejected/unauthorized');
        expect(error.message).to.not.contain('old ');
      });

    it('asks again, once, where the service has lost its SFU', async () => {
      const clock = new TestClock();
      const refused = failure(ask(matrix('matrix-down'), { clock }));
      await clock.waitedFor(500);
      clock.advance(500);
      expect(said(await refused)).to.equal('token-unreachable/server-error');
    });

    it('needs matrixIdentity', async () =>
      expect(said(await failure(ask(matrix('matrix', { matrixIdentity: null }))))).to.equal('not-configured/no-matrix-identity'));
    it('needs a room', async () => expect(said(await failure(ask(matrix('matrix'), { request: { ...ada, room: '' } })))).to.equal('not-configured/no-room'));
    it('says when matrixIdentity failed', async () =>
      expect(said(await failure(ask(matrix('matrix', { matrixIdentity: () => Promise.reject(new Error('logged out')) }))))).to.equal(
        'token-unreachable/source',
      ));
    it('says when matrixIdentity answered something else', async () =>
      expect(said(await failure(ask(matrix('matrix', { matrixIdentity: identify({}) }))))).to.equal('invalid-configuration/matrix-identity'));
  });

  describe('a bad answer', () => {
    const html = '<!doctype html><h1>secret</h1>';
    const once: readonly (readonly [string, ScriptedAnswer, string])[] = [
      ['401', { status: 401, body: html }, 'token-rejected/unauthorized'],
      ['403', { status: 403, body: '{"token":"secret"}' }, 'token-rejected/forbidden'],
      ['404', { status: 404, body: html }, 'token-unreachable/not-found'],
      ['405', { status: 405 }, 'token-unreachable/not-found'],
      ['400', { status: 400, body: html }, 'token-unreachable/server-error'],
      ['503 for a minute', { status: 503, headers: { 'Retry-After': '60' } }, 'token-unreachable/server-error'],
      ['429 for a minute', { status: 429, headers: { 'Retry-After': '60' } }, 'token-unreachable/rate-limited'],
      ['a login page', { body: html, headers: { 'Content-Type': 'text/html' } }, 'token-invalid/html'],
      ['nothing', { body: '' }, 'token-invalid/empty'],
      ['204', { status: 204 }, 'token-invalid/empty'],
      ['words', { body: 'secret words' }, 'token-invalid/not-json'],
      ['10 MB', { body: `"${'x'.repeat(10_000_000)}"` }, 'token-invalid/too-large'],
      ['an endless body', { end: 'endless' }, 'token-invalid/too-large'],
    ];
    for (const [name, answer, wanted] of once)
      it(`is asked for once and told: ${name} is ${wanted}`, async () => {
        const endpoint = await script(answer);
        const error = await failure(ask({ tokenEndpoint: `${endpoint.url}?key=secret`, tokenProtocol: 'query' }));
        expect(said(error)).to.equal(wanted);
        expect(error.message).to.contain(endpoint.url).and.not.contain('secret');
        if (answer.status && answer.status !== 204) expect(error.message).to.contain(String(answer.status));
        expect(await endpoint.heard(1)).to.have.length(1);
      });

    const twice: readonly (readonly [string, ScriptedAnswer, number, string])[] = [
      ['500', { status: 500 }, 500, 'token-unreachable/server-error'],
      ['502 for 2 s', { status: 502, headers: { 'Retry-After': '2' } }, 2000, 'token-unreachable/server-error'],
      ['429', { status: 429 }, 1000, 'token-unreachable/rate-limited'],
      ['a cut connection', { end: 'reset' }, 300, 'token-unreachable/network'],
      ['one that the page may not read', { cors: false, body: '{}' }, 300, 'token-unreachable/network'],
    ];
    for (const [name, answer, delay, wanted] of twice) {
      it(`is asked for again, once: ${name}, then ${wanted}`, async () => {
        const [endpoint, clock] = [await script(answer), new TestClock()];
        const refused = failure(ask({ tokenEndpoint: endpoint.url }, { clock }));
        await clock.waitedFor(delay);
        clock.advance(delay);
        expect(said(await refused)).to.equal(wanted);
      });
      if (answer.cors !== false)
        it(`is forgotten when the second is good: ${name}`, async () => {
          const [endpoint, clock] = [await script(answer, { body: '{"token":"x"}' }), new TestClock()];
          const reply = ask({ tokenEndpoint: endpoint.url, tokenProtocol: 'query' }, { clock });
          await clock.waitedFor(delay);
          clock.advance(delay);
          expect((await reply).body).to.deep.equal({ token: 'x' });
          expect(await endpoint.heard(2)).to.have.length(2);
        });
    }

    it('is told from where a redirect led', async () => {
      const login = await script({ body: html });
      const endpoint = await script({ status: 302, headers: { Location: `${login.url}?next=secret` } });
      const error = await failure(ask({ tokenEndpoint: endpoint.url }));
      expect(said(error)).to.equal('token-invalid/html');
      expect(error.message).to.contain(login.url).and.not.contain('secret');
    });

    it('is not followed round in circles', async () => {
      const clock = new TestClock();
      const endpoint = await script({ status: 302, headers: { Location: '?again' } });
      const refused = failure(ask({ tokenEndpoint: endpoint.url }, { clock }));
      await clock.waitedFor(300);
      clock.advance(300);
      expect(said(await refused)).to.equal('token-unreachable/network');
    });
  });

  for (const end of ['hang', 'half'] as const)
    it(`gives up after 8 s and hangs up (${end})`, async () => {
      const [endpoint, clock] = [await script({ end, body: '{"token"' }), new TestClock()];
      const refused = failure(ask({ tokenEndpoint: endpoint.url }, { clock }));
      await endpoint.heard(1);
      clock.advance(7_999);
      clock.advance(1);
      const error = await refused;
      expect(said(error)).to.equal('token-unreachable/timeout');
      expect(error.message).to.contain(endpoint.url);
      expect(await endpoint.heard(1, true)).to.have.length(1);
    });

  it('hangs up with the reason of its signal', async () => {
    const [endpoint, abort, reason] = [await script({ end: 'hang' }), new AbortController(), new VcRoomError('aborted', 'left', 'left')];
    const refused = failure(ask({ tokenEndpoint: endpoint.url }, { signal: abort.signal }));
    await endpoint.heard(1);
    abort.abort(reason);
    expect(await refused).to.equal(reason);
    expect(await endpoint.heard(1, true)).to.have.length(1);
  });

  it('does not ask again once its signal has fired', async () => {
    const [endpoint, abort, clock] = [await script({ status: 500 }), new AbortController(), new TestClock()];
    const reason = new VcRoomError('aborted', 'left', 'left');
    const refused = failure(ask({ tokenEndpoint: endpoint.url }, { signal: abort.signal, clock }));
    await clock.waitedFor(500);
    abort.abort(reason);
    expect(await refused).to.equal(reason);
  });

  it('reads the clock and the wish of who answers, where it may', async () => {
    const endpoint = await script({ body: '{}', date: true, headers: { 'Cache-Control': 'private, No-Store' } }, { body: '{}' });
    const settings = { tokenEndpoint: endpoint.url, tokenProtocol: 'query' } as const;
    const first = await ask(settings);
    expect(first.noStore).to.equal(true);
    expect(first.date).to.be.closeTo(Date.now() / 1000, 60);
    expect(await ask(settings)).to.include({ noStore: false, date: null });
  });
});
