import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { inFirefox } from '../support/browser.js';
import { openStage } from '../support/stage.js';
import type { Stage, VisitOptions } from '../support/stage.js';
import { denoiserOf, runs } from '../support/suppression.js';

/** A browser from which no Module gets into a worklet, as some versions of Safari. */
const withoutModules = `
  globalThis.AudioWorkletNode = class extends AudioWorkletNode {
    constructor(context, name, options) {
      if (options.processorOptions.code instanceof WebAssembly.Module) throw new DOMException('could not be cloned', 'DataCloneError');
      super(context, name, options);
    }
  };`;

interface Rung {
  readonly options: (stage: Stage) => Omit<VisitOptions, 'as'>;
  readonly runs: 'rnnoise' | 'browser';
  readonly rung: 'module' | 'bytes' | 'scripted' | null;
  /** Why it is no better one: one expression a reason, in order. */
  readonly reasons: readonly RegExp[];
}

/** Each step down, in a page or browser that makes it necessary. */
const ladder: Record<string, Rung> = {
  'a compiled Module, with files from another origin and a policy without blob:, data: and unsafe-*': {
    options: () => ({}),
    runs: 'rnnoise',
    rung: 'module',
    reasons: [],
  },
  'a compiled Module in a page that is isolated by COEP require-corp': {
    options: () => ({ headers: { 'cross-origin-embedder-policy': 'require-corp', 'cross-origin-opener-policy': 'same-origin' } }),
    runs: 'rnnoise',
    rung: 'module',
    reasons: [],
  },
  'the bytes where no Module gets into the worklet': {
    options: () => ({ before: withoutModules }),
    runs: 'rnnoise',
    rung: 'bytes',
    reasons: [/DataCloneError/],
  },
  "JavaScript where the policy lacks 'wasm-unsafe-eval'": {
    options: () => ({ wasm: false }),
    runs: 'rnnoise',
    rung: 'scripted',
    reasons: [/CompileError/, /^policy: script-src lacks 'wasm-unsafe-eval'$/],
  },
  'the browser where the files of the worklet are missing': {
    options: ({ assets }) => ({ attributes: { assets: `${assets}/nowhere/` } }),
    runs: 'browser',
    rung: null,
    reasons: [/^wasm/, /^script/],
  },
  'the browser where the policy forbids the worklet': {
    options: () => ({ scripts: (assets) => `${assets}/vc-room.js ${assets}/chunks/ 'wasm-unsafe-eval'`, violating: 'script-src-elem' }),
    runs: 'browser',
    rung: null,
    // Firefox tells the document, too, what the policy lacks.
    reasons: [/^wasm.* script-src/, /^script.* script-src/, ...(inFirefox ? [/^policy: script-src lacks the place of worklets/] : [])],
  },
  'the browser where there are no worklets': {
    options: () => ({
      before: 'delete globalThis.AudioWorkletNode; delete AudioContext.prototype.audioWorklet; delete BaseAudioContext.prototype.audioWorklet;',
    }),
    runs: 'browser',
    rung: null,
    reasons: [/^wasm: .*no AudioWorklet/, /^script: .*no AudioWorklet/],
  },
};

describe('the sound of <vc-room>', () => {
  let stage: Stage;
  before(async () => (stage = await openStage()));
  beforeEach(() => stage.newRoom());
  afterEach(() => stage.clear());
  after(() => stage.stop());

  for (const [what, { options, runs: active, rung, reasons }] of Object.entries(ladder)) {
    it(`is cleaned by ${what}`, async () => {
      const [ada, ben] = await Promise.all([stage.visit({ as: 'ada', ...options(stage) }), stage.visit({ as: 'ben', attributes: { 'listen-only': '' } })]);
      await Promise.all([ada.join(), ben.join()]);
      await runs(ada, active);
      await ben.hears('ada');
      const denoiser = await denoiserOf(ada);
      assert.deepEqual([denoiser.rung, denoiser.phase], [rung, rung ? 'running' : 'failed']);
      assert.equal(denoiser.reasons.length, reasons.length, denoiser.reasons.join('\n'));
      for (const [index, reason] of reasons.entries()) assert.match(denoiser.reasons[index] ?? '', reason);
      assert.doesNotMatch(JSON.stringify(await ada.run((room) => room.diagnostics())), /127\.0\.0\.1/);
    });
  }
});
