import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import { voiceOf } from '../controls/levels.js';
import { rove } from '../controls/roving.js';
import type { Participant, RoomSnapshot } from '../room/snapshot.js';
import type { FaceStrings } from '../strings/en.js';
import { listed, percent } from '../strings/format.js';
import { nameOf } from '../strings/name.js';
import { icons } from './icons.js';
import { hueOf, initialsOf, marksOf } from './people.js';
import { personMenu } from './person.js';
import type { View } from './view.js';

/** As many others as are seen without scrolling. */
const fits = 4;

/** From so many others on, who speaks is also told above the list: the list itself never jumps. */
const crowd = 9;

/** I stand first, the others follow in order of joining: nobody who comes moves anybody. */
export function roster(view: View): TemplateResult {
  const { snapshot, strings, desk } = view;
  const { localParticipant: me, remoteParticipants: others } = snapshot;
  const marks = marksOf(others, strings.someone);
  const stop = others.some(({ identity }) => identity === desk.current) ? desk.current : (others[0]?.identity ?? null);
  const keydown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && desk.person !== null) {
      event.stopPropagation();
      desk.togglePerson(desk.person);
      (event.target as Element).closest('li')?.querySelector<HTMLElement>('.row')?.focus();
    } else rove(event, event.currentTarget as Element, 'button.row');
  };
  return html`${others.length >= crowd ? speakers(others, strings) : nothing}
    <div class="people" role="group" aria-label=${strings.roster} tabindex=${others.length ? nothing : '0'}>
      <ul part="roster" role="list" @keydown=${keydown}>
        ${me && html`<li part="participant" class=${look(me, myState(me, snapshot))} ${voiceOf(null)}><div class="row">${mine(me, snapshot, strings)}</div></li>`}
        ${repeat(
          others,
          ({ identity }) => identity,
          (person) => other(person, marks.get(person.identity) ?? '', person.identity === stop, view),
        )}
      </ul>
      ${others.length ? nothing : html`<p part="empty"><slot name="empty">${strings.empty}</slot></p>`}
    </div>`;
}

/** A list that scrolls shows beside it who speaks in the part that is out of sight; those who hear the face hear it in the list. */
function speakers(others: readonly Participant[], strings: FaceStrings): TemplateResult {
  const names = others.filter(({ speaking }) => speaking).map((person) => nameOf(person, strings.someone));
  return html`<p part="speakers" class=${names.length ? 'anybody' : ''} aria-hidden="true">
    ${icons.wave}<bdi>${listed(names.slice(0, fits), strings.locale)}</bdi>${names.length > fits ? html`<span>+${names.length - fits}</span>` : nothing}
  </p>`;
}

type State = 'speaking' | 'muted' | 'hushed' | 'deafened' | 'listening' | 'requesting' | 'no-mic' | 'reconnecting' | 'poor' | null;

function mine(me: Participant, snapshot: RoomSnapshot, strings: FaceStrings): TemplateResult {
  return html`${face(me, strings)} <span class="quiet">(${strings.you})</span>${states(me, myState(me, snapshot), strings)}`;
}

/** The row is the button that opens the person's own menu; a long press and the second mouse button do so too. */
function other(person: Participant, alike: string, isStop: boolean, view: View): TemplateResult {
  const { strings, desk } = view;
  const state = stateOf(person);
  const isOpen = desk.person === person.identity;
  const toggle = (): void => desk.togglePerson(person.identity);
  return html`<li part="participant" class=${`${look(person, state)} ${isOpen ? 'open' : ''}`} ${voiceOf(person.identity)}>
    <button
      part="participant-button"
      class="row"
      aria-expanded=${isOpen}
      tabindex=${isStop ? nothing : '-1'}
      @click=${toggle}
      @focus=${() => (desk.current = person.identity)}
      @contextmenu=${(event: Event) => {
        event.preventDefault();
        if (!isOpen) toggle();
      }}
    >
      ${face(person, strings)}${alike ? html` <span class="quiet alike">${alike}</span>` : nothing}${
        person.volume !== 1 && !person.locallyMuted ? html` <span class="quiet share">${percent(person.volume, strings.locale)}</span>` : nothing
      }${states(person, state, strings)}
    </button>
    ${isOpen ? personMenu(person, view) : nothing}
  </li>`;
}

function look({ identity, speaking }: Participant, state: State): string {
  return `h${hueOf(identity)} ${speaking && state !== 'hushed' ? 'speaking' : ''} ${state === 'reconnecting' ? 'away' : ''}`;
}

function face(person: Participant, strings: FaceStrings): TemplateResult {
  const name = nameOf(person, strings.someone);
  return html`<span part="avatar" aria-hidden="true">${initialsOf(name)}</span> <span part="name" title=${name}><bdi>${name}</bdi></span>`;
}

function states({ quality }: Participant, state: State, strings: FaceStrings): TemplateResult {
  const isWeak = (quality === 'poor' || quality === 'lost') && state !== 'poor' && state !== 'reconnecting';
  return html` ${isWeak ? mark('poor', strings, true) : nothing} ${state ? mark(state, strings) : nothing}`;
}

const marks = {
  speaking: icons.wave,
  muted: icons.micOff,
  hushed: icons.soundOff,
  deafened: icons.earOff,
  listening: icons.ear,
  requesting: icons.mic,
  'no-mic': icons.micOff,
  reconnecting: icons.link,
  poor: icons.weak,
} as const;

function mark(state: NonNullable<State>, strings: FaceStrings, small = false): TemplateResult {
  const words = strings[`state.${state}`];
  return html`<span part="state" class=${`state ${state}`} title=${words}><span class=${small ? 'unseen' : 'word'}>${words}</span>${marks[state]}</span>`;
}

function stateOf({ connection, listenOnly, locallyMuted, muted, speaking, quality }: Participant): State {
  if (connection === 'reconnecting') return 'reconnecting';
  if (locallyMuted) return 'hushed';
  if (listenOnly) return 'listening';
  if (muted) return 'muted';
  if (speaking) return 'speaking';
  return quality === 'poor' || quality === 'lost' ? 'poor' : null;
}

function myState(me: Participant, { connectionState, listenOnly, microphone, deafened }: RoomSnapshot): State {
  if (connectionState === 'reconnecting') return 'reconnecting';
  if (deafened) return 'deafened';
  if (listenOnly) return 'listening';
  if (microphone === 'requesting') return 'requesting';
  if (microphone === 'blocked' || microphone === 'missing') return 'no-mic';
  return stateOf(me);
}
