import { expect } from '@open-wc/testing';
import { putInFirstOffer } from '../../src/livekit/first-offer.js';
import { LiveKitTransport } from '../../src/livekit/livekit-transport.js';
import { freshRoom, serverUrl, token } from '../support/livekit-page.js';
import { recordPeerConnections } from '../support/peer-connections.js';

describe('putInFirstOffer', () => {
  let context: AudioContext;
  let track: MediaStreamTrack;

  beforeEach(() => {
    context = new AudioContext();
    track = new MediaStreamAudioDestinationNode(context).stream.getAudioTracks()[0] ?? expect.fail();
  });

  afterEach(() => context.close());

  it('sends the microphone from the first offer on, through one sender, with RED and DTX', async () => {
    const recorded = recordPeerConnections();
    const connection = await new LiveKitTransport().connect({
      serverUrl: await serverUrl(),
      token: await token({ room: freshRoom(), identity: 'ada' }),
      track,
      isMuted: () => false,
      rtcConfig: { iceServers: [] },
      report: () => undefined,
      signal: new AbortController().signal,
    });
    recorded.stop();
    const [pc] = recorded.made;
    if (!pc) expect.fail('no peer connection');
    // The second answer, to the publication.
    while (!pc.remoteDescription?.sdp.includes('usedtx=1'))
      await new Promise((resolve) => pc.addEventListener('signalingstatechange', resolve, { once: true }));

    const sending = pc.getTransceivers().filter(({ sender }) => sender.track);
    expect(recorded.made.length).to.equal(1);
    expect(sending.length).to.equal(1);
    expect(recorded.offers[0]).to.include(sending[0]?.sender.track?.id);
    expect(sending[0]?.sender.getParameters().codecs[0]?.mimeType).to.equal('audio/red');
    expect(sending[0]?.currentDirection).to.equal('sendonly');
    connection.close();
  });

  it('stands back where livekit-client has none of its hooks', () => {
    putInFirstOffer(null, track, {});
    putInFirstOffer({}, track, {});
    let create: (publisher: object) => void = () => undefined;
    const createSender = () => Promise.reject(new Error('the public way'));
    const engine = { once: (_event: string, listener: (publisher: object) => void) => (create = listener), createSender };
    putInFirstOffer(engine, track, {});
    create({});
    expect(engine.createSender).to.equal(createSender);
  });

  it('hands its sender out once, and not for another peer connection', async () => {
    const sender = {};
    const fallback = {};
    const publisher = { addTransceiver: () => ({ sender, setCodecPreferences: () => undefined }) };
    let create: (publisher: object) => void = () => undefined;
    const createSender = (_published: object) => Promise.resolve(fallback);
    const engine = { once: (_event: string, listener: (publisher: object) => void) => (create = listener), createSender, pcManager: { publisher } };
    putInFirstOffer(engine, track, {});
    create(publisher);
    expect(await engine.createSender({ mediaStreamTrack: track })).to.equal(sender);

    engine.createSender = createSender;
    putInFirstOffer(engine, track, {});
    create(publisher);
    engine.pcManager = { publisher: { ...publisher } };
    expect(await engine.createSender({ mediaStreamTrack: track })).to.equal(fallback);
  });
});
