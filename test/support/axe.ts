import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Visit } from './stage.js';

/** Source of axe, to be run in a page before its own. */
export const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Nothing that axe finds fault with, in a page that has run `axe`. */
export async function assertAccessible(visit: Visit, state: string): Promise<void> {
  const found = await visit.page.evaluate(async () => {
    // Colours on their way from one to another are nobody's choice.
    const moving = document.querySelector('vc-room')?.shadowRoot?.getAnimations() ?? [];
    await Promise.all(
      moving
        .filter((animation) => animation.timeline === document.timeline && animation.effect?.getComputedTiming().endTime !== Infinity)
        .map(({ finished }) => finished.catch(() => undefined)),
    );
    const { violations } = await (window as unknown as { axe: { run(where: string): Promise<AxeResults> } }).axe.run('vc-room');
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`));
  });
  assert.deepEqual(found, [], state);
}
