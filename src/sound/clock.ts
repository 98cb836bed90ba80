import type { Clock } from '../room/suppliers.js';
import { holdContext } from './press.js';

/**
 * A clock that goes on in hidden tabs. Browsers slow their timers there, after five minutes to one a minute; the end of a sound, even of a silent one, they
 * tell in time. In force only while the page is hidden and its audio context runs, which it does as long as somebody is in a room.
 */
export const steadyClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const cancels: (() => void)[] = [];
    const cancel = (): void => {
      for (const end of cancels.splice(0)) end();
    };
    const ring = (): void => {
      if (cancels.length === 0) return;
      cancel();
      callback();
    };
    const timer = setTimeout(ring, milliseconds);
    cancels.push(() => clearTimeout(timer));
    if (document.visibilityState === 'hidden') cancels.push(sound(milliseconds, ring));
    return cancel;
  },
};

/** A silence of that length; returns its early end. */
function sound(milliseconds: number, ended: () => void): () => void {
  const { value: context, release } = holdContext();
  if (context?.state !== 'running') {
    release();
    return () => undefined;
  }
  const silence = new ConstantSourceNode(context, { offset: 0 });
  silence.connect(context.destination);
  silence.onended = ended;
  silence.start();
  silence.stop(context.currentTime + milliseconds / 1000);
  return () => {
    silence.onended = null;
    silence.disconnect();
    release();
  };
}
