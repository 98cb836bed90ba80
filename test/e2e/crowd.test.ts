import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build } from 'esbuild';
import type { Browser } from 'playwright-core';
import type { VcRoom } from '../../src/vc-room.js';
import { launch } from '../support/launch.js';
import type { Crowd } from '../support/crowd-transport.js';
import { serve } from '../support/serve.js';
import type { Served } from '../support/serve.js';

/** How many come, one in a task; how often then others speak, ten times a second; how often all of it happens. */
const people = 200;
const changes = 20;
const rounds = 3;

/** The element as it is published, but over another transport. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '../../src/define.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    minify: true,
    target: 'es2022',
    tsconfig: join(import.meta.dirname, '../../tsconfig.base.json'),
    plugins: [
      {
        name: 'crowd',
        setup: ({ onResolve }) => onResolve({ filter: /livekit-transport\.js$/ }, () => ({ path: join(import.meta.dirname, '../support/crowd-transport.ts') })),
      },
    ],
  });
  return outputFiles[0]?.text ?? '';
}

describe('a room of 200, as the page feels it', () => {
  let browser: Browser;
  let served: Served;

  before(async () => {
    const script = await bundle();
    served = await serve((request, response) => {
      const isScript = request.url === '/vc-room.js';
      response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
      response.end(isScript ? script : '<!doctype html><html lang="en"><title>.</title><script type="module" src="/vc-room.js"></script>');
    });
    browser = await launch();
  });
  after(async () => {
    await browser.close();
    await served.stop();
  });

  it('costs less for a change than for the room at once, while 200 come and others speak ten times a second', async (t) => {
    const page = await browser.newPage();
    // tsx names functions by a helper that the page does not have.
    await page.addInitScript('globalThis.__name = (named) => named');
    await page.goto(served.origin);
    const { whole, joins, speeches, storms } = await page.evaluate(
      async ([people, changes, rounds]) => {
        const text = (value: object): string => btoa(JSON.stringify(value)).replaceAll('=', '');
        const claims = { sub: 'me', exp: Math.floor(Date.now() / 1000) + 600, video: { roomJoin: true, room: 'hall', canPublish: false } };
        const token = `${text({ alg: 'HS256' })}.${text(claims)}.${text({})}`;
        const enter = async (): Promise<[VcRoom, Crowd]> => {
          const room = document.createElement('vc-room');
          Object.assign(room, { room: 'hall', identity: 'me', listenOnly: true, cues: 'off', tokenCache: 'none' });
          room.tokenSource = () => Promise.resolve({ serverUrl: 'ws://crowd.test', token });
          document.body.append(room);
          await room.join();
          while (!room.shadowRoot?.querySelector('ul')) await new Promise(requestAnimationFrame);
          return [room, (globalThis as unknown as { crowd: Crowd }).crowd];
        };
        /** Ms until what was told is laid out. */
        const cost = async (room: VcRoom, tell: () => void): Promise<number> => {
          const start = performance.now();
          tell();
          await room.updateComplete;
          room.getBoundingClientRect();
          void room.shadowRoot?.querySelector('.people')?.scrollHeight;
          return performance.now() - start;
        };
        const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
        const long: number[] = [];
        const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration)));
        observer.observe({ type: 'longtask' });
        const since = async (work: () => Promise<void>): Promise<number[]> => {
          long.length = 0;
          await work();
          await rest(0);
          long.push(...observer.takeRecords().map(({ duration }) => duration));
          return [...long];
        };

        const whole: number[] = [];
        for (let again = 0; again < 3; again++) {
          const [room, crowd] = await enter();
          whole.push(await cost(room, () => crowd.enter(people)));
          room.leave();
          room.remove();
        }
        const median = (values: readonly number[]): number => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
        const spin = (ms: number): void => {
          for (const end = performance.now() + ms; performance.now() < end;);
        };
        const joins: number[] = [];
        const speeches: number[] = [];
        const storms: { readonly ours: number[]; readonly machine: number[] }[] = [];
        for (let round = 0; round < rounds; round++) {
          const [room, crowd] = await enter();
          const ours = await since(async () => {
            for (let count = 0; count < people; count++) {
              joins.push(await cost(room, () => crowd.enter(1)));
              await rest(5);
            }
            for (let change = 0; change < changes; change++) {
              const speakers = [change, change * 7, change * 13].map((at) => `id-${at % people}`);
              speeches.push(await cost(room, () => crowd.speak(speakers)));
              await rest(100);
            }
          });
          // The same beat with nobody coming and nobody speaking: what the machine makes of tasks of this length.
          crowd.speak([]);
          const [join, speech] = [median(joins), median(speeches)];
          const machine = await since(async () => {
            for (let count = 0; count < people; count++) {
              spin(join);
              await rest(5);
            }
            for (let change = 0; change < changes; change++) {
              spin(speech);
              await rest(100);
            }
          });
          storms.push({ ours, machine });
          room.leave();
          room.remove();
        }
        return { whole, joins, speeches, storms };
      },
      [people, changes, rounds] as const,
    );
    const sorted = (values: readonly number[]): number[] => values.toSorted((one, other) => one - other);
    const at = (values: readonly number[], share: number): number => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
    const told = (values: readonly number[]): string =>
      `median ${at(values, 0.5).toFixed(1)} ms, 95 % below ${at(values, 0.95).toFixed(1)} ms, at most ${at(values, 1).toFixed(1)} ms`;
    t.diagnostic(`all 200 at once: ${told(whole)}`);
    t.diagnostic(`one more comes: ${told(joins)}; the last 50: ${told(joins.slice(-50))}`);
    t.diagnostic(`others speak: ${told(speeches)}`);
    const list = (tasks: readonly number[]): string => `${tasks.length} (${sorted(tasks).map(Math.round).join(', ')})`;
    for (const { ours, machine } of storms) t.diagnostic(`tasks over 50 ms: ${list(ours)}; in the same beat without us: ${list(machine)}`);
    assert.equal(joins.length, people * rounds);
    // A machine that does other things beside makes any task long, in some rounds: what is ours is long in each.
    assert.ok(
      storms.some(({ ours, machine }) => ours.length <= machine.length),
      'in the best of three rounds no task is long that would be short without us',
    );
    assert.ok(at(speeches, 0.5) < at(whole, 0.5) / 2, 'another speaker costs less than half of the whole room');
    assert.ok(at(joins.slice(-50), 0.5) < at(whole, 0.5), 'the last who come cost less than the whole room');
  });
});
