import { svg, html } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { gear } from './gear.js';

const draw = (shape: TemplateResult): TemplateResult => html`<svg class="icon" part="icon" viewBox="0 0 20 20" aria-hidden="true">${shape}</svg>`;
/** A crossed icon: the gap beside the stroke keeps it readable without colour. */
const cut = svg`<path class="gap" d="M4.6 2.6 17.4 15.4" /><path d="M3 3 17 17" />`;
const mic = svg`<rect x="7" y="2" width="6" height="10" rx="3" /><path d="M4.2 9.2a5.8 5.8 0 0 0 11.6 0M10 15v3" />`;
const ear = svg`<path d="M3 13.5V10a7 7 0 0 1 14 0v3.5" /><rect x="3" y="11.5" width="3.4" height="5.5" rx="1.5" /><rect x="13.6" y="11.5" width="3.4" height="5.5" rx="1.5" />`;

/** One family on 20 px, strokes of 1.6 px, in the colour of the text. */
export const icons = {
  mic: draw(mic),
  micOff: draw(svg`${mic}${cut}`),
  ear: draw(ear),
  earOff: draw(svg`${ear}${cut}`),
  wave: draw(svg`<path d="M4 8.5v3M8 5.5v9M12 3.5v13M16 7.5v5" />`),
  sound: draw(svg`<path d="M3 8v4h3l4 3.5v-11L6 8zM13 7.5a3.5 3.5 0 0 1 0 5M15.3 5a7 7 0 0 1 0 10" />`),
  warning: draw(svg`<path d="M10 3 2.6 16h14.8zM10 8v4M10 14v.2" />`),
  soundOff: draw(svg`<path d="M3 8v4h3l4 3.5v-11L6 8z" />${cut}`),
  settings: html`<span aria-hidden="true">${gear}</span>`,
  close: draw(svg`<path d="M5 5 15 15M15 5 5 15" />`),
  weak: draw(svg`<path d="M4 13v3" /><path class="faint" d="M8 10v6M12 7v9M16 4v12" />`),
  link: draw(svg`<path d="M16 10a6 6 0 1 1-1.8-4.3M16 3v3.5h-3.5" />`),
} as const;

/** Of the toggles: what is shown may be the page's own, what is heard is ours. */
export const muteIcon = (muted: boolean): TemplateResult =>
  muted
    ? html`<span aria-hidden="true"><slot name="muted-icon">${icons.micOff}</slot></span>`
    : html`<span aria-hidden="true"><slot name="mute-icon">${icons.mic}</slot></span>`;
export const deafenIcon = (deafened: boolean): TemplateResult =>
  deafened
    ? html`<span aria-hidden="true"><slot name="deafened-icon">${icons.earOff}</slot></span>`
    : html`<span aria-hidden="true"><slot name="deafen-icon">${icons.ear}</slot></span>`;
