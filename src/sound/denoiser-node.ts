import { denoiserNodeOptions } from '../../worklets/protocol.js';
import type { DenoiserCommand, DenoiserOptions, DenoiserReport, DenoiserState } from '../../worklets/protocol.js';
import { hanging } from './models.js';

/** How long a node may be mute after its making, and a model after it was sent, in ms of rendered sound: some Safari drop a Module without a word. */
const patience = 2000;

/** How often each file could not be had: browsers do not ask again for one that failed, whatever the server says by then. */
const failures = new Map<string, number>();

/** @throws Error or DOMException: there is no AudioWorklet, or the module at `url` cannot be had */
export async function addModule(context: BaseAudioContext, url: string): Promise<void> {
  const worklet = context.audioWorklet as AudioWorklet | undefined;
  if (!worklet) throw new Error('no AudioWorklet');
  const failed = failures.get(url) ?? 0;
  const added = worklet.addModule(failed ? `${url}?${failed}` : url).catch((cause: unknown) => {
    failures.set(url, failed + 1);
    // No browser tells more, not even by an event, where a policy forbids it.
    throw new Error(`${String(cause)}; serve it, and allow it in script-src`, { cause });
  });
  await Promise.race([added, new Promise((_, reject) => setTimeout(() => reject(new Error('the worklet does not arrive')), hanging))]);
}

/** Samples. */
export function renderQuantum(context: BaseAudioContext): number {
  return (context as { renderQuantumSize?: number }).renderQuantumSize ?? 128;
}

/**
 * A node whose processor has answered, and what it answered.
 * @throws Error or DOMException that says why it does not work
 */
export async function makeDenoiserNode(
  context: BaseAudioContext,
  name: string,
  processorOptions: DenoiserOptions,
): Promise<{ node: AudioWorkletNode; state: DenoiserState }> {
  const node = new AudioWorkletNode(context, name, {
    ...denoiserNodeOptions,
    outputChannelCount: [...denoiserNodeOptions.outputChannelCount],
    processorOptions: { ...processorOptions, quantum: renderQuantum(context) },
  });
  try {
    const state = await new Promise<DenoiserState>((resolve, reject) => {
      whenLate(context, () => reject(new Error('no answer from the processor')));
      node.addEventListener('processorerror', (event) => reject(new Error(`processorerror ${event.message}`)));
      node.port.onmessageerror = () => reject(new Error('messageerror'));
      node.port.onmessage = ({ data }: MessageEvent<DenoiserReport>) => {
        if (data.type === 'failed') reject(new Error(`${data.fault}: ${data.message}`));
        if (data.type !== 'state') return;
        if (data.suppress && data.model === null) reject(new Error('the Module did not arrive'));
        resolve(data);
      };
    });
    return { node, state };
  } catch (thrown) {
    dispose(node);
    throw thrown;
  }
}

/** Calls back when patience is at an end, by what the context has rendered: a device that is slow to open (Firefox), or a phone call (iOS), has it stand still. */
export function whenLate(context: BaseAudioContext, late: () => void): void {
  const since = context.currentTime;
  const look = (): void => {
    const left = patience - 1000 * (context.currentTime - since);
    if (left <= 0 || context.state === 'closed') late();
    else setTimeout(look, Math.max(left, 100));
  };
  setTimeout(look, patience);
}

/** A processor is let go of by what it returns when it renders, which it does only with a way to the destination; closed, it renders nothing. */
export function dispose(node: AudioWorkletNode): void {
  node.port.onmessage = null;
  node.port.postMessage({ type: 'close' } satisfies DenoiserCommand);
  node.disconnect();
  node.connect(node.context.destination);
}
