import type { ReactiveController, ReactiveControllerHost } from 'lit';

export type Corner = 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left';

/** How far one must move before a press is no longer a click, px. */
const slack = 6;
/** How far an arrow key moves, px. */
const step = 24;
/** What stays free around, px; the style sheet adds safe areas. */
const edge = 16;
const clockwise: readonly Corner[] = ['bottom-right', 'bottom-left', 'top-left', 'top-right'];

/** Where the floating layout lies: in a corner, or where a person drags it (`data-grip`) or moves it by arrow keys; in the top layer, in view, above a phone's keyboard. */
export class Dock implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #placement: () => Corner;
  #life = new AbortController();
  /** Distance of the corner that is closest, px; null: as the page placed it. */
  #moved: { readonly corner: Corner; readonly x: number; readonly y: number } | null = null;
  #drag: { readonly x: number; readonly y: number; readonly left: number; readonly top: number; under: boolean } | null = null;
  #wasDragged = false;
  #since = 0;
  #clock: ReturnType<typeof setInterval> | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, placement: () => Corner) {
    this.#host = host;
    this.#placement = placement;
    host.addController(this);
  }

  /** A new `placement` counts more than where it was dragged before. */
  reset(): void {
    this.#moved = null;
  }

  /** Since when the call lasts that the clock counts; `false` ends it. */
  count(lasts: boolean): void {
    this.#since = lasts ? this.#since || performance.now() : 0;
  }

  hostConnected(): void {
    const { signal } = (this.#life = new AbortController());
    const settle = (): void => this.#settle();
    const view = this.#view;
    view.addEventListener('resize', settle, { signal });
    for (const type of ['resize', 'scroll']) view.visualViewport?.addEventListener(type, settle, { signal });
  }

  hostDisconnected(): void {
    this.#life.abort();
    clearInterval(this.#clock);
    this.#clock = undefined;
  }

  hostUpdated(): void {
    const shell = this.#shell;
    if (!shell) return;
    // Above whatever the page stacks, whatever clips or transforms the place where the tag stands.
    if ('showPopover' in shell && !shell.matches(':popover-open')) shell.showPopover();
    this.#settle();
    this.#tick();
    if (this.#clockFace) this.#clock ??= setInterval(this.#tick, 1000);
  }

  /** Of the document in which the element lies, which need not be that of the script. */
  get #view(): Window {
    return this.#host.ownerDocument.defaultView ?? window;
  }

  get #shell(): HTMLElement | null {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.shell') ?? null;
  }

  get #clockFace(): Element | null {
    return this.#shell?.querySelector('[data-clock]') ?? null;
  }

  readonly onPoint = (event: PointerEvent): void => {
    const shell = this.#shell;
    if (!shell || !event.isPrimary) return;
    const { type, clientX: x, clientY: y, pointerId } = event;
    if (type === 'pointerdown') {
      this.#wasDragged = false;
      const target = event.target as Element;
      // The talk key is held, not dragged.
      if (event.button || !target.closest('[data-grip]') || target.closest('[part~=talk-button]')) return;
      // Not the box: where a pointer is captured there it clicks.
      target.setPointerCapture(pointerId);
      const { left, top } = shell.getBoundingClientRect();
      this.#drag = { x, y, left, top, under: false };
    } else if (type !== 'pointermove') this.#drag = null;
    else if (this.#drag) {
      const drag = this.#drag;
      if (!drag.under && Math.hypot(x - drag.x, y - drag.y) < slack) return;
      drag.under = this.#wasDragged = true;
      this.#place(drag.left + x - drag.x, drag.top + y - drag.y);
    }
  };

  readonly onClick = (event: Event): void => {
    const target = event.target as Element;
    if (this.#wasDragged) {
      // Letting go is no press.
      event.stopPropagation();
      event.preventDefault();
    } else if (target.closest('[part~=move-button]')) {
      // For those who cannot drag: from corner to corner.
      const corner = this.#moved?.corner ?? this.#placement();
      this.#moved = { corner: clockwise[(clockwise.indexOf(corner) + 1) % 4] ?? corner, x: 0, y: 0 };
      this.#settle();
    }
    this.#wasDragged = false;
  };

  readonly onKey = (event: KeyboardEvent): void => {
    const shell = this.#shell;
    if (!shell || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || !(event.target as Element).closest('[data-grip]')) return;
    const { left, top } = shell.getBoundingClientRect();
    const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (by) this.#place(left + (by[0] ?? 0), top + (by[1] ?? 0));
    else if (event.key === 'Home') {
      this.#moved = null;
      this.#settle();
    } else return;
    event.preventDefault();
  };

  /** Moves the box to this place of the window, or as near as it stays in view. */
  #place(left: number, top: number): void {
    const shell = this.#shell;
    if (!shell) return;
    const { width, height } = shell.getBoundingClientRect();
    const { clientWidth, clientHeight } = this.#view.document.documentElement;
    const x = within(left, edge, clientWidth - width - edge);
    const y = within(top, edge, clientHeight - height - edge);
    const isRight = x + width / 2 > clientWidth / 2;
    const isBottom = y + height / 2 > clientHeight / 2;
    this.#moved = {
      corner: `${isBottom ? 'bottom' : 'top'}-${isRight ? 'right' : 'left'}`,
      x: isRight ? clientWidth - x - width : x,
      y: isBottom ? clientHeight - y - height : y,
    };
    this.#settle();
  }

  #settle(): void {
    const shell = this.#shell;
    if (!shell) return;
    const { clientWidth, clientHeight } = this.#view.document.documentElement;
    const { width, height } = shell.getBoundingClientRect();
    const view = this.#view.visualViewport;
    // A keyboard covers what is below; zooming by fingers does not.
    const covered = view && view.scale < 1.05 ? Math.max(0, clientHeight - view.offsetTop - view.height) : 0;
    shell.dataset['corner'] = this.#moved?.corner ?? this.#placement();
    shell.style.setProperty('--_x', `${within(this.#moved?.x ?? 0, 0, clientWidth - width - edge)}px`);
    shell.style.setProperty('--_y', `${within(this.#moved?.y ?? 0, 0, clientHeight - height - edge)}px`);
    shell.style.setProperty('--_covered', `${covered}px`);
  }

  readonly #tick = (): void => {
    const face = this.#clockFace;
    if (!face) {
      clearInterval(this.#clock);
      this.#clock = undefined;
      return;
    }
    const seconds = Math.floor((performance.now() - this.#since) / 1000);
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].slice(seconds < 3600 ? 1 : 0);
    face.textContent = this.#since ? parts.map((part) => String(part).padStart(2, '0')).join(':') : '';
  };
}

function within(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
