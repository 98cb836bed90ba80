import type { Device } from '../room/snapshot.js';
import { end } from './beside.js';
import type { Opened } from './beside.js';

export interface SourceEvents {
  /**
   * Gets the stream that is live from now on, `null` when there is none, and calls back once it needs the one before no longer.
   * What it throws is the reason why this microphone cannot be used.
   */
  plug(stream: MediaStream | null, unplugged: () => void): void;
  /** The device, or the permission, was taken away. */
  lost(): void;
}

/** What is captured right now. The one before lives until it has faded out. */
export class Source {
  readonly #events: SourceEvents;
  readonly #retiring = new Set<Opened>();
  #opened: Opened | null = null;
  #track: MediaStreamTrack | null = null;
  #id = '';
  /** Sees the page remove a frame: its track then ends without a word. */
  readonly #guard = new MutationObserver(() => {
    if (this.#opened?.frame?.isConnected === false) this.#events.lost();
  });

  constructor(events: SourceEvents) {
    this.#events = events;
  }

  get track(): MediaStreamTrack | null {
    return this.#track;
  }

  /** Whether it lives in a frame of its own. */
  get isInFrame(): boolean {
    return Boolean(this.#opened?.frame);
  }

  get device(): Device | null {
    return this.#track && { id: this.#id, label: this.#track.label };
  }

  /**
   * `id` of the device, where the stream has another (devices have other ids in a frame).
   * @throws what `plug` throws, or DOMException NotFoundError where it has ended already; then all is as before
   */
  adopt(opened: Opened, id?: string): void {
    const { stream } = opened;
    const track = stream.getAudioTracks()[0];
    const before = this.#opened;
    const hasEnded = track?.readyState !== 'live';
    if (hasEnded && !before) return this.#events.lost();
    try {
      if (hasEnded) throw new DOMException('It ended as soon as it was opened', 'NotFoundError');
      this.#events.plug(stream, () => before && this.#end(before));
    } catch (thrown) {
      end(opened);
      throw thrown;
    }
    if (this.#track) this.#track.onended = this.#track.onunmute = null;
    if (before) this.#retiring.add(before);
    this.#opened = opened;
    this.#track = track;
    this.#guard.disconnect();
    if (opened.frame) this.#guard.observe(document.documentElement, { childList: true });
    this.#id = id ?? track.getSettings().deviceId ?? '';
    // Script that stops a track hears no `ended`.
    track.onended = () => this.#events.lost();
    // A phone call is over (iOS): the source node of before may stay silent.
    track.onunmute = () => this.#events.plug(stream, () => undefined);
  }

  /** Ends it in this task. */
  drop(): void {
    if (!this.#opened || !this.#track) return;
    this.#guard.disconnect();
    this.#track.onended = this.#track.onunmute = null;
    end(this.#opened);
    this.#opened = this.#track = null;
    this.#events.plug(null, () => undefined);
  }

  close(): void {
    this.drop();
    for (const opened of this.#retiring) this.#end(opened);
  }

  #end(opened: Opened): void {
    if (this.#retiring.delete(opened)) end(opened);
  }
}
