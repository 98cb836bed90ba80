import { html } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import type { Participant } from '../room/snapshot.js';
import { percent } from '../strings/format.js';
import { nameOf } from '../strings/name.js';
import { icons } from './icons.js';
import type { View } from './view.js';

/** How one person is heard here: nobody else knows of it. */
export function personMenu(person: Participant, { strings, actions }: View): TemplateResult {
  const { identity, volume, locallyMuted } = person;
  return html`<div part="participant-menu" role="group" aria-label=${nameOf(person, strings.someone)}>
    <label class="slider">
      <span part="label">${strings.volume}</span>
      ${slider(volume, strings.locale, (loudness) => actions.setParticipantVolume(identity, loudness))}
    </label>
    <button part="hush-button" aria-pressed=${locallyMuted} @click=${() => actions.muteParticipant(identity, !locallyMuted)}>
      ${locallyMuted ? icons.soundOff : icons.sound}<span>${strings['person.mute']}</span>
    </button>
  </div>`;
}

/** 0 to 200 %, with a stop at 100 %: what is near it is meant. */
export function slider(volume: number, locale: string, set: (volume: number) => void): TemplateResult {
  const input = ({ currentTarget }: Event): void => {
    const value = (currentTarget as HTMLInputElement).valueAsNumber;
    set(Math.abs(value - 100) < 4 ? 1 : value / 100);
  };
  return html`<input
      type="range"
      part="slider"
      min="0"
      max="200"
      step="5"
      aria-valuetext=${percent(volume, locale)}
      .value=${live(String(Math.round(volume * 100)))}
      @input=${input}
    /><output aria-hidden="true">${percent(volume, locale)}</output>`;
}
