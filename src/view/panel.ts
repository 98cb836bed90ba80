import { html } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { help } from '../strings/en-help.js';
import { icons } from './icons.js';
import type { PanelView, View } from './view.js';

/** The face as a panel sees it. */
export function inPanel(view: View): PanelView {
  return { ...view, strings: { ...help, ...view.strings } };
}

/** The line above a panel: what it is, and the way back. */
export function panelHead(title: string, closeName: string, close: () => void, extra?: TemplateResult): TemplateResult {
  return html`<div class="head">
    <h3 part="panel-title">${title}</h3>
    ${extra}<button part="close-button" class="small" aria-label=${closeName} title=${closeName} @click=${close}>${icons.close}</button>
  </div>`;
}
