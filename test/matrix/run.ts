import assert from 'node:assert/strict';
import { startFirefox } from '../support/firefox.js';
import { frameOf, openStage } from '../support/stage.js';
import type { Stage } from '../support/stage.js';
import { unpackTarball } from '../support/tarball.js';
import { startWebKit } from '../support/webkit.js';
import { cellsOf } from './cells.js';
import type { Cell } from './cells.js';
import { outcomeOf } from './outcome.js';
import type { Seat } from './outcome.js';
import { browsers, keyOf, readTable, render, writeTable } from './table.js';
import type { BrowserName } from './table.js';

/**
 * Goes through every cell of the README's table, with the packed tarball served from another origin, in each browser; prints the table, and fails where it differs from
 * the README's. `UPDATE=1` writes the README's anew. `tsx test/matrix/run.ts Firefox sandbox` goes through the cells of that browser that are called so.
 */

/** Opens a cell's page and does something there; what went wrong in it unnoticed is thrown. */
interface Driver {
  at<Result>(cell: Cell, work: (seat: Seat) => Promise<Result>): Promise<Result>;
  stop(): Promise<void>;
}

const drivers: Readonly<Record<BrowserName, (stage: Stage) => Promise<Driver>>> = {
  Chromium: (stage) =>
    Promise.resolve({
      async at({ page, opens }, work) {
        const visit = await stage.visit({ as: 'ada', ...page });
        try {
          if (opens !== undefined) await visit.page.evaluate(opens);
          return await work(visit);
        } finally {
          assert.deepEqual(await visit.close(), []);
        }
      },
      stop: () => Promise.resolve(),
    }),

  async Firefox(stage) {
    const firefox = await startFirefox('ada');
    return {
      async at({ page, opens }, work) {
        try {
          const visit = await firefox.open(stage.page({ as: 'ada', ...page }), page.wasm === false ? { violating: 'script-src wasm-eval' } : {});
          if (opens !== undefined) await visit.page.evaluate(opens);
          // WebDriver's mouse reaches no frame of an isolated page.
          if (page.frame !== undefined && page.top?.['cross-origin-embedder-policy'] !== undefined) visit.click = (part) => visit.press(part);
          return await work(visit);
        } finally {
          await firefox.clear();
        }
      },
      stop: () => firefox.stop(),
    };
  },

  async WebKitGTK(stage) {
    const webKit = await startWebKit();
    const room = `(function find(root) {
      const own = root.querySelector('vc-room');
      return own ?? [...root.querySelectorAll('*')].reduce((found, { shadowRoot }) => found ?? (shadowRoot && find(shadowRoot)), null);
    })(document)`;
    const seat: Seat = {
      click: (part) => webKit.click(`${room}.shadowRoot.querySelector('[part~="${part}"]')`),
      run: <Result>(work: Parameters<Seat['run']>[0]) => webKit.run(`return (${work.toString()})(${room})`) as Promise<Awaited<Result>>,
      async until(what, test) {
        const deadline = Date.now() + patience;
        while (!(await seat.run(test))) assert.ok(Date.now() < deadline, `Not within ${patience} ms: ${what}`);
      },
      hears: () => Promise.reject(new Error('Nobody can call from WebKitGTK.')),
    };
    return {
      async at({ page, opens = '' }, work) {
        const url = stage.page({ as: 'ada', ...page });
        await webKit.open(url);
        if (frameOf(url) !== url) await webKit.enterFrame();
        await webKit.run(`${opens}; await customElements.whenDefined('vc-room'); await ${room}.updateComplete;`);
        return work(seat);
      },
      stop: () => webKit.stop(),
    };
  },
};

/** For what takes a real browser; ample, as the machine may be busy. */
const patience = 30_000;

const isBrowser = (word: string): word is BrowserName => (browsers as readonly string[]).includes(word);
const named = process.argv.slice(2).filter(isBrowser);
const words = process.argv.slice(2).filter((word) => !isBrowser(word));
const table = readTable();
const wrong: string[] = [];
const changed: string[] = [];
const opened: { stop(): Promise<void> }[] = [];
const tarball = unpackTarball();
try {
  const stage = await openStage('all', tarball.dist);
  opened.push(stage);
  const cells = await cellsOf(stage, tarball);
  opened.push(cells);
  const ben = await stage.visit({ as: 'ben' });
  await ben.join();
  for (const browser of named.length > 0 ? named : browsers) {
    const driver = await drivers[browser](stage);
    for (const cell of cells.all) {
      const key = keyOf(cell);
      if (!words.every((word) => key.includes(word))) continue;
      try {
        const outcome = await driver.at(cell, (seat) => outcomeOf(seat, ben));
        console.log(`${browser}: ${outcome}: ${key}`);
        if (outcome !== table[browser].get(key)) changed.push(`${browser}: ${outcome}, which the README does not say: ${key}`);
        table[browser].set(key, outcome);
      } catch (error) {
        console.log(`${browser}: failed: ${key}: ${String(error)}`);
        wrong.push(`${browser}: failed: ${key}`);
        // Whoever is still in the room leaves it with their page.
        await ben.until('alone again', (room) => room.remoteParticipants.length === 0, undefined, 2 * patience);
      }
    }
    await driver.stop();
  }
  await stage.clear();
} finally {
  for (const one of opened.reverse()) await one.stop();
  tarball.remove();
}

console.log(`\n${render(table)}\n`);
if (process.env['UPDATE']) await writeTable(table);
else wrong.push(...changed);
for (const line of wrong) console.error(line);
process.exit(wrong.length > 0 ? 1 : 0);
