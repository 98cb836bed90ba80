import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { VcRoomError } from '../../src/room/errors.js';
import { transition } from '../../src/room/machine.js';
import type { Message } from '../../src/room/machine.js';
import { patchFor } from '../../src/room/reports.js';
import type { DataReport } from '../../src/room/reports.js';
import { initialSnapshot } from '../../src/room/snapshot.js';
import type { Participant, RoomSnapshot } from '../../src/room/snapshot.js';
import type { Person } from '../../src/room/suppliers.js';
import { nameOf } from '../../src/strings/name.js';
import { parseAnswer, readBody, toServerUrl } from '../../src/token/answer.js';
import { checkClaims, readClaims } from '../../src/token/jwt.js';
import { VcRoom } from '../../src/vc-room.js';
import { clear, show } from '../support/face.js';
import { nastyTexts } from '../support/nasty.js';

VcRoom.define();

const nasty = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom(...nastyTexts));

const fields = ['participant_token', 'token', 'jwt', 'server_url', 'url', 'expires_in', 'expires_at', 'data', 'result'];
const answer = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, nasty, fc.jsonValue(), fc.double(), fc.constant('eyJ.eyJ.sig'), tie('object')),
  object: fc.dictionary(fc.oneof(fc.constantFrom(...fields), nasty), tie('value'), { maxKeys: 6 }),
})).value;

const base64url = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** What is thrown, held to be ours and of this code; anything else fails the test. */
function outcome<T>(work: () => T, code: string): T | null {
  try {
    return work();
  } catch (thrown) {
    if (!(thrown instanceof VcRoomError) || thrown.code !== code) throw thrown;
    return null;
  }
}

describe('an endpoint that lies', () => {
  it('gets an error that says so, or is believed, whatever it answers', () => {
    fc.assert(
      fc.property(answer, fc.double({ noNaN: true }), (body, now) => {
        const found = outcome(() => parseAnswer(body, now, 'The endpoint'), 'token-invalid');
        if (!found) return;
        expect(found.token).to.match(/^[\w-]+\.[\w-]+\.[\w-]+$/);
        const url = found.serverUrl === null ? null : toServerUrl(found.serverUrl);
        if (url !== null) expect(url).to.match(/^wss?:\/\/[^@/]+/);
      }),
      { numRuns: 200, examples: [[{ participant_token: 'eyJ.eyJ.sig', expires_in: Object.create(null) as object }, 0]] },
    );
  });

  it('gets an error for a body of any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const body = await readBody(new Response(bytes as BodyInit), 'The endpoint').catch((thrown: unknown) => {
          expect(thrown).to.be.instanceOf(VcRoomError);
          return null;
        });
        if (body !== null) outcome(() => parseAnswer(body, 0, 'The endpoint'), 'token-invalid');
      }),
    );
  });

  it('does not make anybody read more than 256 kB', async () => {
    let read = 0;
    const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array((read++, 65_536)).fill(32)) });
    const thrown = await readBody(new Response(endless), 'The endpoint').catch((error: unknown) => error);
    expect((thrown as VcRoomError).reason).to.equal('too-large');
    expect(read).to.be.below(8);
  });

  it('gets an error for any token that is none, and claims of the right kinds for any other', () => {
    const payload = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom('sub', 'exp', 'nbf', 'iat', 'name', 'video', 'sip'), answer));
    const token = fc.oneof(
      nasty,
      payload.map((claims) => `e30.${base64url(JSON.stringify(claims) ?? '')}.sig`),
      fc.base64String().map((part) => `e30.${part}.sig`),
    );
    fc.assert(
      fc.property(token, nasty, (text, room) => {
        const claims = outcome(() => readClaims(text, 'The endpoint'), 'token-invalid');
        if (!claims) return;
        expect([typeof claims.identity, typeof claims.name, typeof claims.room, typeof claims.canPublish]).to.deep.equal([
          'string',
          'string',
          'string',
          'boolean',
        ]);
        expect(Number.isFinite(claims.expiresAt)).to.equal(true);
        outcome(() => checkClaims(claims, 0, room, 'The endpoint'), 'token-invalid');
      }),
      { numRuns: 200 },
    );
  });
});

const person = fc.record({
  identity: nasty,
  name: nasty,
  muted: fc.boolean(),
  listenOnly: fc.boolean(),
  quality: fc.constantFrom('excellent', 'good', 'poor', 'lost', 'unknown'),
  connection: fc.constantFrom('live', 'reconnecting'),
  joinedAt: fc.oneof(fc.double(), fc.constant(0)),
}) satisfies fc.Arbitrary<Person>;

const report: fc.Arbitrary<DataReport> = fc.oneof(
  fc.uniqueArray(person, { selector: ({ identity }) => identity, maxLength: 5 }).map((participants) => ({ type: 'participants' as const, participants })),
  person.map((local) => ({ type: 'local' as const, person: local })),
  fc.array(nasty, { maxLength: 4 }).map((identities) => ({ type: 'speakers' as const, identities })),
);

const message: fc.Arbitrary<Message> = fc.oneof(
  fc.boolean().map((listenOnly) => ({ type: 'committed' as const, listenOnly })),
  fc.constantFrom<Message>({ type: 'opened' }, { type: 'dropped' }, { type: 'restored' }, { type: 'closed' }),
  fc.boolean().map((muted) => ({ type: 'muted' as const, muted })),
  fc.boolean().map((deafened) => ({ type: 'deafened' as const, deafened })),
  fc.double({ min: 0, max: 2, noNaN: true }).map((volume) => ({ type: 'volume' as const, volume })),
  fc.constantFrom('open' as const, 'released' as const, 'held' as const).map((talk) => ({ type: 'talk' as const, talk })),
  fc.option(fc.record({ id: nasty, label: nasty })).map((device) => ({ type: 'output' as const, device })),
  fc.constant({ type: 'forgotten' as const }),
  fc
    .dictionary(nasty, fc.record({ volume: fc.double({ min: 0, max: 2, noNaN: true }), locallyMuted: fc.boolean() }), { maxKeys: 4 })
    .map((listening) => ({ type: 'recalled' as const, listening })),
  nasty.map((words) => ({ type: 'closed' as const, error: new VcRoomError('removed', 'by-moderator', words) })),
  fc.tuple(nasty, fc.double({ min: 0, max: 2, noNaN: true }), fc.boolean()).map(([identity, volume, locallyMuted]) => ({
    type: 'listening' as const,
    identity,
    listening: { volume, locallyMuted },
  })),
);

const isReport = (said: Message | DataReport): said is DataReport => ['participants', 'local', 'speakers'].includes(said.type);
const next = (now: RoomSnapshot, said: Message | DataReport): RoomSnapshot =>
  transition(now, isReport(said) ? { type: 'patched', change: patchFor(now, said) } : said);

describe('a server that says anything', () => {
  it('leaves a room that makes sense, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(message, report), { maxLength: 30 }), (story) => {
        const now = story.reduce(next, initialSnapshot);
        const everybody = [...now.remoteParticipants, ...(now.localParticipant ? [now.localParticipant] : [])];
        if (now.connectionState === 'idle') expect([everybody.length, now.microphone]).to.deep.equal([0, 'off']);
        if (now.deafened) expect(now.micMuted).to.equal(true);
        for (const { volume, locallyMuted, speaking, muted } of everybody) {
          expect(volume).to.be.within(0, 2);
          expect([typeof locallyMuted, typeof speaking, typeof muted]).to.deep.equal(['boolean', 'boolean', 'boolean']);
        }
        expect(Object.isFrozen(now)).to.equal(true);
        expect(({} as { volume?: unknown }).volume, 'nothing is written where all objects look').to.equal(undefined);
      }),
      { numRuns: 150 },
    );
  });
});

const inside = (others: readonly Participant[]): RoomSnapshot => {
  const here: Message[] = [{ type: 'committed', listenOnly: true }, { type: 'opened' }];
  return next(here.reduce(next, initialSnapshot), { type: 'participants', participants: others });
};

describe('a room full of strangers', () => {
  afterEach(clear);

  it('shows any name as one line of text that does nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(person, { selector: ({ identity }) => identity, minLength: 1, maxLength: 6 }), nasty, async (people, title) => {
        const face = await show({ snapshot: inside(people as unknown as Participant[]), title }, 'inline-size: 360px');
        const root = face.shadowRoot!;
        expect(root.querySelector('script, img, iframe, object, embed, a, [onerror], [onload], [style*=url]')).to.equal(null);
        const rows = [...root.querySelectorAll<HTMLElement>('[part~=participant]')];
        expect(rows.length).to.equal(people.length);
        for (const row of rows) {
          expect(row.scrollWidth).to.be.at.most(row.clientWidth);
          expect(row.querySelector('[part~=name]')?.textContent?.trim().length).to.be.within(1, 250);
        }
        clear();
      }),
      { numRuns: 40 },
    );
    expect((window as { harmed?: boolean }).harmed).to.equal(undefined);
  });

  it('shows them nowhere else as anything but text: before and after a call, in every layout', async () => {
    const trouble = fc.constantFrom(null, new VcRoomError('removed', 'by-moderator', 'x'), new VcRoomError('token-rejected', 'forbidden', 'x'));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(person, { selector: ({ identity }) => identity, minLength: 1, maxLength: 6 }),
        nasty,
        trouble,
        fc.constantFrom('inline', 'compact', 'floating'),
        fc.boolean(),
        async (people, text, error, layout, joined) => {
          const others = people as unknown as Participant[];
          const snapshot = { ...(joined ? inside(others) : initialSnapshot), error };
          const attributes: Record<string, string> = { layout };
          if (layout === 'floating') attributes['open'] = '';
          const face = await show({ snapshot, title: text, here: others, caption: text }, 'inline-size: 360px', attributes);
          const root = face.shadowRoot!;
          expect(root.querySelector('script, img, iframe, object, embed, a, [onerror], [onload], [style*=url]')).to.equal(null);
          for (const shown of root.querySelectorAll('[part~=title], [part~=names], [part~=notice]')) expect(shown.children.length).to.be.below(5);
          clear();
        },
      ),
      { numRuns: 40 },
    );
    expect((window as { harmed?: boolean }).harmed).to.equal(undefined);
  });

  it('calls nobody by what cannot be seen or turns the line around', () => {
    fc.assert(
      fc.property(nasty, nasty, (name, identity) => {
        const called = nameOf({ name, identity }, 'Guest');
        expect(called).to.match(/\S/u);
        expect(called).to.not.match(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
        expect([...called].length).to.be.at.most(120);
      }),
      { numRuns: 200 },
    );
  });

  it('stays quick with a thousand people who rename themselves', async () => {
    const people = Array.from({ length: 1000 }, (_, index): Person => ({
      identity: `id-${index}`,
      name: `Person ${index}`,
      muted: index % 2 === 0,
      listenOnly: false,
      quality: 'good',
      connection: 'live',
      joinedAt: index,
    }));
    let snapshot = inside(people as unknown as Participant[]);
    const begun = performance.now();
    const face = await show({ snapshot, title: 'Lounge' }, 'inline-size: 360px');
    face.getBoundingClientRect();
    const whole = performance.now() - begun;
    expect(face.shadowRoot!.querySelectorAll('[part~=participant]').length).to.equal(1000);
    const times: number[] = [];
    for (let round = 0; round < 10; round++) {
      const renamed = people.map((someone, index) => (index === 500 ? { ...someone, name: `Name ${round}` } : someone));
      const before = performance.now();
      snapshot = next(snapshot, { type: 'participants', participants: renamed });
      face.fixture = { snapshot, title: 'Lounge' };
      await face.updateComplete;
      face.getBoundingClientRect();
      times.push(performance.now() - before);
    }
    // The machine is shared: the best tells what it takes, which is about a thirtieth.
    expect(Math.min(...times)).to.be.below(whole / 8);
  });
});

describe('attributes changed at random', () => {
  it('never throw, and properties stay of their kinds', () => {
    const element = document.body.appendChild(document.createElement('vc-room'));
    const kinds = new Map(
      ['room', 'tokenEndpoint', 'displayName', 'volume', 'listenOnly', 'noiseSuppression', 'assets', 'identity'].map((name) => [
        name,
        typeof Reflect.get(element, name),
      ]),
    );
    const attributes = VcRoom.observedAttributes.filter((name) => !['preload', 'autojoin'].includes(name));
    fc.assert(
      fc.property(fc.constantFrom(...attributes), fc.option(nasty), (name, value) => {
        if (value === null) element.removeAttribute(name);
        else element.setAttribute(name, value);
        for (const [property, kind] of kinds) expect(typeof Reflect.get(element, property), property).to.equal(kind);
        expect(element.volume).to.be.within(0, 2);
        expect(element.connectionState).to.equal('idle');
      }),
      { numRuns: 200 },
    );
    element.remove();
  });

  it('end in an error that names the attribute when one joins', async () => {
    const element = document.body.appendChild(document.createElement('vc-room'));
    for (const endpoint of ['javascript:alert(1)', 'data:application/json,{}', 'http://user:pass@127.0.0.1/', 'http://']) {
      element.tokenEndpoint = endpoint;
      const thrown = await element.join().catch((error: unknown) => error);
      expect((thrown as VcRoomError).code).to.equal('invalid-configuration');
      expect((thrown as VcRoomError).message).to.contain('token-endpoint');
    }
    element.remove();
  });
});
