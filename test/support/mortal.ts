import { startLiveKit } from '../../demo/livekit-server.js';
import type { LiveKit, LiveKitOptions } from '../../demo/livekit-server.js';

/** A server that dies and comes back, on the same ports and with the same keys. */
export class Mortal {
  #server: LiveKit;
  #isDown = false;

  constructor(server: LiveKit) {
    this.#server = server;
  }

  get isDown(): boolean {
    return this.#isDown;
  }

  async die(): Promise<void> {
    this.#isDown = true;
    this.#server.kill('SIGKILL');
    await this.#server.exited;
  }

  /** Does nothing while it lives. */
  async comeBack(options: LiveKitOptions = {}): Promise<void> {
    if (!this.#isDown) return;
    const { ports, apiKey, apiSecret } = this.#server;
    this.#server = await startLiveKit({ ports, keys: { apiKey, apiSecret }, ...options });
    this.#isDown = false;
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}
