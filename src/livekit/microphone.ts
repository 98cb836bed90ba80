/** What is used of livekit-client's LocalAudioTrack. */
interface LocalMedia {
  readonly isMuted: boolean;
  mute(): Promise<unknown>;
  unmute(): Promise<unknown>;
  replaceTrack(track: MediaStreamTrack, userProvided: boolean): Promise<unknown>;
}

/**
 * A track on its way to the server. What is sent is a clone: the given track stays the caller's,
 * and livekit-client stops what it publishes when a page freezes or a publication times out.
 */
export class Microphone<Media extends LocalMedia> {
  readonly media: Media;
  #sent: MediaStreamTrack;
  #wanted: boolean;
  #published: Promise<boolean> = Promise.resolve(false);
  #isFollowing = false;
  #isStopped = false;

  constructor(track: MediaStreamTrack, muted: boolean, wrap: (clone: MediaStreamTrack) => Media) {
    this.#sent = track.clone();
    this.#wanted = muted;
    this.media = wrap(this.#sent);
  }

  /** The clone that is being sent. */
  get sent(): MediaStreamTrack {
    return this.#sent;
  }

  /** Call it once. Rejects as `publish` does; mutes and replacements wait for it. */
  async publish(publish: () => Promise<unknown>): Promise<void> {
    const publishing = this.#agree().then(publish);
    this.#published = publishing.then(
      () => true,
      () => false,
    );
    await publishing;
    void this.#follow();
  }

  /** The last one wins. */
  setMuted(muted: boolean): void {
    this.#wanted = muted;
    void this.#follow();
  }

  /** Sends a clone of another track from now on. Does nothing when nothing is published. */
  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    if (!(await this.#published) || this.#isStopped) return;
    const before = this.#sent;
    const next = track.clone();
    this.#sent = next;
    try {
      await this.media.replaceTrack(next, true);
    } finally {
      before.stop();
      if (this.#isStopped) next.stop();
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#sent.stop();
  }

  /** Makes the server know what was wanted last; one request at a time, none before the publication stands, or it would be lost. */
  async #follow(): Promise<void> {
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    try {
      if (!(await this.#published)) return;
      while (!this.#isStopped && this.media.isMuted !== this.#wanted) await this.#agree();
    } finally {
      this.#isFollowing = false;
    }
  }

  async #agree(): Promise<void> {
    if (this.media.isMuted !== this.#wanted) await (this.#wanted ? this.media.mute() : this.media.unmute());
  }
}
