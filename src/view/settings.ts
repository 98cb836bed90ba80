import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import type { ReactiveControllerHost } from 'lit';
import type { Panel } from '../controls/desk.js';
import { combinationOf, labelOf } from '../controls/keys.js';
import { voiceOf } from '../controls/levels.js';
import { SettingsState } from '../controls/settings-state.js';
import type { Trouble } from '../controls/settings-state.js';
import type { Device } from '../room/snapshot.js';
import type { Choice } from '../settings.js';
import { explain } from '../strings/explain.js';
import { format } from '../strings/format.js';
import { icons } from './icons.js';
import { inPanel, panelHead } from './panel.js';
import { slider } from './person.js';
import type { PanelView, View } from './view.js';
import { wayTo } from './way.js';

export { settingsStyles } from './settings.styles.js';

/** The settings, in place of the people or below the lobby: what is chosen here counts at once and is remembered. */
export class SettingsPanel implements Panel {
  readonly #view: () => PanelView;
  readonly #state: SettingsState;

  constructor(host: ReactiveControllerHost & HTMLElement, view: () => View) {
    const { actions, choices } = view();
    this.#view = () => inPanel(view());
    this.#state = new SettingsState(
      actions,
      choices.pushToTalk || host.getAttribute('push-to-talk'),
      () => isOpen(this.#view()),
      () => host.requestUpdate(),
    );
  }

  render(): TemplateResult {
    return settings(this.#view(), this.#state);
  }

  close(): void {
    this.#state.close();
  }

  level(): number {
    return this.#state.level;
  }
}

/** The room has the microphone open. */
function isOpen({ snapshot }: PanelView): boolean {
  return snapshot.capture === 'open';
}

export function settings(view: PanelView, state: SettingsState): TemplateResult {
  const { strings, desk, snapshot, choices } = view;
  const isListener = snapshot.listenOnly || choices.listenOnly;
  return html`<section part="settings" class="panel" aria-label=${strings.settings} tabindex="-1">
    ${panelHead(strings.settings, strings.close, () => desk.close('settings-button'))}
    ${state.trouble ? html`<p class="notice" role="alert">${troubleIn(strings, state.trouble)}</p>` : nothing}
    <div class="fields">
      ${isListener ? nothing : microphone(view, state)} ${speaker(view, state)} ${isListener ? nothing : pushToTalk(view, state)}
      ${toggle(strings.cues, view.choices.cues === 'on', (on) => view.actions.choose({ cues: on ? 'on' : 'off' }))}
      <button part="diagnostics-button" class="plain" @click=${() => void desk.toggle('diagnostics', 'settings-button')}>${strings.diagnostics}</button>
    </div>
  </section>`;
}

function troubleIn(strings: PanelView['strings'], trouble: Trouble): string {
  const way = trouble.code === 'mic-blocked' ? wayTo(strings, trouble.reason) : '';
  return `${explain(strings, trouble)}${way && ` ${way}`}`;
}

function microphone(view: PanelView, state: SettingsState): TemplateResult {
  const { snapshot, strings, choices } = view;
  const isInUse = isOpen(view);
  const isTested = state.listening !== 'off';
  const input = snapshot.inputDevice?.id ?? state.chosen.inputDevice;
  const suppressions = (['rnnoise', 'browser', 'off'] as const).map((value) => [value, strings[`suppression.${value}`]] as const);
  const isListening = state.listening === 'clean' || state.listening === 'raw';
  return html`${select('input-select', strings.microphone, devices(state.inputs, strings), chosen(state.inputs, input), (id) => void state.setInput(id))}
    ${
      isInUse
        ? meter(strings)
        : html`<div class="row">
            <button part="try-button" aria-pressed=${isTested} @click=${() => void state.listen(isTested ? 'off' : 'level')}>
              ${icons.mic}<span>${strings['microphone.test']}</span>
            </button>
            ${isTested ? meter(strings) : nothing}
          </div>`
    }
    ${select('suppression-select', strings.suppression, suppressions, choices.noiseSuppression, (value) => void state.setSuppression(value as 'rnnoise'))}
    <div class="row">
      <button part="listen-button" aria-pressed=${isListening} @click=${() => void state.listen(isListening ? (isInUse ? 'off' : 'level') : 'clean')}>
        ${strings.listen}
      </button>
      ${
        isListening
          ? html`<select
              part="listen-select"
              aria-label=${strings.listen}
              .value=${live(state.listening === 'raw' ? 'raw' : 'clean')}
              @change=${({ currentTarget }: Event) => void state.listen((currentTarget as HTMLSelectElement).value as 'clean' | 'raw')}
            >
              <option value="clean">${strings['listen.clean']}</option>
              <option value="raw">${strings['listen.raw']}</option>
            </select>`
          : html`<span class="quiet">${strings['listen.hint']}</span>`
      }
    </div>`;
}

/** Moves with the voice, and says how loud it is to who asks. */
function meter(strings: PanelView['strings']): TemplateResult {
  return html`<div part="meter" role="meter" aria-label=${strings.microphone} aria-valuemin="0" aria-valuemax="100" aria-valuenow="0" ${voiceOf(null)}>
    <i></i>
  </div>`;
}

function speaker({ snapshot, strings, actions }: PanelView, state: SettingsState): TemplateResult {
  return html`${
      state.outputs.length && 'setSinkId' in HTMLMediaElement.prototype
        ? select(
            'output-select',
            strings.speaker,
            devices(state.outputs, strings),
            chosen(state.outputs, snapshot.outputDevice?.id ?? state.chosen.outputDevice),
            (id) => void state.setOutput(id),
          )
        : nothing
    }
    <label class="slider">
      <span part="label">${strings.volume}</span>
      ${slider(snapshot.volume, strings.locale, (volume) => actions.setVolume(volume))}
    </label>
    <div class="row"><button part="test-button" @click=${() => actions.cue('test')}>${strings.test}</button></div>`;
}

function pushToTalk({ snapshot, strings, choices, actions }: PanelView, state: SettingsState): TemplateResult {
  const isOn = snapshot.talk !== 'open';
  const isRecording = state.held !== null;
  const modes = (['hold', 'toggle'] as const).map((value) => [value, strings[`mode.${value}`]] as const);
  if (choices.pushToTalk) state.keys = choices.pushToTalk;
  return html`${toggle(strings.pushToTalk, isOn, (on) => actions.choose({ pushToTalk: on ? state.keys : '' }))}
  ${
    isOn
      ? html`<div class="row">
            <span id="key" part="label">${strings.key}</span>
            <button
              id="keys"
              part="record-button"
              class=${isRecording ? 'recording' : ''}
              aria-labelledby="key keys"
              @click=${({ detail, currentTarget }: MouseEvent) => {
                // Safari focuses no button that is clicked, and keys go where the focus is.
                (currentTarget as HTMLElement).focus();
                if (isRecording && detail) state.stopRecording();
                else state.record();
              }}
              @keydown=${state.keydown}
              @keyup=${state.keyup}
              @blur=${() => state.stopRecording()}
            >
              ${labelOf(state.held ?? combinationOf(choices.pushToTalk), strings) || strings.record}
            </button>
          </div>
          ${select('mode-select', strings.mode, modes, choices.pushToTalkMode, (pushToTalkMode) => actions.choose({ pushToTalkMode } as Choice))}`
      : nothing
  }`;
}

type Options = readonly (readonly [value: string, words: string])[];

function devices(list: readonly Device[], strings: PanelView['strings']): Options {
  return [['', strings.default], ...list.map(({ id, label }, index) => [id, label || format(strings.device, { n: index + 1 })] as const)];
}

/** The device in use or to be used, where it is there and more than the system's choice. */
function chosen(list: readonly Device[], wanted: string | null | undefined): string {
  return list.find(({ id }) => id === wanted)?.id ?? '';
}

function select(part: string, name: string, options: Options, value: string, choose: (value: string) => void): TemplateResult {
  return html`<label class="field">
    <span part="label">${name}</span>
    <select part=${part} @change=${({ currentTarget }: Event) => choose((currentTarget as HTMLSelectElement).value)}>
      ${options.map(([option, words]) => html`<option value=${option} .selected=${live(option === value)}>${words}</option>`)}
    </select>
  </label>`;
}

function toggle(name: string, on: boolean, set: (on: boolean) => void): TemplateResult {
  return html`<button part="switch" class="switch" role="switch" aria-checked=${on} @click=${() => set(!on)}><span part="label">${name}</span><i></i></button>`;
}
