/** What the page's peer connections did since the recording began. */
export interface PeerConnections {
  readonly made: readonly RTCPeerConnection[];
  /** How many offers were asked for. */
  readonly begun: number;
  /** SDP of every offer that was created, in order. */
  readonly offers: readonly string[];
  /** What began and ended, in order. */
  readonly steps: readonly ('local' | 'local set' | 'remote' | 'remote set')[];
  /** Gives the page its own class back. */
  stop(): void;
}

/** Without the overloads that take callbacks. */
interface Negotiates {
  createOffer: (options?: RTCOfferOptions) => Promise<RTCSessionDescriptionInit>;
  setLocalDescription: (description?: RTCSessionDescriptionInit) => Promise<void>;
  setRemoteDescription: (description: RTCSessionDescriptionInit) => Promise<void>;
}

export function recordPeerConnections(): PeerConnections {
  const made: RTCPeerConnection[] = [];
  const offers: string[] = [];
  let begun = 0;
  const steps: PeerConnections['steps'][number][] = [];
  const own = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = new Proxy(own, {
    construct(target, [configuration]: [RTCConfiguration?]) {
      const connection = new target(configuration);
      const negotiates = connection as Negotiates;
      const { createOffer, setLocalDescription, setRemoteDescription } = negotiates;
      negotiates.setLocalDescription = async (description) => {
        steps.push('local');
        await setLocalDescription.call(connection, description);
        steps.push('local set');
      };
      negotiates.setRemoteDescription = async (description) => {
        steps.push('remote');
        await setRemoteDescription.call(connection, description);
        steps.push('remote set');
      };
      negotiates.createOffer = async (options) => {
        begun++;
        const offer = await createOffer.call(connection, options);
        offers.push(offer.sdp ?? '');
        return offer;
      };
      made.push(connection);
      return connection;
    },
  });
  return {
    made,
    get begun() {
      return begun;
    },
    offers,
    steps,
    stop: () => void (globalThis.RTCPeerConnection = own),
  };
}
