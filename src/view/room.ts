import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { directionOf } from '../strings/direction.js';
import { plural } from '../strings/format.js';
import { controls, shortcut } from './controls.js';
import { notice } from './notice.js';
import { roster } from './roster.js';
import type { View } from './view.js';

/** Inside: who is here, what is wrong, what I can do. */
export function room(view: View): TemplateResult {
  const {
    snapshot,
    strings,
    title,
    desk: { caption },
  } = view;
  const { remoteParticipants, standbyCount } = snapshot;
  const trouble = notice(view);
  return html`<div
    class=${`face room ${snapshot.connectionState}`}
    part="room"
    tabindex="-1"
    lang=${strings.locale}
    dir=${directionOf(strings) ?? nothing}
    @keydown=${(event: KeyboardEvent) => shortcut(view, event)}
  >
    <div part="header">
      <h2 part="title">
        <slot name="title"><bdi>${title}</bdi></slot>
      </h2>
      <span part="count" class=${caption && 'news'}
        >${
          caption ||
          plural(strings.people, remoteParticipants.length + 1, strings.locale) +
            (standbyCount ? ` · ${plural(strings.door, standbyCount, strings.locale)}` : '')
        }</span
      >
    </div>
    ${people(view, trouble)}${controls(view)}
    <slot name="footer"></slot>
  </div>`;
}

/** Who is here, or the panel that is open in their place, and below it what is wrong. */
export function people(view: View, trouble: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<div class="middle">${view.desk.shown ?? roster(view)}${trouble}</div>`;
}
