/**
 * The parts of livekit-client 2.23 that carry a microphone in the first offer and make that offer before anybody connects. All are internal, so each is
 * looked for first; without one, the public way is taken, which is slower and never wrong.
 */
interface Publisher {
  addTransceiverOfKind?(kind: 'audio', init: RTCRtpTransceiverInit): RTCRtpTransceiver;
  createInitialOffer?(): Promise<unknown>;
  negotiate?(...onError: readonly unknown[]): Promise<unknown>;
  createAndSendOffer?(): Promise<unknown>;
  setRemoteDescription?(...answer: readonly unknown[]): Promise<unknown>;
  /** The first offer, until livekit-client sets it, which is when the answer is there. */
  pendingInitialOffer?: RTCSessionDescriptionInit | undefined;
  readonly pc?: RTCPeerConnection;
}
type CreateSender = (track: { readonly mediaStreamTrack?: MediaStreamTrack }, ...rest: readonly unknown[]) => Promise<RTCRtpSender>;
type Negotiate = () => Promise<void>;
interface Engine {
  once?(event: 'transportsCreated' | 'signalConnected', listener: (publisher: Publisher) => void): unknown;
  createSender?: CreateSender;
  negotiate?: Negotiate;
  configure?(): Promise<void>;
  applyInitialPublisherLayout?(): void;
  addMediaSections?(audios: number, videos: number): void;
  rtcConfig?: object;
  pcManager?: { readonly publisher?: Publisher };
}

/**
 * Keeps a place for one audio track in the first offer of a connection that has not begun, so that it neither waits for a second offer and answer
 * nor for SCTP (pion starts its receivers only after that): one round trip less until others hear it. The track that is published later takes it.
 */
export function reserveInFirstOffer(engine: object | null, encoding: RTCRtpEncodingParameters): void {
  const internals = engine as Engine | null;
  const createSender = internals?.createSender;
  if (typeof internals?.once !== 'function' || typeof createSender !== 'function') return;
  internals.once('transportsCreated', (publisher) => {
    if (typeof publisher.addTransceiverOfKind !== 'function') return;
    const transceiver = publisher.addTransceiverOfKind('audio', { direction: 'sendonly', streams: [new MediaStream()], sendEncodings: [encoding] });
    preferRed(transceiver);
    internals.createSender = async (published, ...rest) => {
      // Once: whoever publishes again does so after a restart, on another peer connection.
      delete internals.createSender;
      if (internals.pcManager?.publisher !== publisher || !published.mediaStreamTrack) return createSender.call(internals, published, ...rest);
      await transceiver.sender.replaceTrack(published.mediaStreamTrack);
      withoutOffer(internals);
      return transceiver.sender;
    };
  });
}

/**
 * Makes peer connection and first offer of an engine that has not begun. Resolves when they are there or left to livekit-client; never rejects.
 * @param rtcConfig the one of the coming connection
 */
export async function makeFirstOffer(engine: object | null, rtcConfig: object | undefined): Promise<void> {
  const internals = engine as Engine | null;
  // The browsers for which livekit-client sends an offer with its request (isPublisherOfferWithJoinSupported).
  if (!internals || typeof CompressionStream === 'undefined' || /firefox|fxios/i.test(navigator.userAgent)) return;
  if (typeof internals.configure !== 'function' || typeof internals.applyInitialPublisherLayout !== 'function') return;
  try {
    if (rtcConfig) internals.rtcConfig = rtcConfig;
    await internals.configure();
    voicesOnly(internals);
    internals.applyInitialPublisherLayout();
    delete internals.addMediaSections;
    const publisher = internals.pcManager?.publisher;
    const { createInitialOffer, negotiate } = publisher ?? {};
    if (!publisher || !createInitialOffer) return;
    const offer = createInitialOffer.call(publisher);
    publisher.createInitialOffer = () => {
      delete publisher.createInitialOffer;
      return offer;
    };
    if (negotiate)
      publisher.negotiate = (...onError) => {
        if (onError.length > 0) return negotiate.call(publisher, ...onError);
        // Who waits for the connection (ensurePCTransportConnection) asks once for an offer: it has been sent.
        publisher.negotiate = negotiate;
        return Promise.resolve();
      };
    internals.once?.('signalConnected', () => {
      // On a server without this way of joining livekit-client has begun anew, and would make another connection for one that it has closed.
      if (internals.pcManager?.publisher === publisher) setFirstOffer(publisher);
    });
    await offer;
  } catch {
    // The connection fails for the same reason and says it.
  }
}

/** Has free sections taken up by what was subscribed to since the first offer: right after its answer, where the server would ask for that 150 ms later. */
export function offerAgain(engine: object | null): void {
  (engine as Engine | null)?.pcManager?.publisher?.createAndSendOffer?.().catch(() => undefined);
}

/** While the answer is on its way; the ICE servers are known by now. What the answer then waits for takes libwebrtc some 20 ms. */
function setFirstOffer(publisher: Publisher): void {
  const { pc, pendingInitialOffer: offer, setRemoteDescription } = publisher;
  if (!pc || !offer || !setRemoteDescription) return;
  const done = pc.setLocalDescription(offer).then(
    () => {
      if (publisher.pendingInitialOffer === offer) publisher.pendingInitialOffer = undefined;
    },
    // livekit-client tries it again, and says why it failed.
    () => undefined,
  );
  publisher.setRemoteDescription = async (...answer) => {
    publisher.setRemoteDescription = setRemoteDescription;
    await done;
    return setRemoteDescription.call(publisher, ...answer);
  };
}

/** The first layout has room for three videos as well, which takes offer and answer twice the time; who is sent one all the same is asked for a section then. */
function voicesOnly(internals: Engine): void {
  const add = internals.addMediaSections;
  if (add) internals.addMediaSections = (audios) => add.call(internals, audios, 0);
}

/** The publication that has begun asks for an offer, and needs none. */
function withoutOffer(internals: Engine): void {
  internals.negotiate = () => {
    delete internals.negotiate;
    return Promise.resolve();
  };
}

/** An answer that comes before the server knows the track keeps the offer's order (participant_sdp.go), so RED must stand first there. */
function preferRed(transceiver: RTCRtpTransceiver): void {
  const codecs = RTCRtpReceiver.getCapabilities('audio')?.codecs ?? [];
  const isRed = ({ mimeType }: { readonly mimeType: string }) => mimeType.toLowerCase() === 'audio/red';
  if (codecs.some(isRed)) transceiver.setCodecPreferences([...codecs.filter(isRed), ...codecs.filter((codec) => !isRed(codec))]);
}
