import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { repeat } from 'lit/directives/repeat.js';
import { voiceOf } from '../controls/levels.js';
import type { Participant, RoomSnapshot } from '../room/snapshot.js';
import type { Strings } from '../strings/en.js';
import { nameOf } from '../strings/name.js';
import { icons } from './icons.js';
import { hueOf, initialsOf } from './people.js';

/** As many others as are seen without scrolling. */
const fits = 4;

/**
 * I stand first, the others follow in order of joining: nobody who comes moves anybody.
 * A list that scrolls takes the focus, so that keys can scroll it: a long one, or one that is `squeezed`.
 */
export function roster(snapshot: RoomSnapshot, strings: Strings, squeezed: boolean): TemplateResult {
  const { localParticipant: me, remoteParticipants: others } = snapshot;
  return html`<div class="people" role="region" aria-label=${strings.roster} tabindex=${squeezed || others.length > fits ? '0' : nothing}>
    <ul part="roster" role="list">
      ${me && row(me, null, myState(me, snapshot), strings)}
      ${repeat(
        others,
        ({ identity }) => identity,
        (person) => row(person, person.identity, stateOf(person), strings),
      )}
    </ul>
    ${others.length ? nothing : html`<p part="empty"><slot name="empty">${strings.empty}</slot></p>`}
  </div>`;
}

type State = 'speaking' | 'muted' | 'deafened' | 'listening' | 'requesting' | 'no-mic' | 'reconnecting' | 'poor' | null;

function row(person: Participant, voice: string | null, state: State, strings: Strings): TemplateResult {
  const name = nameOf(person, strings.someone);
  const weak = person.quality === 'poor' || person.quality === 'lost';
  return html`<li
    part="participant"
    class=${`h${hueOf(person.identity)} ${person.speaking ? 'speaking' : ''} ${state === 'reconnecting' ? 'away' : ''}`}
    ${voiceOf(voice)}
  >
    <span part="avatar" aria-hidden="true">${initialsOf(name)}</span>
    <span part="name" title=${name}><bdi>${name}</bdi></span
    >${voice === null ? html` <span class="quiet">(${strings.you})</span>` : nothing}
    ${weak && state !== 'poor' && state !== 'reconnecting' ? mark('poor', strings, true) : nothing} ${state ? mark(state, strings) : nothing}
  </li>`;
}

const marks = {
  speaking: icons.wave,
  muted: icons.micOff,
  deafened: icons.earOff,
  listening: icons.ear,
  requesting: icons.mic,
  'no-mic': icons.micOff,
  reconnecting: icons.link,
  poor: icons.weak,
} as const;

function mark(state: NonNullable<State>, strings: Strings, small = false): TemplateResult {
  const words = strings[`state.${state}`];
  return html`<span part="state" class=${`state ${state}`} title=${small ? words : nothing}
    ><span class=${small ? 'unseen' : 'word'}>${words}</span>${marks[state]}</span
  >`;
}

function stateOf({ connection, listenOnly, muted, speaking, quality }: Participant): State {
  if (connection === 'reconnecting') return 'reconnecting';
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
