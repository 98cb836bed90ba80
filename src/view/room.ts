import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { View } from './view.js';

export function room({ actions }: View): TemplateResult {
  return html`<button part="leave-button" @click=${() => actions.leave()}>Leave</button>`;
}
