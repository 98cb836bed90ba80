import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join as path, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import type { Flow } from '../join/flows.js';
import { near } from '../join/measure.js';
import { besideServer, openStage } from '../join/stage.js';
import type { Stage } from '../join/stage.js';
import { median } from '../join/table.js';
import { CableEnd, cutCable, layCable } from './cable.js';
import { faults } from './faults.js';
import type { Fault, World } from './faults.js';
import { startNodes } from './nodes.js';
import type { Nodes } from './nodes.js';

/**
 * `npm run bench:recovery`: how long a voice is not heard after a fault, at the far end and at one's own ear, ours beside livekit-client's defaults.
 * Two people with the same client talk without a pause; one of them stands behind the network that fails.
 */
const root = path(import.meta.dirname, '../../..');
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
    dist: { type: 'string', default: path(root, 'dist') },
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
/** Ms of silence that a busy machine makes by itself. */
const hiccup = 150;

async function measure({ stage, world, nodes }: Scene, fault: Fault, client: (typeof clients)[number], room: string): Promise<Outcome> {
  const profiles = [await stage.profile(true), await stage.profile()] as const;
  try {
    if (nodes) world.server = await nodes.place(room);
    const own = (world.own = await stage.open(profiles[0], near(client, room, nodes ? besideServer : '')));
    const far = await stage.open(profiles[1], near(client, room, besideServer));
    const ends = [own, far];
    const happened = fault.atStart ? await atStart(ends, world, fault) : await inTheCall(ends, world, fault);
    const { from, lasted } = happened;
    const [ownEar, farEar] = await Promise.all(ends.map((page) => listen(page, from, Date.now() + 1000 * fault.patience)));
    if (values.trace) for (const [index, page] of ends.entries()) await printTrace(page, ['own', 'far'][index]!, from, lasted);
    return { lasted, own: ownEar!, far: farEar! };
  } finally {
    world.network.set({ drop: 'none', loss: 0, jitter: 0, rate: null });
    for (const profile of profiles) await profile.close();
  }
}

interface Happened {
  /** Ms since the epoch. */
  readonly from: number;
  readonly lasted: number;
}

async function join(page: Page): Promise<void> {
  await page.getByRole('button', { name: /join/i }).first().click();
  await page.waitForFunction(() => window.instrument.joinedAt !== null);
}

async function inTheCall(ends: readonly Page[], world: World, fault: Fault): Promise<Happened> {
  for (const page of ends) await join(page);
  for (const page of ends) await page.waitForFunction(() => window.instrument.heardAt !== null);
  // What a call does in its first seconds is not what is measured.
  await sleep(2000);
  for (const page of ends) await page.evaluate(() => window.instrument.arm());
  await sleep(300);
  const from = Date.now();
  await fault.happen(world);
  return { from, lasted: Date.now() - from };
}

async function atStart([own, far]: readonly Page[], world: World, fault: Fault): Promise<Happened> {
  await join(far!);
  await sleep(2000);
  await fault.happen(world);
  await join(own!);
  await own!.waitForFunction(() => window.instrument.heardAt !== null);
  const from = await own!.evaluate(() => window.instrument.pressedAt!);
  return { from, lasted: 0 };
}

async function printTrace(page: Page, end: string, from: number, lasted: number): Promise<void> {
  const { steps, gaps } = await page.evaluate(() => window.instrument);
  console.error(`${end}, fault over at ${lasted}, silent ${gaps.map((gap) => `${(gap.from - from).toFixed(0)} to ${(gap.to - from).toFixed(0)}`).join(', ')}`);
  for (const { name, at } of steps) if (at >= from) console.error(`${(at - from).toFixed(0).padStart(7)} ${name}`);
}

async function listen(page: Page, from: number, deadline: number): Promise<Ear> {
  for (;;) {
    const {
      gaps: all,
      loudAt,
      heardAt,
    } = await page.evaluate(() => {
      // Not the steps as well: there are hundreds, and the relay has to live in this process too.
      const { gaps, loudAt, heardAt } = window.instrument;
      return { gaps, loudAt, heardAt };
    });
    // Who heard nobody yet has waited since the fault.
    const gaps = [
      ...(heardAt !== null && heardAt > from + 40 ? [{ from, to: heardAt }] : []),
      ...all.filter((gap) => gap.to > from && gap.to - gap.from > hiccup),
    ];
    const ended = gaps.at(-1)?.to ?? from;
    const now = Date.now();
    if (now - loudAt < 500 && now - ended > steady)
      return { silence: Math.max(0, ...gaps.map((gap) => gap.to - Math.max(gap.from, from))), back: ended - from };
    if (now > deadline) return { silence: null, back: null };
    await sleep(250);
  }
}

const words = values.faults.split(',').filter(Boolean);
const chosen = faults.filter(({ name, long }) => (words.length > 0 ? words.some((word) => name.includes(word)) : !long));

/** All of this once more beside the server, at the end of a cable, where faults need one and this machine can. */
const clientSide = process.env['VC_ROOM_CABLE'];
const { skipped, cable } = clientSide === undefined ? tryCable() : { skipped: null, cable: null };
if (cable) {
  const { status } = spawnSync('ip', ['netns', 'exec', cable.serverSide, process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, VC_ROOM_CABLE: cable.clientSide },
  });
  cutCable(cable);
  process.exit(status ?? 1);
}

function tryCable(): { readonly skipped: string | null; readonly cable: ReturnType<typeof layCable> | null } {
  if (!chosen.some(({ needs }) => needs === 'cable')) return { skipped: null, cable: null };
  try {
    return { skipped: null, cable: layCable() };
  } catch (error) {
    return { skipped: String(error), cable: null };
  }
}

/** Servers, network and browsers for what a fault needs. */
interface Scene {
  readonly stage: Stage;
  readonly world: World;
  readonly nodes: Nodes | null;
  stop(): Promise<void>;
}

async function openScene(needs: Fault['needs']): Promise<Scene> {
  if (needs === 'cable' && clientSide === undefined) throw new Error(`no network namespaces: ${skipped}`);
  const end = needs === 'cable' ? new CableEnd(clientSide!) : null;
  const nodes = needs === 'nodes' ? await startNodes() : null;
  const stage = await openStage(resolve(values.dist), { ...(end && { cable: end }), ...(nodes && { liveKit: nodes.entry }) });
  const world: World = { network: stage.network, cable: end, server: stage.liveKit, own: null };
  return {
    stage,
    world,
    nodes,
    async stop() {
      await stage.stop();
      await world.server.stop();
      await nodes?.stop();
      end?.close();
    },
  };
}

const scenes = new Map<Fault['needs'], Scene>();
const rows: { fault: Fault; rtt: number; client: string; outcomes: Outcome[] }[] = [];
try {
  for (const fault of chosen) {
    try {
      if (!scenes.has(fault.needs)) scenes.set(fault.needs, await openScene(fault.needs));
    } catch (error) {
      console.log(`Left out: ${fault.name} (${String(error)})`);
      continue;
    }
    // Only the relay makes round trips longer.
    for (const rtt of fault.needs ? [0] : values.rtt.split(',').map(Number))
      for (const { name } of clients) rows.push({ fault, rtt, client: name, outcomes: [] });
  }
  for (let run = 0; run < Number(values.runs); run++) {
    for (const [index, { fault, rtt, client, outcomes }] of rows.entries()) {
      const scene = scenes.get(fault.needs)!;
      scene.stage.network.set({ rtt });
      const wanted = clients.find(({ name }) => name === client)!;
      const outcome = await measure(scene, fault, wanted, `recovery-${run}-${index}`).catch((error: unknown) =>
        console.error(`${fault.name}, R = ${rtt}, ${client}: ${String(error)}`),
      );
      if (outcome) outcomes.push(outcome);
    }
    console.error(`${run + 1} of ${values.runs} runs, load ${loadavg()[0]?.toFixed(1)}`);
  }
} finally {
  for (const scene of scenes.values()) await scene.stop();
}

mkdirSync(path(root, '.cache'), { recursive: true });
writeFileSync(path(root, '.cache/bench-recovery.json'), JSON.stringify(rows, null, 1));
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
