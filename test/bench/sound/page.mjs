/** The browser's half: makes a graph for each denoiser, renders offline, listens live. */
const rate = 48_000;

export const denoisers = {
  'pass-through': { module: '/pass.js', name: 'pass', options: async () => ({}) },
  'ours 0.1': { module: '/worklets/denoiser.js', name: 'vc-room-denoiser', options: async () => ({ code: await compiled('0.1'), budget: 1 }) },
  'ours 0.2': {
    module: '/worklets/denoiser.js',
    name: 'vc-room-denoiser',
    swap: true,
    options: async () => ({ code: await compiled('0.1'), expectSwap: true, budget: 1 }),
  },
  'ours 0.1 without wasm': { module: '/worklets/denoiser-scripted.js', name: 'vc-room-denoiser-scripted', options: async () => ({ budget: 1 }) },
  '@sapphi-red': {
    module: '/sapphi/rnnoise/workletProcessor.js',
    name: '@sapphi-red/web-noise-suppressor/rnnoise',
    options: async () => ({ maxChannels: 1, wasmBinary: await (await fetch('/sapphi/rnnoise_simd.wasm')).arrayBuffer() }),
  },
  '@timephy': { module: '/timephy.js', name: 'NoiseSuppressorWorklet', options: async () => ({}) },
};

const compiled = (model) => WebAssembly.compileStreaming(fetch(`/worklets/rnnoise-${model}.wasm`));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function make(context, denoiser) {
  const { module, name, options, swap } = denoisers[denoiser];
  await context.audioWorklet.addModule(module);
  const node = new AudioWorkletNode(context, name, {
    channelCount: 1,
    channelCountMode: 'explicit',
    outputChannelCount: [1],
    processorOptions: await options(),
  });
  return { node, swap };
}

const answer = (node, type) =>
  new Promise((resolve) => {
    node.port.addEventListener('message', ({ data }) => data.type === type && resolve(data));
    node.port.start();
  });

/** `commands`: seconds and messages; each waits for the state that answers it. */
async function rendered(denoiser, samples, quantum, commands = []) {
  const context = new OfflineAudioContext({ numberOfChannels: 1, length: samples.length, sampleRate: rate, renderSizeHint: quantum });
  const { node, swap } = await make(context, denoiser);
  let runs = null;
  node.port.addEventListener('message', ({ data }) => {
    if (data?.type === 'state') runs = data.model;
    if (data?.type === 'failed') console.error(`${denoiser}: ${data.model} ${data.fault}: ${data.message}`);
  });
  node.port.start();
  const all = swap && !commands.length ? [[0.1, { type: 'load', model: '0.2', code: await compiled('0.2') }]] : commands;
  for (const [second, command] of all) {
    void context.suspend(second).then(async () => {
      const state = answer(node, 'state');
      node.port.postMessage(command.code ? { ...command, code: await compiled(command.model) } : command);
      await state;
      await context.resume();
    });
  }
  // One peer compiles its wasm in its constructor, which runs when rendering begins, and passes nothing until then.
  let before = 0;
  const begin = () => (before = performance.now());
  if (denoiser.startsWith('@'))
    void context.suspend(0).then(async () => {
      await pause(1000);
      begin();
      await context.resume();
    });
  const buffer = new AudioBuffer({ length: samples.length, sampleRate: rate });
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(node).connect(context.destination);
  source.start();
  begin();
  const result = await context.startRendering();
  const ms = performance.now() - before;
  // What the worklet posted last is still on its way.
  await pause(0);
  if (all.length && !commands.length && runs !== '0.2') throw new Error(`${denoiser} ran ${runs} and not 0.2`);
  const sound = result.getChannelData(0);
  if (!sound.some((sample) => sample !== 0)) throw new Error(`${denoiser} is silent`);
  return { sound, ms, quantum: context.renderQuantumSize ?? 128 };
}

const samplesAt = async (url) => new Float32Array(await (await fetch(url)).arrayBuffer());

/** Renders `input` and posts the samples to `output`. */
export async function process(denoiser, input, output, commands) {
  const { sound } = await rendered(denoiser, await samplesAt(input), 128, commands);
  await fetch(output, { method: 'POST', body: sound.slice().buffer });
}

/** Milliseconds to render `input`, and the quantum that it was rendered in. */
export async function cost(denoiser, input, quantum) {
  const { ms, quantum: real } = await rendered(denoiser, await samplesAt(input), quantum);
  return { ms, quantum: real };
}

/** Microseconds a frame of the network alone, on the main thread: the least over three passes of the mean. */
export async function networkCost(model, input) {
  const samples = await samplesAt(input);
  const { exports } = await WebAssembly.instantiate(await compiled(model), {
    env: { resize: () => 0, copy: (to, from, size) => new Uint8Array(exports.memory.buffer).copyWithin(to, from, from + size) },
  });
  exports.construct();
  const state = exports.create(0);
  const pointer = exports.malloc(1920);
  const view = new Float32Array(exports.memory.buffer, pointer, 480);
  const passes = [];
  for (let pass = 0; pass < 4; pass++) {
    let spent = 0;
    let frames = 0;
    for (let at = 0; at + 480 <= samples.length; at += 480) {
      for (let index = 0; index < 480; index++) view[index] = samples[at + index] * 32768;
      const before = performance.now();
      exports.process(state, pointer, pointer);
      spent += performance.now() - before;
      frames++;
    }
    passes.push((spent / frames) * 1000);
  }
  return Math.min(...passes.slice(1));
}

/** As the element makes it. It plays to no device: with one, the first worklet is 10 to 20 ms later, and so is all that it lets through. */
const live = (quantum) =>
  new AudioContext({ sampleRate: rate, latencyHint: 'interactive', sinkId: { type: 'none' }, ...(quantum === 480 ? { renderSizeHint: 480 } : {}) });

/**
 * Milliseconds from "the files are in the cache" to the first quantum that a denoiser has worked on. `prepared`: module and code are made before, as the element does
 * when the pointer comes near.
 */
export async function firstFrame(denoiser, prepared) {
  const { module, name, options } = denoisers[denoiser];
  await Promise.all([fetch(module), fetch('/worklets/rnnoise-0.1.wasm')].map(async (response) => (await response).arrayBuffer()));
  const context = live(480);
  const silence = new ConstantSourceNode(context);
  silence.start();
  await context.resume();
  const load = () => Promise.all([options(), context.audioWorklet.addModule(module)]);
  const loaded = prepared ? await load() : null;
  const before = performance.now();
  const [settings] = loaded ?? (await load());
  const node = new AudioWorkletNode(context, name, { processorOptions: settings });
  const worked = new Promise((resolve) => {
    node.port.onmessage = ({ data }) => data.quantum > 0 && resolve(performance.now());
  });
  silence.connect(node).connect(context.destination);
  const ms = (await worked) - before;
  await context.close();
  return ms;
}

async function collect(track, seconds) {
  const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
  const chunks = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const { value } = await reader.read();
    const samples = new Float32Array(value.numberOfFrames);
    value.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
    chunks.push({ at: performance.now(), rate: value.sampleRate, samples });
    value.close();
  }
  await reader.cancel();
  return chunks;
}

/** One sound at 48 kHz, and for each of its samples when it arrived. */
function timeline(chunks) {
  const from = chunks[0].rate;
  const raw = new Float32Array(chunks.reduce((sum, { samples }) => sum + samples.length, 0));
  const times = new Float64Array(raw.length);
  let at = 0;
  for (const { at: time, samples } of chunks) {
    raw.set(samples, at);
    times.fill(time, at, at + samples.length);
    at += samples.length;
  }
  const ratio = from / rate;
  const length = Math.floor((raw.length - 1) / ratio);
  const sound = new Float32Array(length);
  const arrived = new Float64Array(length);
  for (let index = 0; index < length; index++) {
    const position = index * ratio;
    const whole = Math.floor(position);
    sound[index] = raw[whole] + (raw[whole + 1] - raw[whole]) * (position - whole);
    arrived[index] = times[whole];
  }
  return { sound, arrived };
}

/** Milliseconds by which the processed track is later than the raw one, and how well they match. */
export async function delay(denoiser, quantum) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, autoGainControl: true, noiseSuppression: false } });
  const [track] = stream.getAudioTracks();
  const context = live(quantum);
  const { node, swap } = await make(context, denoiser);
  const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
  await context.resume();
  new MediaStreamAudioSourceNode(context, { mediaStream: stream }).connect(node).connect(destination);
  if (swap) {
    node.port.postMessage({ type: 'load', model: '0.2', code: await compiled('0.2') });
    await pause(2500);
  } else await pause(800);
  const [raw, processed] = (await Promise.all([collect(track.clone(), 2.5), collect(destination.stream.getAudioTracks()[0], 2.5)])).map(timeline);
  for (const each of stream.getTracks()) each.stop();
  await context.close();
  // By the envelope of the sound first, to the sample then.
  const length = 72_000;
  const from = 12_000;
  let best = 0;
  let value = -1;
  const energy = (sound, at) => Math.sqrt(sound.subarray(at, at + length).reduce((sum, sample) => sum + sample * sample, 0));
  for (let lag = -9_000; lag < 9_000; lag++) {
    let sum = 0;
    for (let index = 0; index < length; index += 7) sum += raw.sound[from + index] * processed.sound[from + index + lag];
    if (sum > value) [best, value] = [lag, sum];
  }
  let match = 0;
  for (let index = 0; index < length; index++) match += raw.sound[from + index] * processed.sound[from + index + best];
  match /= energy(raw.sound, from) * energy(processed.sound, from + best);
  const differences = [];
  for (let index = 0; index < length; index += 97) differences.push(processed.arrived[from + index + best] - raw.arrived[from + index]);
  differences.sort((a, b) => a - b);
  return { ms: differences[differences.length >> 1], match, quantum: context.renderQuantumSize ?? 128 };
}

/** What the browser's own suppression (or none) makes of the fake microphone, as sound. */
export async function captured(noiseSuppression, seconds, output) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, autoGainControl: false, noiseSuppression } });
  const { sound } = timeline(await collect(stream.getAudioTracks()[0], seconds));
  for (const each of stream.getTracks()) each.stop();
  await fetch(output, { method: 'POST', body: sound.buffer });
}

/** Leaves a live graph running. */
export async function keepRunning(denoiser, input) {
  const context = new AudioContext({ sampleRate: rate });
  const { node } = await make(context, denoiser);
  const samples = await samplesAt(input);
  const buffer = new AudioBuffer({ length: samples.length, sampleRate: rate });
  buffer.copyToChannel(samples, 0);
  const source = new AudioBufferSourceNode(context, { buffer, loop: true });
  source.connect(node).connect(new MediaStreamAudioDestinationNode(context, { channelCount: 1 }));
  source.start();
  await context.resume();
}
