import { html, nothing } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import { directionOf } from '../strings/direction.js';
import { explain } from '../strings/explain.js';
import { gear } from './gear.js';
import type { LobbyView } from './view.js';

/** Outside, and on the way in: the one large button never moves and is never replaced, it turns from Join to Cancel and back. What the gear opens comes below. */
export function lobby(
  { snapshot, strings, title, actions, desk, isLost, toggleSettings }: LobbyView,
  panel: TemplateResult | null | undefined = desk?.shown,
): TemplateResult {
  const { step } = snapshot;
  const error = snapshot.error ?? (!step && (isLost || desk?.isLost) ? { code: 'assets-blocked', reason: '' } : null);
  const hopeless = error?.code === 'unsupported' || error?.code === 'insecure-context';
  const retry = error && !hopeless && ((strings as Readonly<Record<string, string>>)[`retry.${error.code}`] ?? strings.retry);
  const press = ({ detail }: MouseEvent): void => {
    // The second half of a double click is no change of mind.
    if (hopeless || detail > 1) return;
    if (step) actions.leave();
    else actions.join();
  };
  return html`<div class="face lobby" part="lobby" lang=${strings.locale} dir=${directionOf(strings) ?? nothing} @keydown=${desk?.onKey}>
    <h2 part="title">
      <slot name="title"><bdi>${title}</bdi></slot>
    </h2>
    <div class="enter">
      <button
        part="join-button"
        data-home
        class=${step ?? (hopeless ? '' : 'primary')}
        aria-describedby="line"
        aria-disabled=${hopeless ? 'true' : nothing}
        @click=${press}
        @keydown=${once}
      >
        ${step ? strings.cancel : retry || strings.join}${step ? html`<i></i>` : nothing}
      </button>
      <button part="settings-button" title=${strings.settings} aria-label=${strings.settings} aria-expanded=${Boolean(desk?.panel)} @click=${toggleSettings}>
        ${gear}
      </button>
    </div>
    <p id="line" part=${error ? 'notice' : 'step'} class=${error ? 'notice' : 'quiet'} role=${error?.code === 'assets-blocked' ? 'alert' : nothing}>
      ${error ? explain(strings, error) : step ? strings[`step.${step}`] : html`<slot name="lobby">${desk?.here() || strings.hint}</slot>`}
    </p>
    ${panel}
    <slot name="footer"></slot>
  </div>`;
}

/** A key held down presses once. */
export function once(event: KeyboardEvent): void {
  if (event.repeat && event.key === 'Enter') event.preventDefault();
}
