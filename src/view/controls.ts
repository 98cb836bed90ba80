import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { isTyping } from '../controls/typing.js';
import { deafenIcon, icons, muteIcon } from './icons.js';
import { once } from './lobby.js';
import { isMuted } from './muted.js';
import type { View } from './view.js';

/** While the focus is in the widget, and no push-to-talk key. */
const shortcuts = { mute: 'M', deafen: 'D' } as const;

/** Toggles keep their name and say by `aria-pressed` whether they hold (ARIA APG, button pattern): the tip that is seen is the name that is heard and spoken. */
export function controls(view: View): TemplateResult {
  const { snapshot, strings, actions, desk } = view;
  const { deafened, listenOnly } = snapshot;
  const muted = isMuted(snapshot);
  const toggleMute = (): void => actions.setMicMuted(!muted);
  const toggleDeafen = (): void => actions.setDeafened(!deafened);
  const openSettings = (): void => void desk.toggle('settings', 'settings-button');
  const key = snapshot.talk === 'open' || listenOnly ? null : desk.talkKey;
  return html`${key?.render()}
    <div part="controls" role="group" aria-label=${strings.controls}>
      ${listenOnly ? nothing : toggle('mute-button', { pressed: muted }, strings.mute, shortcuts.mute, muteIcon(muted), toggleMute, !key)}
      ${toggle('deafen-button', { pressed: deafened }, strings.deafen, shortcuts.deafen, deafenIcon(deafened), toggleDeafen, !key)}
      ${toggle('settings-button', { expanded: desk.panel !== null }, strings.settings, '', icons.settings, openSettings, false)}
      <slot name="controls"></slot>
      <button part="leave-button" data-home=${listenOnly ? '' : nothing} @keydown=${once} @click=${({ detail }: MouseEvent) => detail < 2 && actions.leave()}>
        <span aria-hidden="true"><slot name="leave-icon"></slot></span>${strings.leave}
      </button>
    </div>`;
}

/** Keys that count while the focus is in the widget; put it on what surrounds all of the face. */
export function shortcut({ snapshot, actions, choices, desk }: View, event: KeyboardEvent): void {
  desk.onKey(event);
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.altKey || event.metaKey || isTyping(event)) return;
  const { key, code } = event;
  if (choices.pushToTalk.split('+').includes(code)) return;
  // The letter that stands on the key; where other scripts do, its place.
  const letter = /^[a-z]$/i.test(key) ? key.toUpperCase() : /\p{L}/u.test(key) && code.slice(3);
  if (letter === shortcuts.mute && !snapshot.listenOnly) actions.setMicMuted(!isMuted(snapshot));
  else if (letter === shortcuts.deafen) actions.setDeafened(!snapshot.deafened);
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
    aria-keyshortcuts=${key || nothing}
    @click=${press}
    @keydown=${(event: KeyboardEvent) => {
      once(event);
      // WCAG 1.4.13: what appears on focus or hover can be sent away, and nothing else with it.
      if (event.key !== 'Escape' || !(event.currentTarget as Element).matches(':is(:hover, :focus-visible):not(.quieted)')) return;
      event.preventDefault();
      tip(event, true);
    }}
    @pointerleave=${(event: Event) => tip(event, false)}
    @blur=${(event: Event) => tip(event, false)}
  >
    ${icon}<span part="tip" class="tip" data-key=${key || nothing}>${name}</span>
  </button>`;
}

function tip({ currentTarget }: Event, away: boolean): void {
  (currentTarget as Element).classList.toggle('quieted', away);
}
