import { html } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';

/** The icon of the settings, which stands in the lobby before there are others; in a button that has a label, or with what hides it. */
export const gear: TemplateResult = html`<slot name="settings-icon"
  ><svg class="icon" part="icon" viewBox="0 0 20 20">
    <path d="M3 6h7M14.5 6H17M3 14h2.5M10 14h7" />
    <circle cx="12.2" cy="6" r="2.2" />
    <circle cx="7.8" cy="14" r="2.2" /></svg
></slot>`;
