import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import type { ReactiveControllerHost } from 'lit';
import { isIn } from '../controls/inside.js';
import { combinationOf, labelOf, readKeyboard } from '../controls/keys.js';
import { PushToTalk } from '../controls/push-to-talk.js';
import { help } from '../strings/en-help.js';
import { icons } from './icons.js';
import { talkStyles } from './talk.styles.js';
import { isMuted } from './muted.js';
import type { TalkKey } from '../controls/desk.js';
import type { View } from './view.js';

/** Push-to-talk, for rooms that have it: hears keys from now on, and gives the key on screen. `view` is the face as it is at any time. */
export function talkKeyOf(host: ReactiveControllerHost & HTMLElement, view: () => View): TalkKey {
  void readKeyboard().then(() => host.requestUpdate());
  const push = new PushToTalk(
    host,
    () => {
      const { snapshot, choices } = view();
      const { pushToTalk, pushToTalkMode: mode, pushToTalkScope: scope } = choices;
      return { keys: snapshot.talk !== 'open' && isIn(snapshot) ? pushToTalk : '', mode, scope, talking: snapshot.talk === 'held' };
    },
    (talking) => view().actions.talk(talking),
  );
  return { render: () => talkKey(view(), push), styles: talkStyles };
}

/** Lights while the voice goes out. Its words stay, so that they can be spoken to it at any time. */
function talkKey({ snapshot, strings, choices }: View, push: PushToTalk): TemplateResult {
  const held = snapshot.talk === 'held';
  const isDead = isMuted(snapshot);
  const keys = labelOf(combinationOf(choices.pushToTalk), { ...help, ...strings });
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
    ${held && !isDead ? icons.wave : icons.mic}<span>${strings[`talk.${choices.pushToTalkMode}`]}</span>${keys ? html`<kbd part="key" aria-hidden="true">${keys}</kbd>` : nothing}
  </button>`;
}
