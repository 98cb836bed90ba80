/** What the page's peer connections did since the recording began. */
export interface PeerConnections {
  readonly made: readonly RTCPeerConnection[];
  /** SDP of every offer that was created, in order. */
  readonly offers: readonly string[];
  /** Gives the page its own class back. */
  stop(): void;
}

/** Without the overload that takes callbacks. */
interface CreatesOffers {
  createOffer: (options?: RTCOfferOptions) => Promise<RTCSessionDescriptionInit>;
}

export function recordPeerConnections(): PeerConnections {
  const made: RTCPeerConnection[] = [];
  const offers: string[] = [];
  const own = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = new Proxy(own, {
    construct(target, [configuration]: [RTCConfiguration?]) {
      const connection = new target(configuration);
      const { createOffer } = connection as CreatesOffers;
      (connection as CreatesOffers).createOffer = async (options) => {
        const offer = await createOffer.call(connection, options);
        offers.push(offer.sdp ?? '');
        return offer;
      };
      made.push(connection);
      return connection;
    },
  });
  return { made, offers, stop: () => void (globalThis.RTCPeerConnection = own) };
}
