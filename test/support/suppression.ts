import type { StudioDiagnostics } from '../../src/sound/studio.js';
import type { Visit } from './stage.js';

export function choose(visit: Visit, choice: 'rnnoise' | 'browser' | 'off'): Promise<void> {
  return visit.run((room, wanted) => void (room.noiseSuppression = wanted), choice);
}

/** Waits until what really runs is this, on a microphone that is heard. */
export function runs(visit: Visit, active: 'rnnoise' | 'browser' | 'off'): Promise<void> {
  return visit.until(`${active} runs`, (room, wanted) => room.microphone === 'live' && room.activeNoiseSuppression === wanted, active);
}

export async function denoiserOf(visit: Visit): Promise<StudioDiagnostics['denoiser']> {
  return (await visit.run((room) => (room.diagnostics() as { sound: StudioDiagnostics }).sound)).denoiser;
}

export async function isLarge(visit: Visit): Promise<boolean> {
  return (await denoiserOf(visit)).model === '0.2';
}
