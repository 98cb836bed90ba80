import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import type { RoomSnapshot } from '../room/snapshot.js';
import { icons } from './icons.js';
import { once } from './lobby.js';
import type { View } from './view.js';

/** Toggles keep their name and say by `aria-pressed` whether they hold (ARIA APG, button pattern): the tip that is seen is the name that is heard and spoken. */
export function controls({ snapshot, strings, actions }: View): TemplateResult {
  const { deafened, listenOnly } = snapshot;
  const muted = isMuted(snapshot);
  return html`<div part="controls" role="group" aria-label=${strings.controls}>
    ${listenOnly ? nothing : toggle('mute-button', muted, strings.mute, muted ? icons.micOff : icons.mic, () => actions.setMicMuted(!muted))}
    ${toggle('deafen-button', deafened, strings.deafen, deafened ? icons.earOff : icons.ear, () => actions.setDeafened(!deafened))}
    <button part="leave-button" data-home=${listenOnly ? '' : nothing} @keydown=${once} @click=${({ detail }: MouseEvent) => detail < 2 && actions.leave()}>
      ${strings.leave}
    </button>
  </div>`;
}

function toggle(part: string, pressed: boolean, name: string, icon: TemplateResult, press: () => void): TemplateResult {
  return html`<button
    part=${part}
    class="round"
    data-home
    aria-pressed=${pressed}
    @click=${press}
    @keydown=${(event: KeyboardEvent) => {
      once(event);
      // WCAG 1.4.13: what appears on focus or hover can be sent away.
      if (event.key === 'Escape') tip(event, true);
    }}
    @pointerleave=${(event: Event) => tip(event, false)}
    @blur=${(event: Event) => tip(event, false)}
  >
    ${icon}<span class="tip">${name}</span>
  </button>`;
}

function tip({ currentTarget }: Event, away: boolean): void {
  (currentTarget as Element).classList.toggle('quieted', away);
}

/** Pressed whenever nothing of me can be heard: pressing then also asks again for a microphone that was refused. */
export function isMuted({ micMuted, microphone }: RoomSnapshot): boolean {
  return micMuted || microphone === 'blocked' || microphone === 'missing';
}
