import { Chain } from './chain.js';
import type { DenoiserCommand, DenoiserModel, DenoiserOptions, DenoiserReport, ModelCode } from './protocol.js';
import { Reframer } from './reframer.js';
import { type Instance, instantiate, RNNoise } from './rnnoise.js';

/**
 * Registers the node: lifecycle and port, everything else is the chain's. With `scripted`, RNNoise 0.1 is already here and needs no code.
 * The constructor never fails over a model: it says so and lets the sound through.
 */
export function registerDenoiser(name: string, scripted: Instance | null): void {
  let constructed = false;

  class DenoiserProcessor extends AudioWorkletProcessor {
    readonly #reframer: Reframer;
    readonly #chain: Chain;
    #closed = false;

    constructor(options: { readonly processorOptions?: unknown }) {
      super();
      const settings: DenoiserOptions = (options.processorOptions as DenoiserOptions | undefined) ?? {};
      const post = (report: DenoiserReport): void => {
        if (!this.#closed) this.port.postMessage(report);
      };
      let started = false;
      const chain = new Chain(
        {
          changed: () => {
            if (started) this.#tell();
          },
          failed: (model, fault, message) => {
            post({ type: 'failed', model, fault, message });
          },
          metered: post,
        },
        { suppress: settings.suppress ?? true, expectSwap: settings.expectSwap ?? false, budget: settings.budget ?? 0.2, clock: Date.now },
      );
      this.#chain = chain;
      this.#reframer = new Reframer((input, output) => {
        chain.step(input, output);
      }, settings.quantum);
      this.port.onmessage = ({ data }: MessageEvent<DenoiserCommand | null>) => {
        if (data) this.#obey(data);
        else this.#lose();
      };
      this.port.onmessageerror = () => {
        this.#lose();
      };
      if (scripted || settings.code) {
        this.#load('0.1', () => {
          if (scripted && !constructed) scripted.construct();
          constructed = true;
          const model = new RNNoise(scripted ?? instantiate(settings.code as ModelCode));
          model.warmUp();
          return model;
        });
      }
      started = true;
      this.#tell();
    }

    process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
      if (this.#closed) return false;
      const channels = outputs[0];
      const output = channels?.[0];
      if (!channels || !output) return true;
      const known = this.#reframer.quantum === output.length;
      this.#reframer.run(inputs[0], output);
      for (let channel = 1; channel < channels.length; channel++) channels[channel]?.set(output);
      if (!known) this.#tell();
      return true;
    }

    #obey(command: DenoiserCommand): void {
      if (this.#closed) return;
      if (command.type === 'load') this.#load(command.model, () => new RNNoise(instantiate(command.code)), false);
      else if (command.type === 'suppress') this.#chain.setSuppress(command.on);
      else {
        this.#closed = true;
        this.port.onmessage = null;
        this.#chain.close();
      }
    }

    /** Of all commands, only one with a Module can get lost on the way (WebKit before 2022-11: bug 220038). */
    #lose(): void {
      this.#fail(this.#chain.model === null && this.#chain.next === null ? '0.1' : '0.2', 'the Module did not survive the message');
    }

    #fail(model: DenoiserModel, message: string): void {
      this.port.postMessage({ type: 'failed', model, fault: 'load', message } satisfies DenoiserReport);
    }

    #load(model: DenoiserModel, make: () => RNNoise, atOnce = true): void {
      try {
        this.#chain.load(model, make(), atOnce);
      } catch (error) {
        this.#fail(model, String(error));
        if (!atOnce) this.#tell();
      }
    }

    #tell(): void {
      if (this.#closed) return;
      const { model, next, suppress, delay } = this.#chain;
      const { quantum } = this.#reframer;
      this.port.postMessage({ type: 'state', model, next, suppress, delay: delay + this.#reframer.delay, quantum } satisfies DenoiserReport);
    }
  }

  registerProcessor(name, DenoiserProcessor);
}
