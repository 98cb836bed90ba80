import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** What opens beside a line that has no room for it: below it, or above where there is more room; in the top layer. */
export class Sheet implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  #life = new AbortController();
  #isOpen = false;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  set isOpen(isOpen: boolean) {
    if (this.#isOpen === isOpen) return;
    this.#isOpen = isOpen;
    this.#host.requestUpdate();
  }

  hostConnected(): void {
    this.#life = new AbortController();
    const { signal } = this.#life;
    const place = (): void => this.#place();
    addEventListener('resize', place, { signal });
    addEventListener('scroll', place, { signal, capture: true, passive: true });
    addEventListener('pointerdown', (event) => (this.isOpen &&= event.composedPath().includes(this.#host)), { signal });
  }

  hostDisconnected(): void {
    this.#life.abort();
  }

  hostUpdated(): void {
    const sheet = this.#sheet;
    if (sheet && 'showPopover' in sheet && !sheet.matches(':popover-open')) sheet.showPopover();
    this.#place();
  }

  get #sheet(): HTMLElement | null {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.sheet') ?? null;
  }

  #place(): void {
    const sheet = this.#sheet;
    if (!sheet) return;
    const { top, bottom, left, right } = this.#host.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const { width } = sheet.getBoundingClientRect();
    const isBelow = clientHeight - bottom > top;
    const start = getComputedStyle(sheet).direction === 'rtl' ? right - width : left;
    sheet.style.setProperty('--_left', `${Math.max(8, Math.min(start, clientWidth - width - 8))}px`);
    sheet.style.setProperty('--_top', isBelow ? `${Math.max(8, bottom + 4)}px` : 'auto');
    sheet.style.setProperty('--_bottom', isBelow ? 'auto' : `${Math.max(8, clientHeight - top + 4)}px`);
    sheet.style.setProperty('--_room', `${Math.max(120, (isBelow ? clientHeight - bottom : top) - 12)}px`);
  }
}
