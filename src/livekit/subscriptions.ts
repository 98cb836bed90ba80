/** What is used of a livekit-client publication. */
interface Publication {
  readonly kind: string;
  readonly source: string;
  readonly isDesired: boolean;
  readonly track?: unknown;
  setSubscribed(isWanted: boolean): void;
}

/** What is used of a livekit-client room. */
interface Place {
  readonly remoteParticipants: ReadonlyMap<
    string,
    { readonly trackPublications: ReadonlyMap<string, Publication>; readonly audioTrackPublications: ReadonlyMap<string, Publication> }
  >;
}

/**
 * Subscribes to whose voice is not yet among the known ones: by hand, for who stood at the door; for all others the server does it.
 * @returns whether there is one that has no track yet
 */
export function subscribe(room: Place, known: WeakSet<Publication>, byHand: boolean): boolean {
  let isNew = false;
  for (const participant of room.remoteParticipants.values())
    for (const publication of participant.audioTrackPublications.values()) {
      if (known.has(publication)) continue;
      isNew ||= !publication.track;
      known.add(publication);
      if (byHand) publication.setSubscribed(true);
    }
  return isNew;
}

/** Video, shared sound and all else that nobody plays here would cost this person's data and time: it is declined once it is announced. */
export function decline(room: Place): void {
  for (const participant of room.remoteParticipants.values()) {
    const publications = [...participant.trackPublications.values()];
    const isVoice = ({ source }: Publication): boolean => source === 'microphone';
    // Who names no microphone, as bots and telephones may not, speaks by audio of unknown source.
    const unknown = publications.some(isVoice) ? undefined : publications.findLast(({ kind, source }) => kind === 'audio' && source === 'unknown');
    for (const publication of publications) if (publication.isDesired && !isVoice(publication) && publication !== unknown) publication.setSubscribed(false);
  }
}
