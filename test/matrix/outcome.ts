import assert from 'node:assert/strict';
import type { Visit } from '../support/stage.js';
import type { Voice } from '../support/voice-facts.js';
import type { VcRoom } from '../../src/vc-room.js';

/** One talks and hears; one hears, and is told why the microphone is not there; one is told in the lobby that nobody can call from this browser. */
export type Outcome = 'talks' | 'listens' | 'told';

/** One page with one element, in whichever browser. */
export interface Seat {
  click(part: string): Promise<void>;
  run<Result>(work: (room: VcRoom) => Result): Promise<Awaited<Result>>;
  until(what: string, test: (room: VcRoom) => boolean): Promise<void>;
  hears(voice: Voice): Promise<void>;
}

/** Ada presses Join and, where she gets in, leaves again; Ben is in the room. What became of her is proved by sound and words. */
export async function outcomeOf(ada: Seat, ben: Visit): Promise<Outcome> {
  const since = Date.now();
  await ada.click('join-button');
  await ada.until('in, or told why not', (room) => room.connectionState === 'joined' || (room.connectionState === 'idle' && room.error !== null));
  if (await ada.run((room) => room.connectionState === 'idle')) {
    assert.deepEqual(await troubleOf(ada), { code: 'unsupported', reason: 'webrtc' }, await ada.run((room) => JSON.stringify(room.diagnostics())));
    await ada.until('it says so in words', (room) => /cannot make voice calls/.test(room.shadowRoot?.querySelector('[part~="notice"]')?.textContent ?? ''));
    return 'told';
  }
  await ada.until('Ben is there', (room) => room.remoteParticipants[0]?.name === 'Ben');
  await ada.hears('ben');
  await ada.until('the microphone is there, or is not', ({ microphone }) => microphone !== 'off' && microphone !== 'requesting');
  const isLive = await ada.run((room) => room.microphone === 'live');
  if (isLive) {
    assert.equal(await troubleOf(ada), null);
    await ben.until('Ada is heard', (_, from) => window.probe.lastHeard('ada') > from, since);
  } else {
    // In every page of the table it is the page, and never the person.
    assert.deepEqual(await troubleOf(ada), { code: 'mic-blocked', reason: 'page-policy' });
    await ada.until('it says so in words', (room) =>
      /page may not use the microphone/.test(room.shadowRoot?.querySelector('[part~="notice"]')?.textContent ?? ''),
    );
    await ben.until('Ada is listed as blocked', (room) => room.remoteParticipants[0]?.muted === true || room.remoteParticipants[0]?.listenOnly === true);
  }
  await ada.click('leave-button');
  await ada.until('left', (room) => room.connectionState === 'idle');
  await ben.sees();
  return isLive ? 'talks' : 'listens';
}

function troubleOf(ada: Seat): Promise<{ code: string; reason: string } | null> {
  return ada.run(({ error }) => error && { code: error.code, reason: error.reason });
}
