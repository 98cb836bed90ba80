import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { directionOf } from '../strings/direction.js';
import type { Sheet } from '../controls/sheet.js';
import type { Inside } from './layouts.js';
import { lobby } from './lobby.js';
import type { LobbyView } from './view.js';

/** As many are named. */
const named = 3;

/** A call in one line: who is here, who speaks first, what is wrong, what I can do. The names open the list of people beside the line, where there is room for all the words of what is wrong. */
export function compact({ face, view }: Inside, sheet: Sheet): TemplateResult {
  const {
    snapshot,
    strings,
    desk: { caption, shown },
  } = view;
  const { remoteParticipants: others, localParticipant: me, connectionState } = snapshot;
  const trouble = face.notice(view);
  // It counts its seconds from when it is shown.
  const isBeside = sheet.isOpen && connectionState !== 'reconnecting';
  const isBrief = trouble !== nothing && !isBeside;
  const people = others.toSorted((one, other) => Number(other.speaking) - Number(one.speaking));
  const { listed, nameOf, plural } = face;
  const first = people[0] ?? me;
  const names = people.slice(0, named).map((person) => nameOf(person, strings.someone));
  const rest = others.length - names.length;
  return html`<div
    class=${`face room line ${connectionState} ${isBrief ? 'troubled' : ''}`}
    part="room"
    tabindex="-1"
    lang=${strings.locale}
    dir=${directionOf(strings) ?? nothing}
    @click=${(event: Event) => (sheet.isOpen ||= Boolean((event.target as Element).closest('.line > .notice p')))}
    @keydown=${(event: KeyboardEvent) => {
      face.shortcut(view, event);
      escape(event, sheet);
    }}
  >
    <button
      part="summary-button"
      class=${`${isBrief ? 'brief' : ''} ${first ? `h${face.hueOf(first.identity)} ${first.speaking ? 'speaking' : ''}` : ''}`}
      aria-expanded=${sheet.isOpen}
      @click=${() => (sheet.isOpen = !sheet.isOpen)}
    >
      <span part="avatar" aria-hidden="true">${first ? face.initialsOf(nameOf(first, strings.someone)) : ''}</span>
      <span part="names" class=${isBrief ? 'unseen' : caption && 'news'}
        ><bdi>${caption || (names.length ? listed(names, strings.locale) : plural(strings.people, 1, strings.locale))}</bdi></span
      >${rest && !caption ? html`<span class=${isBrief ? 'unseen' : 'quiet'}>+${rest}</span>` : nothing}
    </button>
    ${isBrief ? trouble : nothing} ${face.controls(view)} ${sheet.isOpen || shown ? beside(face.people(view, isBeside ? trouble : nothing)) : nothing}
  </div>`;
}

/** The lobby in one line. */
export function compactLobby(view: LobbyView): TemplateResult {
  const shown = view.desk?.shown;
  return lobby(view, shown ? beside(shown) : null);
}

function beside(content: TemplateResult): TemplateResult {
  return html`<div class="sheet" part="panel" .popover=${'manual'}>${content}</div>`;
}

function escape(event: KeyboardEvent, sheet: Sheet): void {
  if (event.key !== 'Escape' || event.defaultPrevented || !sheet.isOpen) return;
  event.preventDefault();
  sheet.isOpen = false;
  (event.currentTarget as Element).querySelector<HTMLElement>('[part~=summary-button]')?.focus();
}
