/** The parts of livekit-client 2.23's engine that are used here; all internal, so each is looked for first. */
interface Publisher {
  addTransceiver?(track: MediaStreamTrack, init: RTCRtpTransceiverInit): RTCRtpTransceiver;
}
type CreateSender = (track: { readonly mediaStreamTrack?: MediaStreamTrack }, ...rest: readonly unknown[]) => Promise<RTCRtpSender>;
interface Engine {
  once?(event: string, listener: (publisher: Publisher) => void): unknown;
  createSender?: CreateSender;
  pcManager?: { readonly publisher?: Publisher };
}

/**
 * Puts a track into the first offer of a connection that has not begun, so that it neither waits for a second offer and answer
 * nor for SCTP (pion starts its receivers only after that): one round trip less until others hear it. Publishing the track
 * later finds the sender that is there already. Where livekit-client has changed, publishing makes its own sender, as always.
 */
export function putInFirstOffer(engine: object | null, track: MediaStreamTrack, encoding: RTCRtpEncodingParameters): void {
  const internals = engine as Engine | null;
  const createSender = internals?.createSender;
  if (typeof internals?.once !== 'function' || typeof createSender !== 'function') return;
  internals.once('transportsCreated', (publisher) => {
    if (typeof publisher.addTransceiver !== 'function') return;
    const transceiver = publisher.addTransceiver(track, { direction: 'sendonly', streams: [new MediaStream([track])], sendEncodings: [encoding] });
    preferRed(transceiver);
    internals.createSender = (published, ...rest) => {
      // Once: whoever publishes again does so after a restart, on another peer connection.
      delete internals.createSender;
      const isOurs = published.mediaStreamTrack === track && internals.pcManager?.publisher === publisher;
      return isOurs ? Promise.resolve(transceiver.sender) : createSender.call(internals, published, ...rest);
    };
  });
}

/** An answer that comes before the server knows the track keeps the offer's order (participant_sdp.go), so RED must stand first there. */
function preferRed(transceiver: RTCRtpTransceiver): void {
  const codecs = RTCRtpReceiver.getCapabilities('audio')?.codecs ?? [];
  const isRed = ({ mimeType }: { readonly mimeType: string }) => mimeType.toLowerCase() === 'audio/red';
  if (codecs.some(isRed)) transceiver.setCodecPreferences([...codecs.filter(isRed), ...codecs.filter((codec) => !isRed(codec))]);
}
