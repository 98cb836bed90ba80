interface AudioData {
  readonly numberOfFrames: number;
  readonly sampleRate: number;
  copyTo(target: Float32Array, options: { planeIndex: number; format: 'f32-planar' }): void;
  close(): void;
}

declare const MediaStreamTrackProcessor: new (init: { track: MediaStreamTrack; maxBufferSize: number }) => { readable: ReadableStream<AudioData> };

/** The first `seconds` of a live audio track, mono, -1 to 1. `heard` is called after each block and keeps the recording going while it returns `true`. Chromium only. */
export async function record(track: MediaStreamTrack, seconds: number, heard: () => boolean = () => false): Promise<number[]> {
  const clone = track.clone();
  const reader = new MediaStreamTrackProcessor({ track: clone, maxBufferSize: 1000 }).readable.getReader();
  const samples: number[] = [];
  for (let enough = false; !enough;) {
    const { value } = await reader.read();
    if (!value) break;
    const block = new Float32Array(value.numberOfFrames);
    value.copyTo(block, { planeIndex: 0, format: 'f32-planar' });
    samples.push(...block);
    const now = samples.length / value.sampleRate;
    value.close();
    const goesOn = heard();
    enough = now >= seconds && !goesOn;
  }
  await reader.cancel();
  clone.stop();
  return samples;
}
