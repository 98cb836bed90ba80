import type { ReactiveControllerHost } from 'lit';
import type { TemplateResult } from 'lit/html.js';
import { Dock } from '../controls/dock.js';
import type { Corner } from '../controls/dock.js';
import { Sheet } from '../controls/sheet.js';
import { compact, compactLobby } from './compact.js';
import { compactStyles } from './compact.styles.js';
import { floating } from './floating.js';
import { floatingStyles } from './floating.styles.js';
import type { LobbyView, View } from './view.js';

/** What shows in a room, handed over by who has loaded it: so this chunk shares no third one with it. */
export interface Inside {
  readonly face: typeof import('./joined.js');
  readonly view: View;
}

export interface Frame {
  readonly view: LobbyView;
  /** Null outside a room. */
  readonly inside: Inside | null;
  readonly open: boolean;
  readonly toggle: (open: boolean) => void;
  readonly dock: Dock;
}

/** The layouts that need more than the flow of the page. */
export class Layouts {
  /** By layout; the flow of the page needs none. */
  readonly styles = { inline: '', compact: compactStyles, floating: floatingStyles } as const;
  readonly #dock: Dock;
  readonly #sheet: Sheet;

  constructor(host: ReactiveControllerHost & HTMLElement, placement: () => Corner) {
    this.#dock = new Dock(host, placement);
    this.#sheet = new Sheet(host);
  }

  /** Forgets where the person moved it. */
  reset(): void {
    this.#dock.reset();
  }

  render(layout: 'compact' | 'floating', frame: Omit<Frame, 'dock'>): TemplateResult {
    if (layout === 'floating') return floating({ ...frame, dock: this.#dock });
    if (frame.inside) return compact(frame.inside, this.#sheet);
    this.#sheet.isOpen = false;
    return compactLobby(frame.view);
  }
}
