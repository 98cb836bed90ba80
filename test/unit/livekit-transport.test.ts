import { expect } from '@open-wc/testing';
import { LiveKitTransport } from '../../src/livekit/livekit-transport.js';
import type { ConnectRequest, Connection } from '../../src/room/suppliers.js';
import { connectRequest, freshRoom, serverUrl, token } from '../support/livekit-page.js';
import { recordPeerConnections } from '../support/peer-connections.js';
import type { PeerConnections } from '../support/peer-connections.js';

describe('LiveKitTransport', () => {
  let context: AudioContext;
  let track: MediaStreamTrack;
  let clones: MediaStreamTrack[];
  let recorded: PeerConnections;
  let abort: AbortController;

  beforeEach(() => {
    context = new AudioContext();
    track = new MediaStreamAudioDestinationNode(context).stream.getAudioTracks()[0] ?? expect.fail();
    clones = [];
    track.clone = () => {
      const clone = MediaStreamTrack.prototype.clone.call(track);
      clones.push(clone);
      return clone;
    };
    recorded = recordPeerConnections();
    abort = new AbortController();
  });

  afterEach(async () => {
    recorded.stop();
    await context.close();
  });

  async function connect(change: Partial<ConnectRequest> = {}): Promise<Connection> {
    return new LiveKitTransport().connect(await connectRequest(track, { signal: abort.signal, ...change }));
  }

  /** Everything that a connection took is given back; a frame at a time, bounded by the test's own limit. */
  async function released(): Promise<void> {
    const isLeft = () => recorded.made.some((connection) => connection.signalingState !== 'closed') || clones.some((clone) => clone.readyState === 'live');
    while (isLeft()) await new Promise((resolve) => requestAnimationFrame(resolve));
    expect(recorded.made.length).to.equal(1);
    expect(clones.length).to.be.below(2);
    expect(track.readyState).to.equal('live');
  }

  it('gives everything back in one task when it is retired', async () => {
    const connection = await connect();
    connection.retire();
    expect(clones[0]?.readyState).to.equal('ended');
    await released();
  });

  it('gives everything back when it is closed', async () => {
    const connection = await connect();
    connection.close();
    expect(clones[0]?.readyState).to.equal('ended');
    await released();
  });

  it('gives everything back when the server cannot be reached', async () => {
    await connect({ serverUrl: 'ws://127.0.0.1:65531' }).catch(() => undefined);
    await released();
  });

  it('gives everything back when the token is refused', async () => {
    await connect({ token: await token({ room: freshRoom(), identity: 'ada', forged: true }) }).catch(() => undefined);
    await released();
  });

  it('gives everything back when it is taken back on the way', async () => {
    const serverUrlKnown = await serverUrl();
    const tokenKnown = await token({ room: freshRoom(), identity: 'ada' });
    const opening = connect({ serverUrl: serverUrlKnown, token: tokenKnown });
    while (recorded.made.length === 0) await new Promise((resolve) => requestAnimationFrame(resolve));
    abort.abort();
    await opening.catch(() => undefined);
    await released();
  });

  it('refuses a server URL that is none, without quoting it', async () => {
    const error = await connect({ serverUrl: 'not a url' }).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'token-invalid', reason: 'server-url' });
  });

  it('says which property is wrong when the browser refuses rtcConfig', async () => {
    const error = await connect({ rtcConfig: { iceServers: [{ urls: 'not-a-scheme:1' }] } }).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'invalid-configuration', reason: 'rtc-config' });
  });

  it('says unsupported where there is no WebRTC', async () => {
    const own = globalThis.RTCPeerConnection;
    Reflect.deleteProperty(globalThis, 'RTCPeerConnection');
    const error = await connect().catch((thrown: unknown) => thrown);
    globalThis.RTCPeerConnection = own;
    expect(error).to.include({ code: 'unsupported', reason: 'webrtc' });
  });

  it('rejects with unreachable and media where sound finds no way within its time', async function () {
    this.timeout(20_000);
    const error = await connect({ rtcConfig: { iceServers: [], iceTransportPolicy: 'relay' } }).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'unreachable', reason: 'media' });
    await released();
  });

  it('writes nothing to the console', async () => {
    const own = { ...console };
    const lines: unknown[] = [];
    for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) console[name] = (...line: unknown[]) => lines.push(line);
    const connection = await connect();
    connection.close();
    await connect({ token: await token({ room: freshRoom(), identity: 'ada', forged: true }) }).catch(() => undefined);
    Object.assign(console, own);
    expect(lines).to.deep.equal([]);
  });
});
