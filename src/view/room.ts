import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { plural } from '../strings/format.js';
import { controls } from './controls.js';
import { notice } from './notice.js';
import { roster } from './roster.js';
import type { View } from './view.js';

/** Inside: who is here, what is wrong, what I can do. */
export function room(view: View): TemplateResult {
  const { snapshot, strings, title } = view;
  const trouble = notice(view);
  const { remoteParticipants, standbyCount } = snapshot;
  return html`<div class=${`face room ${snapshot.connectionState}`} part="room">
    <div part="header">
      <h2 part="title"><bdi>${title || strings.voiceRoom}</bdi></h2>
      <span part="count"
        >${plural(strings.people, remoteParticipants.length + 1, strings.locale)}${standbyCount ? ` · ${plural(strings.door, standbyCount, strings.locale)}` : ''}</span
      >
    </div>
    <div class="middle">${roster(snapshot, strings, trouble !== nothing)}${trouble}</div>
    ${controls(view)}
  </div>`;
}
