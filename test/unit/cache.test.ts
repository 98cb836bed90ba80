import { expect } from '@open-wc/testing';
import { createStore, entries, set } from 'idb-keyval';
import { VcRoomError } from '../../src/room/errors.js';
import type { CheckedGrant, GrantRequest } from '../../src/room/suppliers.js';
import { GrantCache } from '../../src/token/cache.js';
import type { CacheOptions, FreshGrant } from '../../src/token/cache.js';
import { createGrants, forgetGrants } from '../../src/token/grants.js';
import type { GrantSettings } from '../../src/token/grants.js';
import { TestClock, goodClaims, script, sign, standInOrigin } from '../support/token-page.js';
import type { ScriptedAnswer } from '../support/token-page.js';

const never = new AbortController().signal;
const hour = 3600;
const stored = (): Promise<[string, unknown][]> => entries(createStore('vc-room-grants', 'grants'));

function grantOf(token: string): CheckedGrant {
  return { token, serverUrl: 'wss://sfu.test', identity: 'ada', name: 'Ada', room: 'lounge', canPublish: true, canPublishData: true };
}

/** Requests in the test's hand. */
class Endpoint {
  readonly signals: AbortSignal[] = [];
  readonly #answers: ((how: FreshGrant | Error) => void)[] = [];
  readonly #arrived: (() => void)[] = [];
  instantly: Partial<FreshGrant> | null = {};

  get count(): number {
    return this.signals.length;
  }

  readonly request = (signal: AbortSignal): Promise<FreshGrant> => {
    this.signals.push(signal);
    this.#arrived.splice(0).forEach((arrived) => arrived());
    const fresh = { grant: grantOf(`token-${this.count}`), life: hour, storable: true, ...this.instantly };
    if (this.instantly) return Promise.resolve(fresh);
    return new Promise((resolve, reject) => this.#answers.push((how) => (how instanceof Error ? reject(how) : resolve(how))));
  };

  answer(how: FreshGrant | Error = { grant: grantOf(`token-${this.count}`), life: hour, storable: true }): void {
    this.#answers.splice(0).forEach((answer) => answer(how));
  }

  arrived(): Promise<void> {
    return this.count > 0 ? Promise.resolve() : new Promise((resolve) => this.#arrived.push(resolve));
  }
}

async function failure(asked: Promise<unknown>): Promise<unknown> {
  return asked.then(
    () => 'nothing',
    (error: unknown) => error,
  );
}

beforeEach(() => new GrantCache(new TestClock()).clear());

describe('GrantCache', () => {
  const persistent: CacheOptions = { mode: 'persistent', signal: never, fresh: false, alone: false };
  const memory: CacheOptions = { ...persistent, mode: 'memory' };
  let clock: TestClock;
  let endpoint: Endpoint;
  let tab: GrantCache;
  let otherTab: GrantCache;

  beforeEach(() => {
    clock = new TestClock();
    endpoint = new Endpoint();
    tab = new GrantCache(clock);
    otherTab = new GrantCache(clock);
  });

  for (const options of [persistent, memory]) {
    const { mode } = options;

    it(`keeps a grant until 80 % of its life (${mode})`, async () => {
      await tab.ask('key', options, endpoint.request);
      clock.advance(0.8 * hour * 1000 - 1);
      expect((await tab.ask('key', options, endpoint.request)).token).to.equal('token-1');
      clock.advance(1);
      expect((await tab.ask('key', options, endpoint.request)).token).to.equal('token-2');
    });

    it(`keeps nothing that has no life (${mode})`, async () => {
      endpoint.instantly = { life: 0 };
      await tab.ask('key', options, endpoint.request);
      await tab.ask('key', options, endpoint.request);
      expect(endpoint.count).to.equal(2);
    });

    it(`keeps one for each key (${mode})`, async () => {
      await tab.ask('one', options, endpoint.request);
      expect((await tab.ask('two', options, endpoint.request)).token).to.equal('token-2');
      expect((await tab.ask('one', options, endpoint.request)).token).to.equal('token-1');
    });

    it(`asks again after the device's clock was set back (${mode})`, async () => {
      await tab.ask('key', options, endpoint.request);
      clock.advance(-1000);
      await tab.ask('key', options, endpoint.request);
      expect(endpoint.count).to.equal(2);
    });

    it(`asks once for all elements of the page (${mode})`, async () => {
      const all = await Promise.all([1, 2, 3].map(() => tab.ask('key', options, endpoint.request)));
      expect(all.map(({ token }) => token)).to.deep.equal(['token-1', 'token-1', 'token-1']);
    });

    it(`goes on for the second when the first gives up (${mode})`, async () => {
      endpoint.instantly = null;
      const abort = new AbortController();
      const first = failure(tab.ask('key', { ...options, signal: abort.signal }, endpoint.request));
      const second = tab.ask('key', options, endpoint.request);
      await endpoint.arrived();
      abort.abort('gone');
      expect(await first).to.equal('gone');
      endpoint.answer();
      expect((await second).token).to.equal('token-1');
    });

    it(`hangs up when all have given up, and asks anew (${mode})`, async () => {
      endpoint.instantly = null;
      const abort = new AbortController();
      const asked = failure(tab.ask('key', { ...options, signal: abort.signal }, endpoint.request));
      await endpoint.arrived();
      abort.abort('gone');
      expect(endpoint.signals[0]?.aborted, 'in the task of the abort').to.equal(true);
      expect(await asked).to.equal('gone');
      endpoint.answer(new Error('hung up'));
      endpoint.instantly = {};
      expect((await tab.ask('key', options, endpoint.request)).token).to.equal('token-2');
    });

    it(`tells all who wait of a failure, and keeps none (${mode})`, async () => {
      endpoint.instantly = null;
      const both = Promise.all([failure(tab.ask('key', options, endpoint.request)), failure(tab.ask('key', options, endpoint.request))]);
      await endpoint.arrived();
      const error = new Error('down');
      endpoint.answer(error);
      expect(await both).to.deep.equal([error, error]);
      endpoint.instantly = {};
      expect((await tab.ask('key', options, endpoint.request)).token).to.equal('token-2');
    });

    it(`drops and asks again where a fresh one is wanted (${mode})`, async () => {
      await tab.ask('key', options, endpoint.request);
      const fresh = await Promise.all([1, 2].map(() => tab.ask('key', { ...options, fresh: true }, endpoint.request)));
      expect(fresh.map(({ token }) => token)).to.deep.equal(['token-2', 'token-2']);
      expect((await tab.ask('key', options, endpoint.request)).token).to.equal('token-2');
    });

    it(`forgets what a drop matches, at once (${mode})`, async () => {
      await tab.ask('one', options, endpoint.request);
      await tab.ask('two', options, endpoint.request);
      void tab.drop((_, { token }) => token === 'token-1');
      expect((await tab.ask('one', options, endpoint.request)).token).to.equal('token-3');
      expect((await tab.ask('two', options, endpoint.request)).token).to.equal('token-2');
    });

    it(`keeps nothing that was under way when all was forgotten (${mode})`, async () => {
      endpoint.instantly = null;
      const asked = tab.ask('key', options, endpoint.request);
      await endpoint.arrived();
      await tab.clear();
      endpoint.answer();
      expect((await asked).token).to.equal('token-1');
      endpoint.instantly = {};
      expect((await tab.ask('key', options, endpoint.request)).token).to.equal('token-2');
    });
  }

  it('finds on a second visit what persists', async () => {
    await tab.ask('key', persistent, endpoint.request);
    await tab.ask('key', persistent, endpoint.request);
    expect(await otherTab.ask('key', persistent, endpoint.request)).to.deep.equal(grantOf('token-1'));
  });

  it('looks into no database before it has asked, where nothing was ever stored', async () => {
    const { open } = indexedDB;
    const seen: string[] = [];
    indexedDB.open = (...database) => {
      seen.push('database');
      return open.apply(indexedDB, database);
    };
    try {
      await tab.ask('key', persistent, () => {
        seen.push('endpoint');
        return endpoint.request(never);
      });
    } finally {
      indexedDB.open = open;
    }
    expect(seen).to.deep.equal(['endpoint', 'database']);
  });

  it('waits for no other tab where nobody else can ask under this key', async () => {
    await navigator.locks.request('vc-room:grant:key', () => tab.ask('key', { ...persistent, alone: true }, endpoint.request));
    expect(endpoint.count).to.equal(1);
  });

  it('leaves nothing behind in memory mode', async () => {
    await tab.ask('key', memory, endpoint.request);
    expect(await stored()).to.have.length(0);
    await otherTab.ask('key', memory, endpoint.request);
    expect(endpoint.count).to.equal(2);
  });

  it('leaves nothing behind that must not be stored', async () => {
    endpoint.instantly = { storable: false };
    await tab.ask('key', persistent, endpoint.request);
    expect((await tab.ask('key', persistent, endpoint.request)).token).to.equal('token-1');
    expect(await stored()).to.have.length(0);
  });

  it('asks once for two tabs', async () => {
    endpoint.instantly = null;
    const both = Promise.all([tab.ask('key', persistent, endpoint.request), otherTab.ask('key', persistent, endpoint.request)]);
    await endpoint.arrived();
    endpoint.answer();
    expect((await both).map(({ token }) => token)).to.deep.equal(['token-1', 'token-1']);
    expect(endpoint.count).to.equal(1);
  });

  it('asks for itself where the other tab failed', async () => {
    endpoint.instantly = null;
    const error = new Error('down');
    const first = failure(tab.ask('key', persistent, endpoint.request));
    await endpoint.arrived();
    const second = new Endpoint();
    const asked = otherTab.ask('key', persistent, second.request);
    endpoint.answer(error);
    expect(await first).to.equal(error);
    expect((await asked).token).to.equal('token-1');
  });

  it('does not wait for ever for a tab that is frozen', async () => {
    const held = new AbortController();
    await new Promise<void>(
      (granted) =>
        void navigator.locks.request('vc-room:grant:key', () => {
          granted();
          return new Promise<void>((release) => held.signal.addEventListener('abort', () => release()));
        }),
    );
    const asked = tab.ask('key', persistent, endpoint.request);
    await clock.waitedFor(25_000);
    clock.advance(25_000);
    expect((await asked).token).to.equal('token-1');
    held.abort();
  });

  it('stops waiting for a tab when nobody wants the grant any more', async () => {
    endpoint.instantly = null;
    const first = tab.ask('key', persistent, endpoint.request);
    await endpoint.arrived();
    const [abort, second] = [new AbortController(), new Endpoint()];
    const asked = failure(otherTab.ask('key', { ...persistent, signal: abort.signal }, second.request));
    await clock.waitedFor(25_000);
    abort.abort('gone');
    expect(await asked).to.equal('gone');
    endpoint.answer();
    await first;
    expect(second.count).to.equal(0);
  });

  it('forgets in the whole profile', async () => {
    await tab.ask('key', persistent, endpoint.request);
    await otherTab.clear();
    expect(await stored()).to.have.length(0);
    await tab.ask('key', persistent, endpoint.request);
    expect(endpoint.count).to.equal(2);
  });

  it('sweeps out what nobody can use when it writes', async () => {
    await tab.ask('old', persistent, endpoint.request);
    await tab.drop(() => false);
    const database = createStore('vc-room-grants', 'grants');
    await set('rubbish', { grant: 'x' }, database);
    clock.advance(hour * 1000);
    await tab.ask('new', persistent, endpoint.request);
    await tab.drop(() => false);
    expect((await stored()).map(([key]) => key)).to.deep.equal(['new']);
  });

  for (const rubbish of [null, 'token', { grant: { token: 1 } }, { grant: grantOf('x'), storedAt: 'now', validUntil: Infinity }])
    it(`asks anew over ${JSON.stringify(rubbish)}`, async () => {
      await set('key', rubbish, createStore('vc-room-grants', 'grants'));
      localStorage.setItem('vc-room:grants', 'an edition');
      expect((await tab.ask('key', persistent, endpoint.request)).token).to.equal('token-1');
    });

  it('works without Web Locks', async () => {
    Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true });
    try {
      await tab.ask('key', persistent, endpoint.request);
      expect((await otherTab.ask('key', persistent, endpoint.request)).token).to.equal('token-1');
    } finally {
      Reflect.deleteProperty(navigator, 'locks');
    }
  });

  describe('without a database that works', () => {
    const refuse = (open: () => unknown) => () => Object.defineProperty(window, 'indexedDB', { configurable: true, value: { open } });
    const ways: readonly (readonly [string, () => unknown])[] = [
      ['missing', () => Object.defineProperty(window, 'indexedDB', { configurable: true, value: undefined })],
      [
        'refused',
        refuse(() => {
          throw new DOMException('denied', 'SecurityError');
        }),
      ],
      [
        'failing',
        refuse(() => {
          const request = Object.assign(new EventTarget(), { error: new DOMException('broken', 'UnknownError'), onerror: null as (() => void) | null });
          queueMicrotask(() => request.onerror?.());
          return request;
        }),
      ],
      ['without its store', refuse(() => realOpen('vc-room-grants-of-somebody-else'))],
    ];
    const realOpen = indexedDB.open.bind(indexedDB);
    const real = Object.getOwnPropertyDescriptor(window, 'indexedDB') ?? {};
    beforeEach(() => localStorage.setItem('vc-room:grants', 'an edition'));
    afterEach(() => void Object.defineProperty(window, 'indexedDB', real));

    for (const [name, breakIt] of ways)
      it(`remembers without a word (${name})`, async () => {
        breakIt();
        await tab.ask('key', persistent, endpoint.request);
        expect((await tab.ask('key', persistent, endpoint.request)).token).to.equal('token-1');
        await tab.drop(() => true);
        expect((await tab.ask('key', persistent, endpoint.request)).token).to.equal('token-2');
        await tab.clear();
      });

    it('waits 1.5 s at most, once, for one that hangs', async () => {
      refuse(() => ({}))();
      const asked = tab.ask('key', persistent, endpoint.request);
      await clock.waitedFor(1_500);
      clock.advance(1_500);
      await asked;
      expect((await tab.ask('key', persistent, endpoint.request)).token).to.equal('token-1');
    });
  });
});

describe('createGrants with a cache', () => {
  const ada: GrantRequest = { room: 'lounge', identity: 'ada', displayName: 'Ada' };
  const plain: GrantSettings = {
    tokenEndpoint: null,
    tokenProtocol: 'query',
    tokenCache: 'persistent',
    serverUrl: 'wss://sfu.test',
    token: null,
    tokenSource: null,
    credentials: 'same-origin',
    requestHeaders: null,
    matrixIdentity: null,
  };
  let clock: TestClock;
  let tab: GrantCache;

  beforeEach(() => {
    clock = new TestClock();
    tab = new GrantCache(clock);
  });

  const ask = (settings: Partial<GrantSettings>, request = ada, fresh = false, cache = tab): Promise<CheckedGrant> =>
    createGrants({ ...plain, ...settings }, clock, cache).ask(request, { signal: never, fresh });
  const answering = async (claims: object = {}, more: Partial<ScriptedAnswer> & { fields?: object } = {}) => {
    const { fields, ...answer } = more;
    return script({ body: JSON.stringify({ token: await sign({ ...goodClaims(Math.floor(clock.now() / 1000)), ...claims }), ...fields }), ...answer });
  };
  const asked = async (endpoint: Awaited<ReturnType<typeof script>>): Promise<number> => (await endpoint.heard(0)).length;

  it('asks once for the same', async () => {
    const endpoint = await answering();
    const first = await ask({ tokenEndpoint: endpoint.url });
    expect(await ask({ tokenEndpoint: endpoint.url })).to.deep.equal(first);
    expect(await ask({ tokenEndpoint: endpoint.url }, ada, false, new GrantCache(clock))).to.deep.equal(first);
    expect(await asked(endpoint)).to.equal(1);
  });

  const differences: readonly (readonly [string, Partial<GrantSettings>, Partial<GrantRequest>])[] = [
    ['identity', {}, { identity: 'bob' }],
    ['display name', {}, { displayName: 'Bob' }],
    ['room', {}, { room: '' }],
    ['protocol', { tokenProtocol: 'livekit' }, {}],
    ['credentials', { credentials: 'omit' }, {}],
    ['headers', { requestHeaders: () => ({ Authorization: 'Bearer other' }) }, {}],
    ['server for answers that name none', { serverUrl: 'wss://other.test' }, {}],
  ];
  for (const [name, settings, request] of differences)
    it(`asks anew for another ${name}`, async () => {
      const endpoint = await answering();
      await ask({ tokenEndpoint: endpoint.url });
      await ask({ tokenEndpoint: endpoint.url, ...settings }, { ...ada, ...request });
      expect(await asked(endpoint)).to.equal(2);
    });

  it('asks anew at another address', async () => {
    const endpoint = await answering();
    await ask({ tokenEndpoint: endpoint.url });
    await ask({ tokenEndpoint: `${endpoint.url}?site=2` });
    expect(await asked(endpoint)).to.equal(2);
  });

  it('shows in no key what was sent', async () => {
    const endpoint = await answering();
    await ask({ tokenEndpoint: `${endpoint.url}?key=secret`, requestHeaders: () => ({ Authorization: 'Bearer secret' }) });
    const [[key = ''] = []] = await stored();
    expect(key.replace(endpoint.url, '')).to.match(/^ [0-9a-f]{64}$/);
  });

  it('asks every time for single-use tokens', async () => {
    const endpoint = await answering();
    await ask({ tokenEndpoint: endpoint.url, tokenCache: 'none' });
    await ask({ tokenEndpoint: endpoint.url, tokenCache: 'none' });
    expect(await asked(endpoint)).to.equal(2);
    expect(await stored()).to.have.length(0);
  });

  const unstored: readonly (readonly [string, object, Partial<ScriptedAnswer>])[] = [
    ['no-store', {}, { headers: { 'Cache-Control': 'no-store' } }],
    ['the right to put others out', { video: { roomJoin: true, room: 'lounge', roomAdmin: true } }, {}],
  ];
  for (const [name, claims, answer] of unstored)
    it(`stores no grant with ${name}, yet remembers it`, async () => {
      const endpoint = await answering(claims, answer);
      await ask({ tokenEndpoint: endpoint.url });
      await ask({ tokenEndpoint: endpoint.url });
      expect(await asked(endpoint)).to.equal(1);
      expect(await stored()).to.have.length(0);
    });

  for (const off of [0, hour, -hour])
    describe(`with a device clock that is ${off} s off`, () => {
      const lives: readonly (readonly [string, (second: number) => object, object, number])[] = [
        ['expires_in', (second) => ({ exp: second + hour }), { expires_in: 600 }, 600],
        ['exp − iat', (second) => ({ iat: second, nbf: second - 60, exp: second + hour }), {}, hour],
        ['exp − nbf', (second) => ({ iat: undefined, nbf: second, exp: second + hour }), {}, hour],
        ['exp, where expires_in promises more', (second) => ({ exp: second + 600 }), { expires_in: hour }, 600],
      ];
      for (const [name, claims, fields, life] of lives)
        it(`reads the life from ${name}`, async () => {
          const second = Math.floor(Date.now() / 1000);
          const endpoint = await script({ body: JSON.stringify({ token: await sign({ ...goodClaims(second), ...claims(second) }), ...fields }) });
          clock = new TestClock((second + off) * 1000);
          tab = new GrantCache(clock);
          await ask({ tokenEndpoint: endpoint.url });
          clock.advance(life * 800 - 1);
          await ask({ tokenEndpoint: endpoint.url });
          expect(await asked(endpoint)).to.equal(1);
          clock.advance(1);
          await ask({ tokenEndpoint: endpoint.url });
          expect(await asked(endpoint)).to.equal(2);
        });
    });

  it('asks again for a grant that expired between prefetch and press', async () => {
    const endpoint = await answering();
    await ask({ tokenEndpoint: endpoint.url });
    clock.advance(2 * hour * 1000);
    await ask({ tokenEndpoint: endpoint.url });
    expect(await asked(endpoint)).to.equal(2);
  });

  it('asks anew for a room whose server rejected a grant, whoever had asked', async () => {
    const endpoint = await answering();
    const grant = await ask({ tokenEndpoint: endpoint.url });
    await ask({ tokenEndpoint: endpoint.url }, { ...ada, identity: 'bob' });
    createGrants(plain, clock, tab).reject(grant);
    await ask({ tokenEndpoint: endpoint.url });
    await ask({ tokenEndpoint: endpoint.url }, { ...ada, identity: 'bob' });
    expect(await asked(endpoint)).to.equal(4);
  });

  it('forgets all of an endpoint that rejects somebody', async () => {
    const good = JSON.stringify({ token: await sign(goodClaims()) });
    const [other, endpoint] = [await answering(), await script({ body: good }, { status: 401 }, { body: good })];
    await ask({ tokenEndpoint: other.url });
    await ask({ tokenEndpoint: endpoint.url });
    const error = await failure(ask({ tokenEndpoint: endpoint.url }, { ...ada, displayName: 'Bob' }));
    expect(error).to.be.instanceOf(VcRoomError).with.property('code', 'token-rejected');
    expect(await stored()).to.have.length(1);
    await ask({ tokenEndpoint: endpoint.url });
    expect(await asked(endpoint)).to.equal(3);
    await ask({ tokenEndpoint: other.url });
    expect(await asked(other)).to.equal(1);
  });

  it('replaces a grant by a fresh one', async () => {
    const token = await sign(goodClaims());
    const endpoint = await script({ body: JSON.stringify({ token, url: 'wss://one.test' }) }, { body: JSON.stringify({ token, url: 'wss://two.test' }) });
    await ask({ tokenEndpoint: endpoint.url });
    await ask({ tokenEndpoint: endpoint.url }, ada, true);
    expect((await ask({ tokenEndpoint: endpoint.url })).serverUrl).to.equal('wss://two.test');
    expect(await asked(endpoint)).to.equal(2);
  });

  it('drops the old one where the fresh one fails', async () => {
    const endpoint = await script({ body: JSON.stringify({ token: await sign(goodClaims()) }) }, { status: 404 });
    await ask({ tokenEndpoint: endpoint.url });
    await failure(ask({ tokenEndpoint: endpoint.url }, ada, true));
    expect(await stored()).to.have.length(0);
  });

  it('keeps what a tokenSource answered for as long as that function lives', async () => {
    const token = await sign(goodClaims());
    let count = 0;
    const makeSource = () => () => (count++, Promise.resolve({ token }));
    const tokenSource = makeSource();
    await ask({ tokenSource });
    await ask({ tokenSource });
    expect(count).to.equal(1);
    await ask({ tokenSource: makeSource() });
    expect(count).to.equal(2);
    expect(await stored()).to.have.length(0);
  });

  it('keeps a Matrix grant for as long as its matrixIdentity lives', async () => {
    const openid = { access_token: 'known', token_type: 'Bearer', matrix_server_name: 'example.org', expires_in: 3600 };
    let count = 0;
    const matrixIdentity = () => (count++, Promise.resolve({ openid, userId: '@ada:example.org', deviceId: 'DEVICE' }));
    const settings = { tokenEndpoint: `${await standInOrigin()}/matrix`, tokenProtocol: 'matrix', matrixIdentity } as const;
    await ask(settings);
    await ask(settings);
    expect(count).to.equal(1);
    expect(await stored()).to.have.length(0);
  });

  it('never keeps the token attribute', async () => {
    await ask({ token: await sign(goodClaims()) });
    expect(await stored()).to.have.length(0);
  });

  it('warns, once, of an endpoint that gives everybody the right to put others out', async () => {
    const endpoint = await answering({ video: { roomJoin: true, room: 'lounge', roomAdmin: true } });
    const { warn } = console;
    const said: string[] = [];
    console.warn = (text: string) => said.push(text);
    try {
      await ask({ tokenEndpoint: endpoint.url });
      await ask({ tokenEndpoint: endpoint.url }, ada, true);
    } finally {
      console.warn = warn;
    }
    expect(said).to.have.length(1);
    expect(said[0]).to.contain(endpoint.url).and.not.contain('eyJ');
  });

  it('is forgotten in the memory of this tab when another one forgets', async () => {
    const endpoint = await answering();
    const grants = createGrants({ ...plain, tokenEndpoint: endpoint.url, tokenCache: 'memory' });
    await grants.ask(ada, { signal: never, fresh: false });
    const otherTab = new BroadcastChannel('vc-room:forget');
    otherTab.postMessage(null);
    const heard = new BroadcastChannel('vc-room:forget');
    const arrived = new Promise((resolve) => heard.addEventListener('message', resolve, { once: true }));
    otherTab.postMessage(null);
    await arrived;
    await grants.ask(ada, { signal: never, fresh: false });
    expect(await asked(endpoint)).to.equal(2);
    otherTab.close();
    heard.close();
  });

  it('is forgotten by forgetGrants', async () => {
    const endpoint = await answering();
    const grants = createGrants({ ...plain, tokenEndpoint: endpoint.url });
    await grants.ask(ada, { signal: never, fresh: false });
    await forgetGrants();
    expect(await stored()).to.have.length(0);
    await grants.ask(ada, { signal: never, fresh: false });
    expect(await asked(endpoint)).to.equal(2);
  });
});
