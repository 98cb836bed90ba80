/** Name of the muted track of somebody at the door. */
export const standbyTrack = 'vc-standby';
/** Topic of the one word that we say, with the time since when it is true, in ms by the server's clock: reliable, UTF-8. */
const topic = 'vc-room';
const word = 'present';

/** What is read of a livekit-client participant. */
interface Somebody {
  readonly sid: string;
}

/** What is used of a livekit-client room. */
interface Place {
  readonly localParticipant: {
    publishData(data: Uint8Array, options: { reliable: boolean; topic: string; destinationIdentities?: string[] }): Promise<unknown>;
  };
}

/**
 * Who of the others is in the room and who stands at the door: connected ahead of a click that may never come, hearing nobody. In is who has said so,
 * or was ever not muted; so nobody who could listen is ever invisible, and other clients, which never carry that track name, are always in.
 */
export class Presence {
  /** Since when they say that they are in, 0 where they have not said; by the ids of their stays: who comes back stands at the door again. */
  readonly #in = new Map<string, number>();
  readonly #atDoor = new Set<string>();

  isAtDoor({ sid }: Somebody, microphone: { readonly trackName: string; readonly isMuted: boolean } | undefined): boolean {
    if (microphone?.trackName === standbyTrack) this.#atDoor.add(sid);
    // On its way out the track is gone before its owner is.
    else if (microphone) this.#atDoor.delete(sid);
    if (!this.#atDoor.has(sid)) return false;
    if (microphone && !microphone.isMuted && !this.#in.has(sid)) this.#in.set(sid, 0);
    return !this.#in.has(sid);
  }

  /** When somebody came in from the door, in ms by the server's clock; 0 where that is not known. */
  since({ sid }: Somebody): number {
    return this.#in.get(sid) ?? 0;
  }

  /** @returns whether it was the word */
  hear(from: Somebody | undefined, said: Uint8Array, about: string | undefined): boolean {
    const [what, at] = new TextDecoder().decode(said).split(' ');
    if (!from || about !== topic || what !== word) return false;
    const since = Number(at);
    this.#in.set(from.sid, Number.isSafeInteger(since) ? since : 0);
    return true;
  }

  /** To everybody who is there, or to one who came. */
  static say({ localParticipant }: Place, since: number, to?: string): void {
    const options = { reliable: true, topic, ...(to !== undefined && { destinationIdentities: [to] }) };
    localParticipant.publishData(new TextEncoder().encode(`${word} ${since}`), options).catch(() => undefined);
  }
}
