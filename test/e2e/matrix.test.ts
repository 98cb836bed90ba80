import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { cellsOf, kinds, policies, strict } from '../matrix/cells.js';
import type { Cells } from '../matrix/cells.js';
import { outcomeOf } from '../matrix/outcome.js';
import { keyOf, readTable } from '../matrix/table.js';
import { openStage } from '../support/stage.js';
import type { Stage, Visit } from '../support/stage.js';
import { unpackTarball } from '../support/tarball.js';
import type { Tarball } from '../support/tarball.js';

/** Of the README's table every kind of page under the strictest policy, and the plainest page under every policy, in Chromium; the rest by `npm run test:matrix`. */
describe('the packed tarball, served from another origin', () => {
  const table = readTable().Chromium;
  let tarball: Tarball;
  let stage: Stage;
  let cells: Cells;
  let ben: Visit;
  before(async () => {
    tarball = unpackTarball();
    stage = await openStage('loopback', tarball.dist);
    cells = await cellsOf(stage, tarball);
    ben = await stage.visit({ as: 'ben' });
    await ben.join();
  });
  after(async () => {
    await stage.clear();
    await cells.stop();
    await stage.stop();
    tarball.remove();
  });

  let ada: Visit | undefined;
  afterEach(async () => {
    assert.deepEqual(await ada?.close(), []);
  });

  const [plainest] = Object.keys(kinds);
  for (const policy of Object.keys(policies))
    for (const kind of Object.keys(kinds).filter((one) => one === plainest || policy === strict)) {
      const wanted = table.get(keyOf({ kind, policy }));
      it(`${wanted ?? 'is in no table'}: ${kind}, ${policy}`, async () => {
        const cell = cells.all.find((one) => one.kind === kind && one.policy === policy);
        assert.ok(cell);
        ada = await stage.visit({ as: 'ada', ...cell.page });
        if (cell.opens !== undefined) await ada.page.evaluate(cell.opens);
        assert.equal(await outcomeOf(ada, ben), wanted);
      });
    }

  it('is what the README shows, and no more', () => {
    assert.deepEqual([...table.keys()].sort(), cells.all.map(keyOf).sort());
  });
});
