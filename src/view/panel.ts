import { html } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { icons } from './icons.js';

/** The line above a panel: what it is, and the way back. */
export function panelHead(title: string, closeName: string, close: () => void, extra?: TemplateResult): TemplateResult {
  return html`<div class="head">
    <h3>${title}</h3>
    ${extra}<button part="close-button" class="small" aria-label=${closeName} title=${closeName} @click=${close}>${icons.close}</button>
  </div>`;
}
