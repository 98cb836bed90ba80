import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import type { Flow } from '../join/flows.js';
import { near } from '../join/measure.js';
import { besideServer, openStage } from '../join/stage.js';
import type { Stage } from '../join/stage.js';
import { median } from '../join/table.js';
import { faults } from './faults.js';
import type { Fault, World } from './faults.js';

/**
 * `npm run bench:recovery`: how long a voice is not heard after a fault, at the far end and at one's own ear, ours beside livekit-client's defaults.
 * Two people with the same client talk without a pause; one of them stands behind the network that fails.
 */
const root = join(import.meta.dirname, '../../..');
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    rtt: { type: 'string', default: '0,50' },
    /** Only faults whose name contains one of these words; the long ones have to be named. */
    faults: { type: 'string', default: '' },
    /** Only clients whose name contains this. */
    client: { type: 'string', default: '' },
    /** Prints what each end did and when, in ms from the fault. */
    trace: { type: 'boolean', default: false },
    dist: { type: 'string', default: join(root, 'dist') },
  },
});

const every: readonly (Pick<Flow, 'page'> & { readonly name: string })[] = [
  { name: 'livekit-client', page: { script: 'naive.ts' } },
  { name: 'vc-room', page: { vcRoom: {} } },
];
const clients = every.filter(({ name }) => name.includes(values.client));

/** Ms: what one end heard. `back`: from the fault until sound had come back for good, null for never; a codec may go on for 300 ms after the cut. */
interface Ear {
  readonly silence: number | null;
  readonly back: number | null;
}

interface Outcome {
  readonly lasted: number;
  /** The one beside the server. */
  readonly far: Ear;
  /** The one behind the network. */
  readonly own: Ear;
}

/** Sound that stays for so long is back, in ms. */
const steady = 4000;

async function measure(stage: Stage, world: World, fault: Fault, client: (typeof clients)[number], room: string): Promise<Outcome> {
  const profiles = [await stage.profile(), await stage.profile()] as const;
  try {
    const own = await stage.open(profiles[0], near(client, room));
    const far = await stage.open(profiles[1], near(client, room, besideServer));
    for (const page of [own, far]) {
      await page.getByRole('button', { name: /join/i }).first().click();
      await page.waitForFunction(() => window.instrument.joinedAt !== null);
    }
    const ends = [own, far];
    for (const page of ends) await page.waitForFunction(() => window.instrument.heardAt !== null);
    // What a call does in its first seconds is not what is measured.
    await sleep(2000);
    for (const page of ends) await page.evaluate(() => window.instrument.arm());
    await sleep(300);
    const from = Date.now();
    await fault.happen(world);
    const lasted = Date.now() - from;
    const [ownEar, farEar] = await Promise.all(ends.map((page) => listen(page, from, Date.now() + 1000 * fault.patience)));
    if (values.trace) for (const [index, page] of ends.entries()) await printTrace(page, ['own', 'far'][index]!, from, lasted);
    return { lasted, own: ownEar!, far: farEar! };
  } finally {
    world.network.set({ drop: 'none', loss: 0, jitter: 0, rate: null });
    for (const profile of profiles) await profile.close();
  }
}

async function printTrace(page: Page, end: string, from: number, lasted: number): Promise<void> {
  const { steps, gaps } = await page.evaluate(() => window.instrument);
  console.error(`${end}, fault over at ${lasted}, silent ${gaps.map((gap) => `${(gap.from - from).toFixed(0)} to ${(gap.to - from).toFixed(0)}`).join(', ')}`);
  for (const { name, at } of steps) if (at >= from) console.error(`${(at - from).toFixed(0).padStart(7)} ${name}`);
}

async function listen(page: Page, from: number, deadline: number): Promise<Ear> {
  for (;;) {
    const heard = await page.evaluate(() => ({ gaps: window.instrument.gaps, loudAt: window.instrument.loudAt }));
    const { loudAt } = heard;
    const gaps = heard.gaps.filter(({ to }) => to > from);
    const ended = gaps.at(-1)?.to ?? from;
    const now = Date.now();
    if (now - loudAt < 500 && now - ended > steady) return { silence: Math.max(0, ...gaps.map((gap) => gap.to - gap.from)), back: ended - from };
    if (now > deadline) return { silence: null, back: null };
    await sleep(250);
  }
}

const words = values.faults.split(',').filter(Boolean);
const chosen = faults.filter(({ name, long }) => (words.length > 0 ? words.some((word) => name.includes(word)) : !long));
const stage = await openStage(resolve(values.dist));
const world: World = { network: stage.network, server: stage.liveKit };
const rows: { fault: Fault; rtt: number; client: string; outcomes: Outcome[] }[] = [];
try {
  for (const fault of chosen)
    for (const rtt of values.rtt.split(',').map(Number)) for (const { name } of clients) rows.push({ fault, rtt, client: name, outcomes: [] });
  for (let run = 0; run < Number(values.runs); run++) {
    for (const [index, { fault, rtt, client, outcomes }] of rows.entries()) {
      stage.network.set({ rtt });
      const wanted = clients.find(({ name }) => name === client)!;
      const outcome = await measure(stage, world, fault, wanted, `recovery-${run}-${index}`).catch((error: unknown) =>
        console.error(`${fault.name}, R = ${rtt}, ${client}: ${String(error)}`),
      );
      if (outcome) outcomes.push(outcome);
    }
    console.error(`${run + 1} of ${values.runs} runs, load ${loadavg()[0]?.toFixed(1)}`);
  }
} finally {
  await stage.stop();
  await world.server.stop();
}

mkdirSync(join(root, '.cache'), { recursive: true });
writeFileSync(join(root, '.cache/bench-recovery.json'), JSON.stringify(rows, null, 1));
console.log('Ms without a voice: longest silence, from the fault until sound had come back for good\n');
console.log('| fault | R | lasted | client | far end | own ear | goal at R = 0 |\n|---|---|---|---|---|---|---|');
for (const { fault, rtt, client, outcomes } of rows) {
  const lasted = median(outcomes.map((outcome) => outcome.lasted));
  const cell = (end: 'far' | 'own') => {
    const lost = outcomes.filter((outcome) => outcome[end].back === null).length;
    const [silence, back] = (['silence', 'back'] as const).map((key) => median(outcomes.map((outcome) => outcome[end][key])).toFixed(0));
    return `${silence}, ${back}${lost > 0 ? ` (${lost} of ${outcomes.length} never)` : ''}`;
  };
  console.log(`| ${fault.name} | ${rtt} | ${lasted.toFixed(0)} | ${client} | ${cell('far')} | ${cell('own')} | ${fault.goal(lasted).toFixed(0)} |`);
}
process.exit();
