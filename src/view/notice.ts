import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { isTalkingMuted, troubleOf, weaknessOf } from '../controls/announcements.js';
import { elapsed } from '../controls/elapsed.js';
import { explain } from '../strings/explain.js';
import { format } from '../strings/format.js';
import { icons } from './icons.js';
import type { View } from './view.js';
import { wayTo } from './way.js';

/** The worst trouble, in one line with the one thing to do; nothing when all is well. */
export function notice({ snapshot, strings, actions, desk }: View): TemplateResult | typeof nothing {
  const { connectionState, playbackBlocked, microphone, microphoneHint, volume } = snapshot;
  if (connectionState === 'reconnecting') {
    const seconds = elapsed((n) => format(strings.seconds, { n }));
    return html`<div part="notice" class="notice calm">
      ${icons.link}
      <p>${strings['notice.reconnecting']}</p>
      <span class="time" aria-hidden="true">${seconds}</span>
    </div>`;
  }
  if (playbackBlocked)
    return calm(
      icons.sound,
      strings['notice.playback'],
      remedy('resume-button', strings.resume, () => actions.resumePlayback(), true),
    );
  const mic = microphone === 'blocked' || microphone === 'missing';
  const trouble = troubleOf(snapshot);
  if (trouble) {
    const again = mic && trouble.reason !== 'page-policy';
    const way = trouble.code === 'mic-blocked' && wayTo(strings, trouble.reason);
    return warning(
      `${explain(strings, trouble)}${way ? ` ${way}` : ''}`,
      again ? remedy('retry-button', strings.retry, () => actions.setMicMuted(false)) : nothing,
      Boolean(way),
    );
  }
  if (desk.isLost) return warning(explain(strings, { code: 'assets-blocked', reason: 'chunk' }));
  if (isTalkingMuted(snapshot))
    return calm(
      icons.micOff,
      strings['notice.talking'],
      remedy('unmute-button', strings.unmute, () => actions.setMicMuted(false)),
    );
  if (microphoneHint === 'silent') {
    const choose = (): void => void (desk.panel !== 'settings' && desk.toggle('settings', 'settings-button'));
    return calm(icons.warning, strings['notice.silent'], remedy('choose-button', strings.settings, choose));
  }
  if (volume === 0)
    return calm(
      icons.soundOff,
      strings['notice.volume'],
      remedy('louder-button', strings.louder, () => actions.setVolume(1)),
    );
  const weakness = weaknessOf(snapshot, desk.vitals.ailment);
  return weakness ? calm(icons.weak, strings[`notice.${weakness}`]) : nothing;
}

/** What is broken. */
function warning(words: string, button: TemplateResult | typeof nothing = nothing, isLong = false): TemplateResult {
  return html`<div part="notice" class=${isLong ? 'notice long' : 'notice'}>
    ${icons.warning}
    <p>${words}</p>
    ${button}
  </div>`;
}

/** What is good to know; nothing is broken. */
function calm(icon: TemplateResult, words: string, button: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<div part="notice" class=${words.length > 60 ? 'notice calm long' : 'notice calm'}>
    ${icon}
    <p>${words}</p>
    ${button}
  </div>`;
}

function remedy(part: string, name: string, press: () => void, isPrimary = false): TemplateResult {
  return html`<button part=${part} class=${isPrimary ? 'primary' : ''} @click=${press}>${name}</button>`;
}
