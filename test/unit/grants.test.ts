import { expect } from '@open-wc/testing';
import { VcRoomError } from '../../src/room/errors.js';
import type { CheckedGrant, Grant } from '../../src/room/suppliers.js';
import { createGrants } from '../../src/token/grants.js';
import type { GrantSettings } from '../../src/token/grants.js';
import { TestClock, goodClaims, script, sign, standInOrigin } from '../support/token-page.js';

const ada = { room: 'lounge', identity: 'ada', displayName: 'Ada' };
const hour = 3_600_000;
const plain: GrantSettings = {
  tokenEndpoint: null,
  tokenProtocol: 'livekit',
  tokenCache: 'none',
  serverUrl: 'wss://sfu.test',
  token: null,
  tokenSource: null,
  credentials: 'same-origin',
  requestHeaders: null,
  matrixIdentity: null,
};
const never = new AbortController().signal;

function ask(settings: Partial<GrantSettings>, { request = ada, signal = never, clock = new TestClock() } = {}): Promise<CheckedGrant> {
  return createGrants({ ...plain, ...settings }, clock).ask(request, { signal, fresh: false });
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
const source = (answer: unknown) => () => Promise.resolve(answer as Grant);

describe('createGrants', () => {
  let origin = '';
  let token = '';
  before(async () => {
    origin = await standInOrigin();
    token = await sign(goodClaims());
  });

  it('gets a grant from a standard endpoint', async () => {
    const grant = await ask({ tokenEndpoint: `${origin}/livekit`, serverUrl: null });
    expect(grant).to.deep.include({ serverUrl: 'ws://sfu.test:7880', identity: 'ada', name: 'Ada', room: 'lounge', canPublish: true, canPublishData: true });
    expect(grant.token.split('.')).to.have.length(3);
    expect(Object.isFrozen(grant)).to.equal(true);
  });

  it('gets one by query, with http(s) made ws(s)', async () =>
    expect(await ask({ tokenEndpoint: `${origin}/query`, tokenProtocol: 'query' })).to.include({
      serverUrl: 'wss://sfu.test',
      identity: 'ada',
      room: 'lounge',
    }));

  it('gets one from MatrixRTC, whose room is a hash', async () => {
    const openid = { access_token: 'known', token_type: 'Bearer', matrix_server_name: 'example.org', expires_in: 3600 };
    const matrixIdentity = () => Promise.resolve({ openid, userId: '@ada:example.org', deviceId: 'DEVICE' });
    const grant = await ask({ tokenEndpoint: `${origin}/matrix`, tokenProtocol: 'matrix', matrixIdentity });
    expect(grant.room).to.not.be.empty.and.not.equal('lounge');
  });

  for (const answer of ['token', { token: 't' }, { data: { participant_token: 't' } }, { token: 't', serverUrl: 'https://other.test/' }])
    it(`takes ${JSON.stringify(answer)} from tokenSource`, async () => {
      const real = JSON.parse(JSON.stringify(answer).replace(/"t"|"token"$/, JSON.stringify(token))) as unknown;
      const grant = await ask({ tokenSource: source(real), tokenEndpoint: '/never', token: 'never' });
      expect(grant.token).to.equal(token);
      expect(grant.serverUrl).to.equal(JSON.stringify(answer).includes('other') ? 'wss://other.test' : 'wss://sfu.test');
    });

  it('tells tokenSource what is asked for', async () => {
    let asked: unknown;
    await ask({ tokenSource: (request) => ((asked = request), Promise.resolve({ token })) });
    expect(asked).to.deep.equal(ada);
  });

  it('prefers the endpoint to the token attribute', async () =>
    expect((await ask({ tokenEndpoint: `${origin}/livekit`, token })).serverUrl).to.equal('ws://sfu.test:7880'));
  it('takes the token attribute', async () => expect(await ask({ token })).to.include({ token, serverUrl: 'wss://sfu.test' }));
  it('lets a token without the right to publish listen', async () =>
    expect(await ask({ token: await sign({ ...goodClaims(), video: { roomJoin: true, room: 'lounge', canPublish: false } }) })).to.include({
      canPublish: false,
    }));

  it('does not hold tokenSource to the name of the room', async () =>
    expect(await ask({ tokenSource: source({ token }) }, { request: { ...ada, room: 'hall' } })).to.include({ room: 'lounge' }));

  const wrong: readonly (readonly [string, () => Partial<GrantSettings>, string])[] = [
    ['nothing set', () => ({}), 'not-configured/no-endpoint'],
    ['no server named', () => ({ token, serverUrl: null }), 'not-configured/no-server-url'],
    ['a server-url that is none', () => ({ token, serverUrl: 'sfu.test' }), 'invalid-configuration/server-url'],
    ['an answer with javascript:', () => ({ tokenSource: source({ token, url: 'javascript:alert(1)' }) }), 'token-invalid/server-url'],
    ['an answer with a password', () => ({ tokenSource: source({ token, url: 'wss://a:secret@sfu.test' }) }), 'token-invalid/server-url'],
    ['a tokenSource that fails', () => ({ tokenSource: () => Promise.reject(new Error('logged out')) }), 'token-unreachable/source'],
    [
      'a tokenSource that throws',
      () => ({
        tokenSource: () => {
          throw new Error('bug');
        },
      }),
      'token-unreachable/source',
    ],
    ['a tokenSource that answers nothing', () => ({ tokenSource: source(undefined) }), 'token-invalid/empty'],
    ['a token attribute that is none', () => ({ token: 'hello' }), 'token-invalid/malformed'],
  ];
  for (const [name, settings, wanted] of wrong)
    it(`calls ${name} ${wanted}`, async () => {
      const error = await failure(ask(settings()));
      expect(said(error)).to.equal(wanted);
      expect(error.message).to.not.contain('secret').and.not.contain(token);
    });

  it('refuses a token for another room', async () =>
    expect(said(await failure(ask({ token }, { request: { ...ada, room: 'hall' } })))).to.equal('token-invalid/wrong-room'));

  it('names the endpoint that answered a wrong token', async () => {
    const endpoint = await script({ body: JSON.stringify({ token: await sign({ ...goodClaims(), sub: '' }) }) });
    const error = await failure(ask({ tokenEndpoint: `${endpoint.url}?key=secret` }));
    expect(said(error)).to.equal('token-invalid/no-identity');
    expect(error.message).to.contain(endpoint.url).and.not.contain('secret');
  });

  it('ends when tokenSource never settles', async () => {
    const clock = new TestClock();
    const refused = failure(ask({ tokenSource: () => new Promise(() => undefined) }, { clock }));
    await clock.waitedFor(60_000);
    clock.advance(60_000);
    expect(said(await refused)).to.equal('token-unreachable/timeout');
  });

  it('ends at once with its signal, also where tokenSource ignores it', async () => {
    const [abort, reason] = [new AbortController(), new VcRoomError('aborted', 'left', 'left')];
    const refused = failure(ask({ tokenSource: () => new Promise(() => undefined) }, { signal: abort.signal }));
    abort.abort(reason);
    expect(await refused).to.equal(reason);
    expect(await failure(ask({ token }, { signal: abort.signal }))).to.equal(reason);
  });

  describe('with a local clock that is wrong', () => {
    const second = Math.floor(Date.now() / 1000);
    const answer = async (claims: object, date = false): Promise<Partial<GrantSettings>> => ({
      tokenEndpoint: (await script({ body: JSON.stringify({ token: await sign(claims) }), date })).url,
      tokenProtocol: 'query',
    });
    const { iat: _, ...withoutIat } = goodClaims(second);

    for (const [name, off] of [
      ['two hours fast', 2 * hour],
      ['two hours slow', -2 * hour],
    ] as const) {
      const clock = (): TestClock => new TestClock(Date.now() + off);
      it(`takes a fresh token by its iat (${name})`, async () =>
        expect(await ask(await answer(goodClaims(second)), { clock: clock() })).to.include({ identity: 'ada' }));
      it(`takes a fresh token by its nbf (${name})`, async () =>
        expect(await ask(await answer({ ...withoutIat, nbf: second }), { clock: clock() })).to.include({ identity: 'ada' }));
      it(`knows an old token by the endpoint's clock (${name})`, async () =>
        expect(said(await failure(ask(await answer(goodClaims(second - 7200), true), { clock: clock() })))).to.equal('token-invalid/expired'));
      it(`knows a token that was born expired (${name})`, async () =>
        expect(said(await failure(ask(await answer({ ...goodClaims(second), exp: second - 60 }), { clock: clock() })))).to.equal('token-invalid/expired'));
      it(`knows a token from the future (${name})`, async () =>
        expect(said(await failure(ask(await answer({ ...goodClaims(second), nbf: second + 600 }), { clock: clock() })))).to.equal(
          'token-invalid/not-yet-valid',
        ));
    }

    it('trusts the local clock where nothing else tells the time', async () => {
      expect(said(await failure(ask(await answer(withoutIat), { clock: new TestClock(Date.now() + 2 * hour) })))).to.equal('token-invalid/expired');
    });
    it('trusts the local clock about the token attribute', async () => {
      expect(said(await failure(ask({ token: await sign(goodClaims(second - 7200)) })))).to.equal('token-invalid/expired');
    });
  });
});
