import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { VcRoom } from '../../src/vc-room.js';
import { startFirefox } from '../support/firefox.js';
import { startSound } from '../support/sound-server.js';
import type { Rates, SoundServer } from '../support/sound-server.js';
import { openStage } from '../support/stage.js';
import type { Stage, Visit } from '../support/stage.js';
import { audible } from '../support/voice-facts.js';
import type { Voice } from '../support/voice-facts.js';

/** What both kinds of visits can do. */
interface Speaker {
  join(): Promise<void>;
  hears(voice: Voice): Promise<void>;
  until(what: string, test: (room: VcRoom) => boolean): Promise<void>;
}

/** Somebody at a machine with real devices. */
interface Desk {
  readonly sound: SoundServer;
  open(attributes: Readonly<Record<string, string>>): Promise<Speaker>;
  clear(): Promise<void>;
  stop(): Promise<void>;
}

let stage: Stage;

const browsers: Record<string, (rates: Rates) => Promise<Desk>> = {
  async Chromium(rates) {
    const sound = await startSound('ada', rates);
    return {
      sound,
      open: (attributes) => stage.visit({ as: 'ada', plays: sound, attributes }),
      clear: () => Promise.resolve(),
      stop: () => sound.stop(),
    };
  },
  async Firefox(rates) {
    const firefox = await startFirefox('ada', 'granted', rates);
    return {
      sound: firefox.sound,
      open: (attributes) => firefox.open(stage.page({ as: 'ada', attributes })),
      clear: () => firefox.clear(),
      stop: () => firefox.stop(),
    };
  },
};

/** Loudspeaker and microphone, in Hz. */
const pairs = [
  [44_100, 44_100],
  [16_000, 16_000],
  [44_100, 48_000],
  [48_000, 16_000],
] as const;

before(async () => (stage = await openStage('all')));
after(() => stage.stop());

for (const [name, sit] of Object.entries(browsers))
  describe(`devices in ${name}`, () => {
    let desk: Desk | null;
    beforeEach(() => {
      desk = null;
      stage.newRoom();
    });
    afterEach(async () => {
      await desk?.clear();
      await stage.clear();
      await desk?.stop();
    });

    async function adaAndBen(rates: Rates = {}): Promise<{ sound: SoundServer; ada: Speaker; ben: Visit }> {
      desk = await sit(rates);
      const [ada, ben] = await Promise.all([
        desk.open({ 'auto-gain-control': 'off' }),
        stage.visit({ as: 'ben', attributes: { 'noise-suppression': 'off', cues: 'off' } }),
      ]);
      await Promise.all([ada.join(), ben.join()]);
      return { sound: desk.sound, ada, ben };
    }

    for (const [loudspeaker, microphone] of pairs)
      it(`talks with a loudspeaker of ${loudspeaker} Hz and a microphone of ${microphone} Hz`, async () => {
        const { sound, ada, ben } = await adaAndBen({ loudspeaker, microphone });
        await Promise.all([sound.hears('ben'), ben.hears('ada')]);
        // A context that runs at 16 kHz leaves it to the browser.
        await ada.until('noise is suppressed', (room) => ['rnnoise', 'browser'].includes(room.activeNoiseSuppression));
        await Promise.all([sound.hears('ben'), ben.hears('ada')]);
      });

    it("follows the system's default microphone, whatever its rate, and is back with the first when the other is unplugged", async () => {
      const { sound, ada, ben } = await adaAndBen();
      await ben.hears('ada');
      const headset = sound.plugMicrophone('Headset', 'ben', 44_100);
      headset.choose();
      await ben.hears('ben');
      await ben.silent('ada');
      headset.unplug();
      await ben.hears('ada');
      await ada.until('live', (room) => room.microphone === 'live');
    });

    // Chromium's own sound from PulseAudio has holes that are longer, with nothing unplugged, on a busy machine.
    if (name === 'Firefox')
      it('is heard without a gap when the loudspeaker that plays is unplugged', async (test) => {
        const { sound, ben } = await adaAndBen();
        sound.plugLoudspeaker('Headphones');
        await Promise.all([sound.hears('ben'), ben.hears('ada')]);
        const quiet = async () => longestQuiet((await ben.run(() => window.probe.record(5))).map(({ level }) => level));
        const before = await quiet();
        const during = quiet();
        await ben.hears('ada');
        sound.loudspeaker.unplug();
        test.diagnostic(`quiet for ${before.toFixed(2)} s at most before, ${(await during).toFixed(2)} s then`);
        // One syllable may be cut at either end.
        assert.ok((await during) < before + 0.25);
        await ben.hears('ada');
      });

    it('is heard again when the microphone is unplugged and back at once, and when it comes back later', async () => {
      const { sound, ada, ben } = await adaAndBen();
      await ben.hears('ada');
      sound.microphone.unplug();
      sound.microphone.plug();
      sound.microphone.choose();
      await ben.hears('ada');
      sound.microphone.unplug();
      await ben.silent('ada');
      sound.microphone.plug();
      sound.microphone.choose();
      await ben.hears('ada');
      await ada.until('live', (room) => room.microphone === 'live');
    });
  });

/** In s, of 10 ms each, from the first sound on: a recording begins before its context runs. */
function longestQuiet(levels: readonly number[]): number {
  let [longest, quiet] = [0, 0];
  for (const level of levels.slice(levels.findIndex((one) => one >= audible))) longest = Math.max(longest, (quiet = level < audible ? quiet + 0.01 : 0));
  return longest;
}
