import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { isIn } from '../controls/inside.js';
import { directionOf } from '../strings/direction.js';
import type { Frame, Inside } from './layouts.js';
import { lobby, once } from './lobby.js';

/** A button that becomes a panel; while one talks and the panel is closed, a pill. */
export function floating(frame: Frame): TemplateResult {
  const { view, inside, open, toggle, dock } = frame;
  const { strings, snapshot } = view;
  dock.count(isIn(snapshot));
  const shape = open ? 'panel' : snapshot.connectionState === 'idle' ? 'launcher' : 'pill';
  const escape = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && open && !event.defaultPrevented) toggle(false);
  };
  return html`<div
    class=${`shell ${shape}`}
    .popover=${'manual'}
    tabindex="-1"
    lang=${strings.locale}
    dir=${directionOf(strings) ?? nothing}
    @pointerdown=${dock.onPoint}
    @pointermove=${dock.onPoint}
    @pointerup=${dock.onPoint}
    @pointercancel=${dock.onPoint}
    @click=${{ handleEvent: dock.onClick, capture: true }}
    @keydown=${(event: KeyboardEvent) => {
      dock.onKey(event);
      if (shape === 'pill') inside?.face.shortcut(inside.view, event);
      escape(event);
    }}
  >
    ${shape === 'panel' ? panel(frame) : shape === 'pill' ? pill(frame, inside) : launcher(frame)}
  </div>`;
}

function launcher({ view: { title, snapshot }, toggle }: Frame): TemplateResult {
  return html`<button
    part="launcher-button"
    class=${snapshot.error ? 'primary troubled' : 'primary'}
    data-home
    data-grip
    aria-label=${title}
    aria-expanded="false"
    @click=${() => toggle(true)}
  >
    <slot name="launcher-icon">${talk}</slot>
  </button>`;
}

function panel({ view, inside, toggle }: Frame): TemplateResult {
  const { strings } = view;
  return html`<div part="panel">
    <div class="bar">
      <button part="move-button" data-grip aria-label=${strings.move} aria-keyshortcuts="ArrowUp ArrowDown ArrowLeft ArrowRight" title=${strings.move}>
        <i></i>
      </button>
      <button part="hide-button" aria-label=${strings.hide} aria-expanded="true" title=${strings.hide} @click=${() => toggle(false)}>${down}</button>
    </div>
    ${inside ? inside.face.room(inside.view) : lobby(view)}
  </div>`;
}

function pill({ view, toggle }: Frame, inside: Inside | null): TemplateResult {
  const { snapshot, strings, actions } = view;
  const { localParticipant: me, remoteParticipants: others, playbackBlocked, connectionState, step } = snapshot;
  const speaker = others.find(({ speaking }) => speaking) ?? (me?.speaking ? me : null);
  const words = inside?.view.strings;
  const text =
    step || !inside || !words
      ? strings[`step.${step ?? 'connecting'}`]
      : connectionState === 'reconnecting'
        ? words['state.reconnecting']
        : inside.view.desk.caption ||
          (speaker ? inside.face.nameOf(speaker, words.someone) : inside.face.plural(words.people, others.length + 1, words.locale));
  const trouble = inside && connectionState === 'joined' ? inside.face.notice(inside.view, brief) : nothing;
  const isMuted = inside?.face.isMuted(snapshot);
  const talkKey = snapshot.talk === 'open' || snapshot.listenOnly ? null : inside?.view.desk.talkKey;
  return html`<div part="pill" class=${speaker ? 'speaking' : ''} data-grip>
    ${
      playbackBlocked && words
        ? html`<button part="resume-button" class="primary" @click=${() => actions.resumePlayback()}>${words.resume}</button>`
        : html`<button part="show-button" class=${trouble === nothing ? '' : 'trouble'} data-home aria-expanded="false" @click=${() => toggle(true)}>
            ${
              trouble === nothing
                ? html`${wave}<span part="name"><bdi>${text}</bdi></span
                    ><span part="time" data-clock aria-hidden="true"></span>`
                : trouble
            }
          </button>`
    }
    ${
      talkKey?.render() ??
      (words && inside && !snapshot.listenOnly
        ? html`<button
            part="mute-button"
            class="round"
            aria-pressed=${isMuted ? 'true' : 'false'}
            aria-label=${words.mute}
            title=${words.mute}
            @keydown=${once}
            @click=${() => actions.setMicMuted(!isMuted)}
          >
            ${inside.face.muteIcon(Boolean(isMuted))}
          </button>`
        : nothing)
    }
    <button
      part="leave-button"
      class="round"
      aria-label=${words?.leave ?? strings.cancel}
      title=${words?.leave ?? strings.cancel}
      @keydown=${once}
      @click=${({ detail }: MouseEvent) => detail < 2 && actions.leave()}
    >
      <slot name="leave-icon">${cross}</slot>
    </button>
  </div>`;
}

/** What is wrong, on the button that opens the panel: what to do about it stands there. */
function brief(icon: TemplateResult, words: string, kind: string): TemplateResult {
  return html`${icon}<span part="name" class=${kind}>${words}</span>`;
}

const draw = (shape: string): TemplateResult => html`<svg class="icon" part="icon" viewBox="0 0 20 20" aria-hidden="true"><path d=${shape} /></svg>`;
const talk = draw('M4 8.5v3M8 5.5v9M12 3.5v13M16 7.5v5');
const wave = talk;
const down = draw('M5 8l5 5 5-5');
const cross = draw('M5.5 5.5l9 9M14.5 5.5l-9 9');
