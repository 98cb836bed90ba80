import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { combinationOf, isTyping, labelOf } from '../controls/keys.js';
import type { RoomSnapshot } from '../room/snapshot.js';
import { icons } from './icons.js';
import { once } from './lobby.js';
import type { View } from './view.js';

/** While the focus is in the widget, and no push-to-talk key. */
const shortcuts = { mute: 'KeyM', deafen: 'KeyD' } as const;

/** Toggles keep their name and say by `aria-pressed` whether they hold (ARIA APG, button pattern): the tip that is seen is the name that is heard and spoken. */
export function controls(view: View): TemplateResult {
  const { snapshot, strings, actions, desk } = view;
  const { deafened, listenOnly } = snapshot;
  const muted = isMuted(snapshot);
  const toggleMute = (): void => actions.setMicMuted(!muted);
  const toggleDeafen = (): void => actions.setDeafened(!deafened);
  const openSettings = (): void => void desk.toggle('settings', 'settings-button');
  const hasKey = snapshot.talk !== 'open' && !listenOnly;
  return html`${hasKey ? talkKey(view) : nothing}
    <div part="controls" role="group" aria-label=${strings.controls}>
      ${listenOnly ? nothing : toggle('mute-button', { pressed: muted }, strings.mute, shortcuts.mute, muted ? icons.micOff : icons.mic, toggleMute, !hasKey)}
      ${toggle('deafen-button', { pressed: deafened }, strings.deafen, shortcuts.deafen, deafened ? icons.earOff : icons.ear, toggleDeafen, !hasKey)}
      ${toggle('settings-button', { expanded: desk.panel !== null }, strings.settings, '', icons.settings, openSettings, false)}
      <button part="leave-button" data-home=${listenOnly ? '' : nothing} @keydown=${once} @click=${({ detail }: MouseEvent) => detail < 2 && actions.leave()}>
        ${strings.leave}
      </button>
    </div>`;
}

/** Keys that count while the focus is in the widget; put it on what surrounds all of the face. */
export function shortcut({ snapshot, actions, choices, desk }: View, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.altKey || event.metaKey || isTyping(event)) return;
  if (event.key === 'Escape' && desk.panel) desk.close('settings-button');
  else if (combinationOf(choices.pushToTalk).includes(event.code)) return;
  else if (event.code === shortcuts.mute && !snapshot.listenOnly) actions.setMicMuted(!isMuted(snapshot));
  else if (event.code === shortcuts.deafen) actions.setDeafened(!snapshot.deafened);
}

/** Lights while the voice goes out. Its words stay, so that they can be spoken to it at any time. */
function talkKey({ snapshot, strings, choices, desk: { push } }: View): TemplateResult {
  const held = snapshot.talk === 'held';
  const isDead = isMuted(snapshot);
  return html`<button
    part="talk-button"
    class=${held && !isDead ? 'talk held' : 'talk'}
    data-home
    aria-pressed=${held}
    aria-disabled=${isDead ? 'true' : nothing}
    @pointerdown=${push.pointerdown}
    @pointerup=${push.pointerup}
    @pointercancel=${push.pointerup}
    @lostpointercapture=${push.pointerup}
    @click=${push.click}
    @keydown=${push.onKey}
    @contextmenu=${(event: Event) => event.preventDefault()}
  >
    ${held && !isDead ? icons.wave : icons.mic}<span>${strings[`talk.${choices.pushToTalkMode}`]}</span>${keycap(choices.pushToTalk)}
  </button>`;
}

function keycap(keys: string): TemplateResult | typeof nothing {
  const label = labelOf(combinationOf(keys));
  return label ? html`<kbd aria-hidden="true">${label}</kbd>` : nothing;
}

function toggle(
  part: string,
  { pressed, expanded }: { readonly pressed?: boolean; readonly expanded?: boolean },
  name: string,
  key: string,
  icon: TemplateResult,
  press: () => void,
  isHome: boolean,
): TemplateResult {
  return html`<button
    part=${part}
    class="round"
    data-home=${isHome ? '' : nothing}
    aria-pressed=${pressed ?? nothing}
    aria-expanded=${expanded ?? nothing}
    aria-keyshortcuts=${key ? labelOf([key]) : nothing}
    @click=${press}
    @keydown=${(event: KeyboardEvent) => {
      once(event);
      // WCAG 1.4.13: what appears on focus or hover can be sent away.
      if (event.key === 'Escape') tip(event, true);
    }}
    @pointerleave=${(event: Event) => tip(event, false)}
    @blur=${(event: Event) => tip(event, false)}
  >
    ${icon}<span class="tip" data-key=${key ? labelOf([key]) : nothing}>${name}</span>
  </button>`;
}

function tip({ currentTarget }: Event, away: boolean): void {
  (currentTarget as Element).classList.toggle('quieted', away);
}

/** Pressed whenever nothing of me can be heard: pressing then also asks again for a microphone that was refused. */
export function isMuted({ micMuted, microphone }: RoomSnapshot): boolean {
  return micMuted || microphone === 'blocked' || microphone === 'missing';
}
