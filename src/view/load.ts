import type { ReactiveControllerHost } from 'lit';
import type { PanelLoader, TalkKey } from '../controls/desk.js';
import type { View } from './view.js';

/** Panels come when somebody opens them; `view` is the face as it is at any time. */
export function panelLoader(view: () => View): PanelLoader {
  return async (name, host) => {
    if (name === 'settings') {
      const { SettingsPanel, settingsStyles } = await import('./settings.js');
      return { panel: new SettingsPanel(host, view), styles: settingsStyles };
    }
    const { DiagnosticsPanel, diagnosticsStyles } = await import('./diagnostics.js');
    return { panel: new DiagnosticsPanel(host, view), styles: diagnosticsStyles };
  };
}

/** Push-to-talk, for rooms that have it. */
export async function loadTalkKey(host: ReactiveControllerHost & HTMLElement, view: () => View): Promise<TalkKey> {
  const { talkKeyOf } = await import('./talk.js');
  return talkKeyOf(host, view);
}
