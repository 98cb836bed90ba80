import { Room, createLocalAudioTrack } from 'livekit-client';
import type { LocalTrack } from 'livekit-client';

/** In the pages of `far.mjs`, before anything else: takes down what a microphone brings and what a player gets, and speaks or listens by livekit-client alone. */

interface AudioData {
  readonly numberOfFrames: number;
  readonly sampleRate: number;
  copyTo(target: Float32Array, options: { planeIndex: number; format: 'f32-planar' }): void;
  close(): void;
}
declare const MediaStreamTrackProcessor: new (init: { track: MediaStreamTrack }) => { readable: ReadableStream<AudioData> };

const microphones: MediaStreamTrack[] = [];
const played: MediaStream[] = [];

const { mediaDevices } = navigator;
const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
mediaDevices.getUserMedia = async (constraints) => {
  const stream = await getUserMedia(constraints);
  microphones.push(...stream.getAudioTracks());
  return stream;
};
const property = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
  ...property,
  set(stream) {
    if (stream instanceof MediaStream) played.push(stream);
    property?.set?.call(this, stream);
  },
});

async function take(track: MediaStreamTrack, seconds: number): Promise<{ blocks: [at: number, length: number][]; samples: string }> {
  const reader = new MediaStreamTrackProcessor({ track: track.clone() }).readable.getReader();
  const blocks: [number, number][] = [];
  const samples: number[] = [];
  while (samples.length < seconds * 48_000) {
    const { value } = await reader.read();
    if (!value) break;
    const block = new Float32Array(value.numberOfFrames);
    value.copyTo(block, { planeIndex: 0, format: 'f32-planar' });
    blocks.push([performance.timeOrigin + performance.now(), block.length]);
    for (const sample of block) samples.push(sample);
    value.close();
  }
  await reader.cancel();
  const bytes = new Uint8Array(Int16Array.from(samples, (sample) => Math.max(-1, Math.min(1, sample)) * 32767).buffer);
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return { blocks, samples: btoa(text) };
}

const isLive = ({ readyState }: MediaStreamTrack): boolean => readyState === 'live';
let room: Room | null = null;

window.bench = {
  spoken: (seconds) => take(microphones.findLast(isLive)!, seconds),
  heard: (seconds) => take(played.flatMap((stream) => stream.getAudioTracks()).findLast(isLive)!, seconds),
  hears: () => played.some((stream) => stream.getAudioTracks().some(isLive)),
  /** As its README has it, with the settings of ours. */
  async enter(url, token, speaks) {
    room = new Room();
    room.on('trackSubscribed', (track) => void track.attach());
    await room.connect(url, token);
    if (!speaks) return;
    const track = await createLocalAudioTrack({ echoCancellation: true, autoGainControl: false, noiseSuppression: false });
    await room.localParticipant.publishTrack(track as LocalTrack);
  },
  leave: async () => void (await room?.disconnect()),
  /** Of what arrives: ms in the jitter buffer on average, and the share of samples that were made up. */
  async arrived() {
    for (const connection of window.connections) {
      for (const report of (await connection.getStats()).values() as Iterable<Record<string, number | string>>) {
        if (report['type'] !== 'inbound-rtp' || report['kind'] !== 'audio' || !report['jitterBufferEmittedCount']) continue;
        const number = (key: string) => Number(report[key] ?? 0);
        return {
          delay: number('jitterBufferDelay'),
          target: number('jitterBufferTargetDelay'),
          emitted: number('jitterBufferEmittedCount'),
          concealed: number('concealedSamples'),
          total: number('totalSamplesReceived'),
        };
      }
    }
    return null;
  },
};

window.connections = [];
const NativeConnection = RTCPeerConnection;
window.RTCPeerConnection = class extends NativeConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    window.connections.push(this);
  }
};

type Taken = ReturnType<typeof take>;
declare global {
  interface Window {
    connections: RTCPeerConnection[];
    bench: {
      spoken(seconds: number): Taken;
      heard(seconds: number): Taken;
      hears(): boolean;
      enter(url: string, token: string, speaks: boolean): Promise<void>;
      leave(): Promise<void>;
      arrived(): Promise<Record<'delay' | 'target' | 'emitted' | 'concealed' | 'total', number> | null>;
    };
  }
}
