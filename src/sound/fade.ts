/** Length of a cross-fade, and how far ahead it is scheduled so that the audio thread hears of it in time; in seconds. */
const length = 0.02;
const ahead = 0.08;

/** How long what is being faded out has to stay, in ms. */
export const fadedOut = 1000 * (ahead + length) + 100;

/** Fades a gain from 1 to 0 or from 0 to 1, linearly: what is faded against it adds up to 1. */
export function fade({ context, gain }: GainNode, to: 0 | 1): void {
  const start = context.currentTime + ahead;
  gain.cancelScheduledValues(0);
  gain
    .setValueAtTime(1 - to, 0)
    .setValueAtTime(1 - to, start)
    .linearRampToValueAtTime(to, start + length);
}

/** By how much sound is slower or faster while its delay changes: a third of a semitone, for a second and a half at most. */
const bend = 0.02;

/** Moves a delay to so many seconds without a step. How long that takes, in ms. */
export function glide({ context, delayTime }: DelayNode, to: number): number {
  const { value } = delayTime;
  const start = context.currentTime + ahead;
  const end = start + Math.abs(to - value) / bend;
  delayTime.cancelScheduledValues(0);
  delayTime.setValueAtTime(value, start).linearRampToValueAtTime(to, end);
  return 1000 * (end - context.currentTime);
}

/** Cuts: for what is dead already. */
export function set({ gain }: GainNode, value: 0 | 1): void {
  gain.cancelScheduledValues(0);
  gain.setValueAtTime(value, 0);
}
