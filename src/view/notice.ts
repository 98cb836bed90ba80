import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { elapsed } from '../controls/elapsed.js';
import { explain } from '../strings/explain.js';
import { format } from '../strings/format.js';
import { icons } from './icons.js';
import type { View } from './view.js';

/** The worst trouble, in one line with the one thing to do; nothing when all is well. */
export function notice({ snapshot, strings, actions }: View): TemplateResult | typeof nothing {
  const { connectionState, playbackBlocked, microphone, error } = snapshot;
  if (connectionState === 'reconnecting') {
    const seconds = elapsed((n) => format(strings.seconds, { n }));
    return html`<div part="notice" class="notice calm">
      ${icons.link}
      <p>${strings['notice.reconnecting']}</p>
      <span class="time" aria-hidden="true">${seconds}</span>
    </div>`;
  }
  if (playbackBlocked)
    return html`<div part="notice" class="notice calm">
      ${icons.sound}
      <p>${strings['notice.playback']}</p>
      <button part="resume-button" class="primary" @click=${() => actions.resumePlayback()}>${strings.resume}</button>
    </div>`;
  const mic = microphone === 'blocked' || microphone === 'missing';
  const trouble = error ?? (mic ? { code: `mic-${microphone}`, reason: '' } : null);
  if (!trouble) return nothing;
  const again = mic && trouble.reason !== 'page-policy';
  return html`<div part="notice" class="notice">
    ${icons.warning}
    <p>${explain(strings, trouble)}</p>
    ${again ? html`<button part="retry-button" @click=${() => actions.setMicMuted(false)}>${strings.retry}</button>` : nothing}
  </div>`;
}
