interface AudioData {
  readonly numberOfFrames: number;
  readonly sampleRate: number;
  copyTo(target: Float32Array, options: { planeIndex: number; format: 'f32-planar' }): void;
  close(): void;
}

declare const MediaStreamTrackProcessor: new (init: { track: MediaStreamTrack; maxBufferSize: number }) => { readable: ReadableStream<AudioData> };

/** Out of fashion, but no page's policy is in its way, as it is in that of a worklet. */
interface Tappable {
  createScriptProcessor(size: number, inputs: number, outputs: number): Tap;
}

interface Tap extends AudioNode {
  onaudioprocess: (event: { readonly inputBuffer: AudioBuffer }) => void;
}

/** Of the blocks that a script gets of a graph, in samples. */
const blockSize = 2048;

/** The first `seconds` of a live audio track, mono, -1 to 1. `heard` is called after each block and keeps the recording going while it returns `true`. */
export async function record(track: MediaStreamTrack, seconds: number, heard: () => boolean = () => false): Promise<number[]> {
  const samples: number[] = [];
  for await (const [block, rate] of 'MediaStreamTrackProcessor' in globalThis ? processed(track) : tapped(track)) {
    samples.push(...block);
    if (!heard() && samples.length / rate >= seconds) break;
  }
  return samples;
}

async function* processed(track: MediaStreamTrack): AsyncGenerator<readonly [Float32Array, number]> {
  const clone = track.clone();
  const reader = new MediaStreamTrackProcessor({ track: clone, maxBufferSize: 1000 }).readable.getReader();
  try {
    for (let { value } = await reader.read(); value; { value } = await reader.read()) {
      const block = new Float32Array(value.numberOfFrames);
      value.copyTo(block, { planeIndex: 0, format: 'f32-planar' });
      const { sampleRate } = value;
      value.close();
      yield [block, sampleRate];
    }
  } finally {
    await reader.cancel();
    clone.stop();
  }
}

/** For Firefox, which keeps each block until the page has time for it. */
async function* tapped(track: MediaStreamTrack): AsyncGenerator<readonly [Float32Array, number]> {
  const context = new AudioContext({ sampleRate: 48_000 });
  const tap = (context as unknown as Tappable).createScriptProcessor(blockSize, 1, 1);
  const blocks: Float32Array[] = [];
  let arrived = (): void => undefined;
  tap.onaudioprocess = ({ inputBuffer }) => {
    blocks.push(inputBuffer.getChannelData(0).slice());
    arrived();
  };
  context
    .createMediaStreamSource(new MediaStream([track]))
    .connect(tap)
    .connect(context.destination);
  try {
    for (;;) {
      const block = blocks.shift();
      if (block) yield [block, context.sampleRate];
      else await new Promise<void>((resolve) => (arrived = resolve));
    }
  } finally {
    await context.close();
  }
}
