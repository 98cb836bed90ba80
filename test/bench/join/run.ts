import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { flows } from './flows.js';
import { isPossible, measureJoin } from './measure.js';
import type { Join } from './measure.js';
import { openStage } from './stage.js';
import { promises, steps, table } from './table.js';
import type { Row } from './table.js';

/**
 * `npm run bench:join`: from the press of a button to a voice, ours beside what others do, under several round-trip times, in one interleaved run.
 * Every browser page stands behind the same network; the far end too. Files and token endpoint are as near as the disk, the latter takes 100 ms.
 */
const root = join(import.meta.dirname, '../../..');
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '9' },
    rtt: { type: 'string', default: '0,20,50,100' },
    /** Only flows whose name contains one of these words. */
    flows: { type: 'string', default: '' },
    dist: { type: 'string', default: join(root, 'dist') },
    /** Where the time goes, for each flow. */
    steps: { type: 'boolean', default: false },
    /** Adds to what was measured before, so that a long run can be made in pieces. */
    more: { type: 'boolean', default: false },
  },
});
const trips = values.rtt.split(',').map(Number);
const words = values.flows.split(',');
const stage = await openStage(resolve(values.dist));
const results = join(root, '.cache/bench-join.json');
const rows: (Row & { joins: Join[] })[] = values.more && existsSync(results) ? (JSON.parse(readFileSync(results, 'utf8')) as typeof rows) : [];

try {
  const chosen = [];
  for (const flow of flows) {
    if (!words.some((word) => flow.name.includes(word))) continue;
    if (await isPossible(stage, flow)) chosen.push(flow);
    else console.log(`Left out, since <vc-room> has no ${flow.needs}: ${flow.name}`);
  }
  for (const rtt of trips)
    for (const flow of chosen) if (!rows.some((row) => row.flow.name === flow.name && row.rtt === rtt)) rows.push({ flow, rtt, joins: [] });

  for (let run = 0; run < Number(values.runs); run++) {
    for (const rtt of trips) {
      stage.network.set({ rtt });
      const room = `bench-${run}-${rtt}`;
      const far = await stage.far(room);
      // Another one first each time: who comes after whom must not matter.
      const order = [...chosen.slice(run % chosen.length), ...chosen.slice(0, run % chosen.length)];
      for (const flow of order) {
        const measured = await measureJoin(stage, flow, room, far).catch((error: unknown) => console.error(`${flow.name}, R = ${rtt}: ${String(error)}`));
        if (measured) rows.find((row) => row.flow.name === flow.name && row.rtt === rtt)?.joins.push(measured);
      }
      await far.context().close();
    }
    console.error(`${run + 1} of ${values.runs} runs, load ${loadavg()[0]?.toFixed(1)}`);
  }
} finally {
  await stage.stop();
}

mkdirSync(join(root, '.cache'), { recursive: true });
writeFileSync(results, JSON.stringify(rows, null, 1));
if (values.steps) console.log(rows.map((row) => `${steps(row)}\n`).join('\n'));
console.log(
  `Ms from the press, median of ${Math.min(...rows.map(({ joins }) => joins.length))} · share of the memo's flow [round trips and token that no client can avoid]\n\n${table(rows)}\n\n${promises(rows)}`,
);
process.exit();
