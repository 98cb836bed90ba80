import { expect } from '@open-wc/testing';
import { makeFirstOffer, reserveInFirstOffer } from '../../src/livekit/first-offer.js';
import { LiveKitTransport, prepareConnection } from '../../src/livekit/livekit-transport.js';
import type { ConnectRequest } from '../../src/room/suppliers.js';
import { settled } from '../support/fake-suppliers.js';
import { connectRequest, freshRoom, token } from '../support/livekit-page.js';
import { recordPeerConnections } from '../support/peer-connections.js';

describe('reserveInFirstOffer', () => {
  let context: AudioContext;
  let track: MediaStreamTrack;

  beforeEach(() => {
    context = new AudioContext();
    const destination = new MediaStreamAudioDestinationNode(context);
    // A destination without a source may send no packet at all.
    const tone = new OscillatorNode(context);
    tone.connect(destination);
    tone.start();
    track = destination.stream.getAudioTracks()[0] ?? expect.fail();
  });

  afterEach(() => context.close());

  const request = (more: Partial<ConnectRequest> = {}) => connectRequest(track, more);

  it('sends the microphone from the first offer on, through one sender, with RED and DTX, and needs no second', async () => {
    const recorded = recordPeerConnections();
    const connection = await new LiveKitTransport().connect(await request());
    recorded.stop();
    const [pc] = recorded.made;
    if (!pc) expect.fail('no peer connection');
    const sending = pc.getTransceivers().filter(({ sender }) => sender.track);
    expect(recorded.made.length).to.equal(1);
    expect(recorded.offers[0]?.match(/a=sendonly/g)).to.have.length(1);
    expect(sending.length).to.equal(1);
    expect(sending[0]?.sender.getParameters().codecs[0]?.mimeType).to.equal('audio/red');
    expect(sending[0]?.currentDirection).to.equal('sendonly');
    expect(sending[0]?.sender.getParameters().codecs.find(({ mimeType }) => mimeType === 'audio/opus')?.sdpFmtpLine).to.include('usedtx=1');
    expect(recorded.offers.length).to.equal(1);
    connection.close();
  });

  it('offers voices and no video, and has its offer set before it takes up the answer', async () => {
    const recorded = recordPeerConnections();
    const connection = await new LiveKitTransport().connect(await request());
    recorded.stop();
    expect(recorded.offers[0])
      .to.match(/m=audio/)
      .and.not.to.match(/m=video/);
    expect(recorded.steps.slice(0, 4)).to.deep.equal(['local', 'local set', 'remote', 'remote set']);
    connection.close();
  });

  it('leaves it to livekit-client to set an offer that the browser does not take', async () => {
    const recorded = recordPeerConnections();
    const prototype: { setLocalDescription(description?: RTCSessionDescriptionInit): Promise<void> } = RTCPeerConnection.prototype;
    const { setLocalDescription } = prototype;
    let tries = 0;
    prototype.setLocalDescription = function (description) {
      return tries++ ? setLocalDescription.call(this, description) : Promise.reject(new DOMException('not yet', 'OperationError'));
    };
    try {
      (await new LiveKitTransport().connect(await request())).close();
    } finally {
      prototype.setLocalDescription = setLocalDescription;
      recorded.stop();
    }
    expect(tries).to.be.above(1);
  });

  it('connects with the peer connection and the offer that were prepared, once', async () => {
    const rtcConfig = { iceServers: [] };
    const recorded = recordPeerConnections();
    prepareConnection(rtcConfig);
    prepareConnection(rtcConfig);
    const [first, second] = [
      await new LiveKitTransport().connect(await request({ rtcConfig })),
      await new LiveKitTransport().connect(await request({ rtcConfig })),
    ];
    recorded.stop();
    expect(recorded.made.length).to.equal(2);
    first.close();
    second.close();
    expect(recorded.made.every(({ signalingState }) => signalingState === 'closed' || signalingState === 'stable')).to.equal(true);
  });

  it('closes what was prepared when nobody is about to connect any more', async () => {
    const recorded = recordPeerConnections();
    const leave = new AbortController();
    new LiveKitTransport().prepare(undefined, leave.signal);
    recorded.stop();
    leave.abort();
    const [pc] = recorded.made;
    while (pc?.signalingState !== 'closed') await new Promise(requestAnimationFrame);
  });

  it('makes an offer for the voices of those who are there as soon as it stands, and waits for nobody to ask', async () => {
    const room = freshRoom();
    const enter = async (identity: string, more: Partial<ConnectRequest> = {}) =>
      new LiveKitTransport().connect(await request({ token: await token({ room, identity }), ...more }));
    const ben = await enter('ben');
    let hear = (): void => undefined;
    const heard = new Promise<void>((resolve) => (hear = resolve));
    const cleo = await enter('cleo', { report: ({ type }) => type === 'track' && hear() });
    await heard;
    const recorded = recordPeerConnections();
    const ada = await enter('ada');
    await settled();
    recorded.stop();
    expect(recorded.begun).to.be.greaterThan(1);
    for (const connection of [ada, ben, cleo]) connection.close();
  });

  it('stands back where livekit-client has none of its hooks', async () => {
    reserveInFirstOffer(null, {});
    reserveInFirstOffer({}, {});
    await makeFirstOffer(null, undefined);
    await makeFirstOffer({}, undefined);
    await makeFirstOffer({ configure: () => Promise.reject(new Error('boom')), applyInitialPublisherLayout: () => undefined }, undefined);
    let create: (publisher: object) => void = () => undefined;
    const createSender = () => Promise.reject(new Error('the public way'));
    const engine = { once: (_event: string, listener: (publisher: object) => void) => (create = listener), createSender };
    reserveInFirstOffer(engine, {});
    create({});
    expect(engine.createSender).to.equal(createSender);
  });

  it('hands its sender out once, and not for another peer connection', async () => {
    const sender = { replaceTrack: () => Promise.resolve(), getParameters: () => ({ codecs: [] }) };
    const fallback = {};
    const publisher = { addTransceiverOfKind: () => ({ sender, setCodecPreferences: () => undefined }) };
    let create: (publisher: object) => void = () => undefined;
    const createSender = (_published: object) => Promise.resolve(fallback);
    const engine = { once: (_event: string, listener: (publisher: object) => void) => (create = listener), createSender, pcManager: { publisher } };
    reserveInFirstOffer(engine, {});
    create(publisher);
    expect(await engine.createSender({ mediaStreamTrack: track })).to.equal(sender);

    engine.createSender = createSender;
    reserveInFirstOffer(engine, {});
    create(publisher);
    engine.pcManager = { publisher: { ...publisher } };
    expect(await engine.createSender({ mediaStreamTrack: track })).to.equal(fallback);
  });
});
