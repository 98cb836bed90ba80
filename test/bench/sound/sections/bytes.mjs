/** What has to come before the first clean frame. */
import { brotliCompressSync } from 'node:zlib';
import { file, table } from '../stage.mjs';

export async function measure() {
  const brotli = async (...names) => (await Promise.all(names.map(file))).reduce((sum, content) => sum + brotliCompressSync(content).length, 0);
  table('Bytes before the first clean frame, Brotli (goal: at most 100,000)', [
    ['ours 0.1', await brotli('worklets/denoiser.js', 'worklets/rnnoise-0.1.wasm')],
    ['ours 0.1 without wasm', await brotli('worklets/denoiser-scripted.js')],
    ['ours, later: 0.2', await brotli('worklets/rnnoise-0.2.wasm')],
    ['@sapphi-red (RNNoise 0.1, SIMD)', await brotli('sapphi/rnnoise/workletProcessor.js', 'sapphi/rnnoise_simd.wasm')],
    ['@timephy (RNNoise 0.2)', await brotli('timephy.js')],
  ]);
}
