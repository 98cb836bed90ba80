import { html, nothing, svg } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import type { ReactiveControllerHost } from 'lit';
import type { Panel } from '../controls/desk.js';
import type { Vital } from '../controls/vitals.js';
import { inPanel, panelHead } from './panel.js';
import type { PanelView, View } from './view.js';

export { settingsStyles as diagnosticsStyles } from './settings.styles.js';

/** How long it says what became of a press, ms. */
const shownFor = 3000;

/** What a support person asks for, on one screen, to be copied: no token, no address. English throughout, since it is read elsewhere. */
export class DiagnosticsPanel implements Panel {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #view: () => PanelView;
  readonly #unwatch: () => void;
  /** What became of the last press. */
  #copied: 'copied' | 'selected' | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, view: () => View) {
    this.#host = host;
    this.#view = () => inPanel(view());
    this.#unwatch = view().desk.vitals.watch();
  }

  render(): TemplateResult {
    return diagnostics(this.#view(), this.#facts, this.#copied, () => void this.#copy());
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#unwatch();
  }

  /** With what only a page knows. */
  get #facts(): object {
    const { actions, strings } = this.#view();
    const { layout = null } = this.#host as { readonly layout?: string };
    return { ...actions.diagnostics(), layout, language: strings.locale, date: new Date().toISOString() };
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(JSON.stringify(this.#facts, null, 2));
      this.#copied = 'copied';
    } catch {
      // In frames without `clipboard-write`, and without https: ready for the person's own copy.
      this.#copied = 'selected';
      const facts = this.#host.shadowRoot?.querySelector('[part=diagnostics] dl');
      if (facts) getSelection()?.selectAllChildren(facts);
    }
    this.#host.requestUpdate();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#copied = null;
      this.#host.requestUpdate();
    }, shownFor);
  }
}

function diagnostics({ strings, desk }: PanelView, told: object, copied: 'copied' | 'selected' | null, copy: () => void): TemplateResult {
  const { history } = desk.vitals;
  return html`<section part="diagnostics" class="panel" aria-label=${strings.diagnostics} tabindex="-1">
    ${panelHead(
      strings.diagnostics,
      strings.close,
      () => desk.close('settings-button'),
      html`<button part="copy-button" class="small word-button" @click=${copy}>${strings[copied ?? 'copy']}</button>`,
    )}
    <p class="unseen" role="status">${copied && strings[copied]}</p>
    <div class="fields" lang="en" dir="ltr" role="group" aria-label=${strings.diagnostics} tabindex="0">
      <div class="plots">
        ${plot('RTT', 'ms', history, ({ roundTrip }) => roundTrip, 200)} ${plot('Jitter', 'ms', history, ({ jitter }) => jitter, 40)}
        ${plot('Loss', '%', history, (vital) => share(Math.max(vital.sendLoss ?? 0, vital.receiveLoss ?? 0)), 10)}
        ${plot('Sent', 'kbit/s', history, ({ sent }) => sent, 40)} ${plot('Received', 'kbit/s', history, ({ received }) => received, 80)}
      </div>
      <dl>${facts(told)}</dl>
    </div>
  </section>`;
}

function share(value: number): number {
  return Math.round(1000 * value) / 10;
}

const width = 60;
const height = 20;

/** The last minute, one value a second, the newest at the right; the scale is at least `least`. */
export function plot(name: string, unit: string, history: readonly Vital[], read: (vital: Vital) => number | null, least: number): TemplateResult {
  const values = history.map(read);
  const known = values.filter((value) => value !== null);
  const top = Math.max(least, ...known);
  const points = values.flatMap((value, index) =>
    value === null ? [] : [`${width - values.length + index + 0.5},${(height - 1 - (value / top) * (height - 2)).toFixed(1)}`],
  );
  const latest = values.at(-1);
  return html`<figure part="plot">
    <figcaption><span>${name}</span> <output>${latest == null ? '–' : `${Math.round(latest * 10) / 10} ${unit}`}</output></figcaption>
    <svg class="plot" viewBox=${`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      ${points.length > 1 ? svg`<polyline points=${points.join(' ')} />` : nothing}
    </svg>
  </figure>`;
}

/** Plain data as terms and values, one level of nesting deep; lists as lines. */
function facts(data: object, prefix = ''): TemplateResult[] {
  return Object.entries(data).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === 'object' && value && !Array.isArray(value)) return facts(value, `${prefix}${name}.`);
    const text = Array.isArray(value) ? value.map(line).join('\n') : String((value as string | number | null | undefined) ?? '–');
    return [
      html`<dt>${prefix}${name}</dt>
        <dd>${text || '–'}</dd>`,
    ];
  });
}

function line(value: unknown): string {
  return typeof value === 'object' && value ? Object.values(value).map(String).join('  ') : String(value);
}
