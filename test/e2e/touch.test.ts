import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { openStage } from '../support/stage.js';
import type { Stage, Visit } from '../support/stage.js';

/** What a finger finds, in CSS pixels each way. */
const target = 44;

describe('<vc-room> on a phone', () => {
  let stage: Stage;
  before(async () => (stage = await openStage()));
  beforeEach(() => stage.newRoom());
  afterEach(() => stage.clear());
  after(() => stage.stop());

  it('joins by a tap, and talks', async () => {
    const [ada, ben] = [await stage.visit({ as: 'ada', phone: true }), await stage.visit({ as: 'ben' })];
    await ben.join();
    await ada.part('join-button').tap();
    await Promise.all([ada.hears('ben'), ben.hears('ada')]);
    await ada.part('mute-button').tap();
    await ben.silent('ada');
  });

  for (const layout of ['inline', 'compact', 'floating'])
    it(`has room for fingers, stays in the window, and leaves the page where it is: ${layout}`, async () => {
      // More than fits, above and below.
      const body = `${'<p>Above</p>'.repeat(30)}*${'<p>Below</p>'.repeat(30)}`;
      const ada = await stage.visit({
        as: 'ada',
        phone: true,
        attributes: { layout },
        body,
      });
      await ada.run((room) => room.scrollIntoView({ block: 'center' }));
      /** The page stays as it is when somebody taps what they see. */
      const tap = async (part: string, how: 'tap' | 'focus' = 'tap'): Promise<void> => {
        const seen = ada.part(part).first();
        await seen.scrollIntoViewIfNeeded();
        const before = await place(ada);
        await seen[how]();
        await ada.run((room) => room.updateComplete);
        assert.deepEqual(await place(ada), before, part);
      };
      if (layout === 'floating') await tap('launcher-button');
      assert.deepEqual(await misses(ada), [], 'in the lobby');
      await tap('join-button');
      await ada.until('joined', (room) => room.connectionState === 'joined');
      if (layout === 'floating') await ada.run((room) => room.show());
      await ada.part('settings-button').first().waitFor();
      assert.deepEqual(await misses(ada), [], 'in the room');
      await tap('settings-button');
      await ada.part('input-select').waitFor();
      assert.deepEqual(await misses(ada), [], 'in the settings');
      await tap('input-select', 'focus');
      const small = await ada.run((room) =>
        [...room.shadowRoot!.querySelectorAll('select, input:not([type=range])')]
          .filter((field) => parseFloat(getComputedStyle(field).fontSize) < 16)
          .map((field) => field.getAttribute('part')),
      );
      assert.deepEqual(small, [], 'iOS magnifies a page to a field whose letters are smaller than 16 px');
    });

  /** Where the page is scrolled to, how much it is magnified, and whether anything sticks out at its side. */
  function place({ page }: Visit): Promise<unknown> {
    return page.evaluate(() => [scrollX, scrollY, visualViewport?.scale, document.documentElement.scrollWidth]);
  }

  /** Controls that a finger misses 21 px from their middle, or that stick out of the window. */
  function misses(ada: Visit): Promise<string[]> {
    return ada.run(
      (room, reach) => {
        const root = room.shadowRoot!;
        const found: string[] = [];
        for (const control of root.querySelectorAll('button, select, input')) {
          if (!control.checkVisibility({ visibilityProperty: true })) continue;
          control.scrollIntoView({ block: 'center' });
          const { left, top, right, bottom, width, height } = control.getBoundingClientRect();
          const name = `${control.getAttribute('part')} ${Math.round(width)}x${Math.round(height)}`;
          if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) found.push(`${name} sticks out`);
          const [x, y] = [(left + right) / 2, (top + bottom) / 2];
          for (const [across, down] of [
            [-reach, 0],
            [reach, 0],
            [0, -reach],
            [0, reach],
          ] as const) {
            const [toX, toY] = [x + across, y + down];
            const hit = root.elementFromPoint(toX, toY);
            if (!hit || !(control.contains(hit) || (hit.contains(control) && hit.matches('label'))))
              found.push(`${name} misses ${across},${down}: ${hit?.getAttribute('part') ?? hit?.className}`);
          }
        }
        return found;
      },
      target / 2 - 1,
    );
  }
});
