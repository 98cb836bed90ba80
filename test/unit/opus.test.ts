import { expect } from '@open-wc/testing';
import { LiveKitTransport } from '../../src/livekit/livekit-transport.js';
import { tuneOpus, withDtx, withPacketTime } from '../../src/livekit/opus.js';
import { connectRequest } from '../support/livekit-page.js';
import { recordPeerConnections } from '../support/peer-connections.js';

describe('withPacketTime', () => {
  it('asks for 10 ms in each section of sound, behind its connection line, and nowhere else', () => {
    const [head, sound, data] = [
      'v=0\r\ns=-\r\n',
      'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n',
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n',
    ];
    const rest = 'a=mid:0\r\n';
    expect(withPacketTime(head + sound + rest + data + rest + sound + rest)).to.equal(
      `${head}${sound}a=ptime:10\r\n${rest}${data}${rest}${sound}a=ptime:10\r\n${rest}`,
    );
  });
});

describe('withDtx', () => {
  it('asks for it once wherever Opus has parameters, and of no other codec', () => {
    const section = (opus: string) =>
      `m=audio 9 X 63 111\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 ${opus}\r\n`;
    const [without, withIt] = [section('minptime=10'), section('minptime=10;usedtx=1')];
    expect(withDtx(without + without)).to.equal(withIt + withIt);
    expect(withDtx(withIt)).to.equal(withIt);
  });
});

describe('tuneOpus', () => {
  const network = Object.getOwnPropertyDescriptor(Navigator.prototype, 'connection');

  afterEach(() => {
    if (network) Object.defineProperty(Navigator.prototype, 'connection', network);
  });

  it('makes a real encoder send 100 packets a second', async () => {
    const recorded = recordPeerConnections();
    const context = new AudioContext();
    const voice = new OscillatorNode(context);
    const destination = new MediaStreamAudioDestinationNode(context);
    voice.connect(destination);
    const track = destination.stream.getAudioTracks()[0] ?? expect.fail();
    voice.start();
    const connection = await new LiveKitTransport().connect(await connectRequest(track));
    recorded.stop();
    const [pc] = recorded.made;
    if (!pc) expect.fail('no peer connection');
    const sent = async (): Promise<{ packets: number; seconds: number }> => {
      const reports = [...((await pc.getStats()) as unknown as Map<string, { type: string; packetsSent?: number; totalSamplesDuration?: number }>).values()];
      const find = (wanted: string) => reports.find(({ type }) => type === wanted);
      // By the clock of the sound, which a busy machine holds up together with the packets.
      return { packets: find('outbound-rtp')?.packetsSent ?? 0, seconds: find('media-source')?.totalSamplesDuration ?? 0 };
    };
    let first = await sent();
    while (first.packets === 0) first = await sent();
    let last = first;
    while (last.packets < first.packets + 60) last = await sent();
    expect((last.packets - first.packets) / (last.seconds - first.seconds)).to.be.above(80);
    connection.close();
    await context.close();
  });

  it('leaves 20 ms where data is to be saved or the network is slow, and everything where livekit-client has no such hook', async () => {
    const asked: (string | undefined)[] = [];
    const publisher = {
      setRemoteDescription: ({ sdp }: RTCSessionDescriptionInit) => {
        asked.push(sdp);
        return Promise.resolve();
      },
    };
    tuneOpus({ once: (_event: string, listener: (made: typeof publisher) => void) => listener(publisher) });
    const sdp = 'm=audio 9 X 111\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10\r\n';
    for (const connection of [
      { saveData: true, effectiveType: '4g' },
      { saveData: false, effectiveType: '3g' },
    ]) {
      Object.defineProperty(Navigator.prototype, 'connection', { configurable: true, get: () => connection });
      await publisher.setRemoteDescription({ type: 'answer', sdp });
    }
    expect(asked).to.deep.equal([withDtx(sdp), withDtx(sdp)]);
    tuneOpus(null);
    tuneOpus({});
  });
});
