import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { LobbyView } from './view.js';

export function lobby({ strings, actions }: LobbyView): TemplateResult {
  return html`<button part="join-button" @click=${() => actions.join()}>${strings.join}</button>`;
}
