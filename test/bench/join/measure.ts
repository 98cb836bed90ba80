import type { Page } from 'playwright-core';
import type { Flow, Metric } from './flows.js';
import type { Step } from './pages/instrument.js';
import type { NearPage, Stage } from './stage.js';

/** From press to release of a person's mouse button, in ms. */
const pressTime = 90;
/** Between a page that has loaded and the person's first move, in ms. */
const settling = 500;
const patience = 15_000;

/** One join: ms from the press, null for what never came. */
export interface Join extends Record<Metric, number | null> {
  /** HTTP requests before the press, and all. */
  readonly requestsBefore: number;
  readonly requests: number;
  /** All that the site and the SFU's signal port sent and got, in bytes. */
  readonly bytes: number;
  readonly steps: readonly { readonly name: string; readonly at: number }[];
}

/** Whether `<vc-room>` can do what the flow is about. */
export async function isPossible(stage: Stage, flow: Flow): Promise<boolean> {
  if (flow.needs === undefined) return true;
  const profile = await stage.profile();
  const page = await stage.open(profile, near(flow, 'possible'));
  const possible = await page.evaluate(async (name) => name in (await customElements.whenDefined('vc-room')).prototype, flow.needs);
  await profile.close();
  return possible;
}

/** One join in a fresh page, while `far` is in the room and hears. */
export async function measureJoin(stage: Stage, flow: Flow, room: string, far: Page): Promise<Join> {
  const profile = await stage.profile();
  try {
    if (flow.secondVisit) await visitFirst(stage, flow, room, far, profile);
    const before = { ...stage.traffic, tcp: stage.network.stats().tcpBytes };
    const page = await stage.open(profile, near(flow, room));
    await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), settling);
    await far.evaluate(() => window.instrument.arm());
    stage.watchPackets();

    const button = page.getByRole('button', { name: /join/i }).first();
    const box = await button.boundingBox();
    if (!box) throw new Error(`${flow.name}: there is no button to press`);
    const { mouse } = page;
    await mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    if (flow.hover !== undefined) await sleep(flow.hover);
    const requestsBefore = stage.traffic.requests - before.requests;
    await mouse.down();
    await sleep(pressTime);
    await mouse.up();

    const seen = await settled(page, far, stage);
    const { requests, bytes } = stage.traffic;
    const { pressedAt } = seen;
    if (pressedAt === null) throw new Error(`${flow.name}: the press did not arrive`);
    const since = (at: number | null) => (at === null ? null : at - pressedAt);
    const steps = await page.evaluate((): Step[] => window.instrument.steps);
    await leave(page, far);
    return {
      packet: since(seen.packetAt),
      heard: since(seen.heardAt),
      ear: since(seen.earAt),
      joined: since(seen.joinedAt),
      requestsBefore,
      requests: requests - before.requests,
      bytes: bytes - before.bytes + stage.network.stats().tcpBytes - before.tcp,
      steps: steps.map(({ name, at }) => ({ name, at: at - pressedAt })),
    };
  } finally {
    await profile.close();
  }
}

interface Seen {
  readonly pressedAt: number | null;
  readonly joinedAt: number | null;
  readonly earAt: number | null;
  readonly heardAt: number | null;
  readonly packetAt: number | null;
}

/** Looks rarely, since looking takes the machine's time. */
async function settled(page: Page, far: Page, stage: Stage): Promise<Seen> {
  const deadline = Date.now() + patience;
  for (;;) {
    await sleep(300);
    const heardAt = await far.evaluate(() => window.instrument.heardAt);
    const here = await page.evaluate(() => {
      const { pressedAt, joinedAt, heardAt: earAt } = window.instrument;
      return { pressedAt, joinedAt, earAt };
    });
    const seen = { ...here, heardAt, packetAt: stage.packetAt };
    if (Object.values(seen).every((at) => at !== null) || Date.now() > deadline) return seen;
  }
}

async function visitFirst(stage: Stage, flow: Flow, room: string, far: Page, profile: Awaited<ReturnType<Stage['profile']>>): Promise<void> {
  const page = await stage.open(profile, near(flow, room));
  await page.getByRole('button', { name: /join/i }).first().click();
  await page.waitForFunction(() => window.instrument.joinedAt !== null && window.instrument.heardAt !== null);
  await leave(page, far);
  await page.close();
}

async function leave(page: Page, far: Page): Promise<void> {
  await page.evaluate(() => {
    const element = document.querySelector('vc-room');
    return element ? element.leave() : window.leave();
  });
  await far.waitForFunction(() => window.far.others() === 0);
}

/** What a browser has to open for a flow. */
export function near({ page }: Pick<Flow, 'page'>, room: string, search = ''): NearPage {
  if ('script' in page)
    return { html: page.script.endsWith('.mjs') ? '' : '<button>Join</button>', script: `/${page.script.replace(/\.\w+$/, '.js')}`, room, search };
  const attributes = Object.entries({ 'token-endpoint': `/token${search}`, room, 'display-name': 'Ada', ...page.vcRoom });
  return { html: `<vc-room${attributes.map(([name, value]) => ` ${name}="${value}"`).join('')}></vc-room>`, script: '/dist/vc-room.js', room, search };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
