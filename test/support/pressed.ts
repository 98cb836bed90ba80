import { press } from '../../src/sound/press.js';
import type { PressSettings, SoundPress } from '../../src/sound/press.js';

export interface PressedSettings extends PressSettings {
  readonly microphone: boolean;
}

/** A press whose click has come as well. */
export function pressed({ microphone, ...settings }: PressedSettings): SoundPress {
  const gesture = press(settings);
  gesture.open(microphone);
  return gesture;
}
