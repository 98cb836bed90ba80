import { expect } from '@open-wc/testing';
import { VcRoomError } from '../../src/room/errors.js';
import { parseAnswer, readBody, toServerUrl } from '../../src/token/answer.js';

const token = 'aaaa.bbbb.cccc';
const url = 'wss://sfu.test';
const at = '2027-01-15T08:00:00Z';
const now = Date.parse(at) / 1000;

function reasonOf(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof VcRoomError && thrown.code === 'token-invalid') return thrown.reason;
    throw thrown;
  }
  return 'none';
}

describe('parseAnswer', () => {
  const plain = { token, serverUrl: url, expiresIn: null };
  const shapes: readonly (readonly [string, unknown, object])[] = [
    ['LiveKit standard', { server_url: url, participant_token: token }, plain],
    ['LiveKit standard in camel case', { serverUrl: url, participantToken: token }, plain],
    ['url and token', { url, token }, plain],
    ['wsUrl and accessToken', { wsUrl: url, accessToken: token }, plain],
    ['ws_url and access_token', { ws_url: url, access_token: token }, plain],
    ['lk-jwt-service', { url, jwt: token }, plain],
    ['livekit_url', { livekit_url: url, token }, plain],
    ['serverURL', { serverURL: url, token }, plain],
    ['wsURL', { wsURL: url, token }, plain],
    ['livekit_server_url', { livekit_server_url: url, token }, plain],
    ['Access-Token', { 'Access-Token': token, url }, plain],
    ['inside payload', { payload: { url, token } }, plain],
    ['inside connectionDetails', { connectionDetails: { serverUrl: url, participantToken: token } }, plain],
    ['an earlier name with nothing in it', { participant_token: '', token, server_url: ' ', url }, plain],
    ['an empty spelling of the same name', { participant_token: '', participantToken: token, serverUrl: url, server_url: '' }, plain],
    ['an empty wrapper beside the full one', { data: '', result: { url, token } }, plain],
    ['an address of its own outside', { url: 'https://site.test/api', data: { token, serverUrl: url } }, plain],
    ['an address of its own inside', { url, token, data: { url: 'https://site.test/api' } }, plain],
    ['inside data', { ok: true, data: { url, token } }, plain],
    ['inside result', { result: { server_url: url, participant_token: token } }, plain],
    ['inside data of result', { result: { data: { url, token } } }, plain],
    ['token inside, server outside', { url, data: { token } }, plain],
    ['a bare string', token, { ...plain, serverUrl: null }],
    ['a string in data', { data: token }, { ...plain, serverUrl: null }],
    ['null for what it does not know', { server_url: null, participant_token: token, expires_in: null }, { ...plain, serverUrl: null }],
    ['white space around', { url: ` ${url}\n`, token: ` ${token}\n` }, plain],
    ['expires_in', { token, url, expires_in: 600 }, { ...plain, expiresIn: 600 }],
    ['expires_in as text', { token, url, expires_in: '600' }, { ...plain, expiresIn: 600 }],
    ['expiresAt in seconds', { token, url, expiresAt: now + 60 }, { ...plain, expiresIn: 60 }],
    ['expiresAt in milliseconds', { token, url, expiresAt: (now + 60) * 1000 }, { ...plain, expiresIn: 60 }],
    ['expires_at as a date', { token, url, expires_at: '2027-01-15T08:01:00Z' }, { ...plain, expiresIn: 60 }],
    ['an end that means nothing', { token, url, expires_at: 'soon' }, plain],
  ];
  for (const [name, body, wanted] of shapes) it(`understands ${name}`, () => expect(parseAnswer(body, now, 'It')).to.deep.equal(wanted));

  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['null', null, 'empty'],
    ['undefined', undefined, 'empty'],
    ['an empty object', {}, 'no-token'],
    ['an error object', { error: 'no' }, 'no-token'],
    ['a number', 42, 'no-token'],
    ['a list', [token], 'no-token'],
    ['an empty token', { token: '' }, 'no-token'],
    ['a token that is a number', { token: 7 }, 'malformed'],
    ['a token in two parts', { token: 'aaaa.bbbb' }, 'malformed'],
    ['words for a token', { token: 'not a token' }, 'malformed'],
    ['a string that is no token', 'hello', 'malformed'],
  ];
  for (const [name, body, reason] of wrong) it(`calls ${name} ${reason}`, () => expect(reasonOf(() => parseAnswer(body, now, 'It'))).to.equal(reason));

  it('never repeats what it was given', () => {
    try {
      parseAnswer({ token: 'secret words' }, now, 'It');
    } catch (thrown) {
      expect(String(thrown)).to.not.contain('secret');
    }
  });
});

describe('readBody', () => {
  const reasonOfBody = async (body: BodyInit | null): Promise<string> => {
    try {
      await readBody(new Response(body), 'It');
    } catch (thrown) {
      if (thrown instanceof VcRoomError) return thrown.reason;
    }
    return 'none';
  };
  it('reads JSON', async () => expect(await readBody(new Response('{"token":"x"}'), 'It')).to.deep.equal({ token: 'x' }));
  it('reads a bare JSON string', async () => expect(await readBody(new Response(`"${token}"`), 'It')).to.equal(token));
  it('reads a JWT in plain text', async () => expect(await readBody(new Response(`${token}\n`), 'It')).to.equal(token));
  it('reads a byte order mark', async () => expect(await readBody(new Response('\uFEFF{"a":"é"}'), 'It')).to.deep.equal({ a: 'é' }));
  for (const [body, reason] of [
    [null, 'empty'],
    ['  \n', 'empty'],
    ['<!doctype html><title>Log in</title>', 'html'],
    ['\n <html>', 'html'],
    ['{"token":', 'not-json'],
    ['ok', 'not-json'],
    ['x'.repeat(262_145), 'too-large'],
  ] as const)
    it(`calls ${JSON.stringify(body?.slice(0, 12) ?? null)} ${reason}`, async () => expect(await reasonOfBody(body)).to.equal(reason));
});

describe('toServerUrl', () => {
  for (const [text, wanted] of [
    ['wss://sfu.test', 'wss://sfu.test'],
    ['ws://127.0.0.1:7880', 'ws://127.0.0.1:7880'],
    ['https://sfu.test/', 'wss://sfu.test'],
    ['http://localhost:7880', 'ws://localhost:7880'],
    ['https://sfu.test/livekit/sfu?a=b#c', 'wss://sfu.test/livekit/sfu?a=b'],
    ['HTTPS://SFU.test', 'wss://sfu.test'],
    ['sfu.test', null],
    ['localhost:7880', null],
    ['/livekit', null],
    ['//sfu.test', null],
    ['javascript:alert(1)', null],
    ['data:text/html,hi', null],
    ['ftp://sfu.test', null],
    ['wss://ada:secret@sfu.test', null],
    ['wss://ada@sfu.test', null],
    ['', null],
  ] as const)
    it(`makes ${wanted} of ${JSON.stringify(text)}`, () => expect(toServerUrl(text)).to.equal(wanted));
});
