import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** When the focused control goes away with its state, focus moves to the first control (`data-home`) of what came instead, not to the page. */
export class FocusKeeper implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  #focused: Element | null = null;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    this.#focused = this.#host.shadowRoot?.activeElement ?? null;
  }

  hostUpdated(): void {
    if (this.#focused && !this.#focused.isConnected) this.#host.shadowRoot?.querySelector<HTMLElement>('[data-home]')?.focus({ preventScroll: true });
    this.#focused = null;
  }
}
