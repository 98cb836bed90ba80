import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { isTalkingMuted, troubleOf, weaknessOf } from '../controls/announcements.js';
import { elapsed } from '../controls/elapsed.js';
import { explain } from '../strings/explain.js';
import { format } from '../strings/format.js';
import { icons } from './icons.js';
import type { View } from './view.js';
import { wayTo } from './way.js';

type Kind = 'broken' | 'long' | 'lost' | 'calm';

/** `calm` is good to know, and nothing is broken; `long` has a way out of trouble; `lost` comes at a press, and is said at once. */
export type Draw = (icon: TemplateResult, words: string, kind: Kind, button?: TemplateResult | typeof nothing) => TemplateResult;

/** The worst trouble, drawn in one line with the one thing to do; nothing when all is well. */
export function notice({ snapshot, strings, actions, desk }: View, draw: Draw = whole): TemplateResult | typeof nothing {
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
    return draw(
      icons.sound,
      strings['notice.playback'],
      'calm',
      remedy('resume-button', strings.resume, () => actions.resumePlayback(), true),
    );
  const mic = microphone === 'blocked' || microphone === 'missing';
  const trouble = troubleOf(snapshot);
  if (trouble) {
    const again = mic && trouble.reason !== 'page-policy';
    const way = trouble.code === 'mic-blocked' && wayTo(strings, trouble.reason);
    return draw(
      icons.warning,
      `${explain(strings, trouble)}${way ? ` ${way}` : ''}`,
      way ? 'long' : 'broken',
      again ? remedy('retry-button', strings.retry, () => actions.setMicMuted(false)) : nothing,
    );
  }
  if (desk.isLost) return draw(icons.warning, explain(strings, { code: 'assets-blocked', reason: 'chunk' }), 'lost');
  if (isTalkingMuted(snapshot))
    return draw(
      icons.micOff,
      strings['notice.talking'],
      'calm',
      remedy('unmute-button', strings.unmute, () => actions.setMicMuted(false)),
    );
  if (microphoneHint === 'silent') {
    const choose = (): void => void (desk.panel !== 'settings' && desk.toggle('settings', 'settings-button'));
    return draw(icons.warning, strings['notice.silent'], 'calm', remedy('choose-button', strings.settings, choose));
  }
  if (volume === 0)
    return draw(
      icons.soundOff,
      strings['notice.volume'],
      'calm',
      remedy('louder-button', strings.louder, () => actions.setVolume(1)),
    );
  const weakness = weaknessOf(snapshot, desk.vitals.ailment);
  return weakness ? draw(icons.weak, strings[`notice.${weakness}`], 'calm') : nothing;
}

function whole(icon: TemplateResult, words: string, kind: Kind, button: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<div part="notice" class=${`notice ${kind}${kind === 'calm' && words.length > 60 ? ' long' : ''}`} role=${kind === 'lost' ? 'alert' : nothing}>
    ${icon}
    <p>${words}</p>
    ${button}
  </div>`;
}

function remedy(part: string, name: string, press: () => void, isPrimary = false): TemplateResult {
  return html`<button part=${part} class=${isPrimary ? 'primary' : ''} @click=${press}>${name}</button>`;
}
