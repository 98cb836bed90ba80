import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { setTimeout as pass } from 'node:timers/promises';
import { startNetwork } from './network.js';
import type { Network } from './network.js';
import { seeded } from './random.js';
import { Mortal } from './mortal.js';
import { openStage } from './stage.js';
import type { Stage, Visit } from './stage.js';

declare global {
  interface Window {
    /** Who presses; `isActing` while they do, `unmuted` counts how often the microphone was unmuted when they did not. */
    monkey: { isActing: boolean; wasMuted: boolean; unmuted: number };
  }
}

/** Until everything that was done to it is over, in ms: the longest delay of a recovery, and a join. */
const settleLimit = 30_000;
const keys = ['Tab', 'Tab', 'Enter', 'Space', 'Escape', 'ArrowDown', 'ArrowUp', 'End'];

/**
 * Ada presses everything in any order while network and server fail, once for each seed. However that ends, she is in or out, never twice, never
 * unmuted by anybody but herself, and can talk again.
 */
export function describeMonkeys({ seeds, seconds }: { readonly seeds: number; readonly seconds: number }): void {
  describe(`<vc-room> in the hands of a monkey, ${seconds} s each`, () => {
    let stage: Stage;
    let network: Network;
    let server: Mortal;
    before(async () => {
      stage = await openStage();
      server = new Mortal(stage.liveKit);
    });
    beforeEach(async () => {
      stage.newRoom();
      network = await startNetwork({ server: stage.liveKit });
    });
    afterEach(async () => {
      await server.comeBack();
      await stage.clear();
      await network.stop();
    });
    after(async () => {
      await server.stop();
      await stage.stop();
    });

    for (let seed = 1; seed <= seeds; seed++)
      it(`seed ${seed}: ends in or out, and can talk`, async (test) => {
        const random = seeded(seed);
        const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
        const [ada, ben] = await Promise.all([
          stage.visit({ as: 'ada', attributes: { 'token-endpoint': stage.endpoint.at('valid', network.url) } }),
          stage.visit({ as: 'ben' }),
        ]);
        await ben.join();
        await watch(ada);
        const done: string[] = [];
        for (const end = Date.now() + 1000 * seconds; Date.now() < end; await pass(300 * random())) {
          const fault = random();
          if (fault < 0.04) await (server.isDown ? server.comeBack() : server.die());
          else if (fault < 0.1) network.cutWebSockets();
          else if (fault < 0.2) network.set({ drop: pick(['all', 'udp', 'none', 'none']), rtt: pick([0, 50, 200]) });
          else done.push(await act(ada, random, pick));
          if (fault < 0.2) done.push('fault');
        }
        test.diagnostic(`${done.length} deeds, ${done.filter((deed) => deed === 'fault').length} faults`);
        network.set({ drop: 'none', rtt: 0 });
        await server.comeBack();
        // A page that has not noticed yet is still joined, to a room that is gone.
        while (!(await stage.participants()).some(({ name }) => name === 'Ben')) await pass(100);
        const told = (): string => `It did ${done.join(', ')}.`;
        await ada.until(`in or out. ${told()}`, ({ connectionState }) => connectionState === 'joined' || connectionState === 'idle', undefined, settleLimit);
        assert.equal(await ada.run(() => window.monkey.unmuted), 0, `Unmuted by itself. ${told()}`);
        await ben.until('Ben joined again', (room) => room.connectionState === 'joined', undefined, settleLimit);
        await ada.run((room) => room.join().then(() => undefined));
        while (!(await stage.participants()).some(({ name }) => name === 'Ada')) await pass(100);
        await ada.run((room) => {
          window.monkey.isActing = true;
          [room.micMuted, room.deafened, room.volume] = [false, false, 1];
          for (const { identity } of room.remoteParticipants) {
            room.muteParticipant(identity, false);
            room.setParticipantVolume(identity, 1);
          }
        });
        await ben.sees('Ada');
        await Promise.all([ben.hears('ada'), ada.hears('ben')]);
        await ada.run((room) => room.leave());
        await ada.until('all is closed', () => Object.values(window.probe.open).every((count) => count === 0));
        await ben.sees();
      });
  });
}

function watch(ada: Visit): Promise<void> {
  return ada.run((room) => {
    window.monkey = { isActing: false, wasMuted: room.micMuted, unmuted: 0 };
    setInterval(() => {
      const { isActing, wasMuted } = window.monkey;
      if (!isActing && wasMuted && !room.micMuted) window.monkey.unmuted++;
      window.monkey.wasMuted = room.micMuted;
    }, 5);
  });
}

/** One thing that a person or a script may do; resolves with its name. */
async function act(ada: Visit, random: () => number, pick: <T>(from: readonly T[]) => T): Promise<string> {
  const { mouse, keyboard } = ada.page;
  await ada.run(() => void (window.monkey.isActing = true));
  try {
    const kind = random();
    if (kind < 0.55) {
      const buttons = await ada.run(({ shadowRoot }) =>
        [...(shadowRoot?.querySelectorAll('button, [role="switch"], [role="slider"], select') ?? [])].flatMap((button) => {
          const { x, y, width, height } = button.getBoundingClientRect();
          const [across, down] = [x + width / 2, y + height / 2];
          const isInWindow = across >= 0 && down >= 0 && across < innerWidth && down < innerHeight;
          return width > 0 && isInWindow ? [{ part: button.part.value, x: across, y: down }] : [];
        }),
      );
      const button = pick<(typeof buttons)[number] | undefined>(buttons);
      if (!button) return 'nothing';
      await mouse.move(button.x, button.y);
      await mouse.down();
      await pass(120 * random());
      // Now and then a press is let go elsewhere.
      if (random() < 0.1) await mouse.move(2, 2);
      await mouse.up();
      return button.part;
    }
    if (kind < 0.75) {
      const key = pick(keys);
      await keyboard.press(key);
      return key;
    }
    const deed = pick(['join', 'leave', 'mute', 'deafen', 'suppression', 'move', 'mount', 'freeze'] as const);
    await ada.run(
      (room, { deed, choice }) => {
        if (deed === 'join') room.join().catch(() => undefined);
        else if (deed === 'leave') room.leave();
        else if (deed === 'mute') room.micMuted = !room.micMuted;
        else if (deed === 'deafen') room.deafened = !room.deafened;
        else if (deed === 'suppression') room.noiseSuppression = (['rnnoise', 'browser', 'off'] as const)[choice] ?? 'off';
        else if (deed === 'move') document.querySelector('main')?.append(room);
        else if (deed === 'mount') {
          room.remove();
          setTimeout(() => document.querySelector('main')?.append(room), 80 * choice);
        } else window.dispatchEvent(new Event('freeze'));
      },
      { deed, choice: Math.floor(3 * random()) },
    );
    return deed;
  } finally {
    await ada.frame.evaluate(() => {
      const room = document.querySelector('vc-room');
      Object.assign(window.monkey, { isActing: false, ...(room && { wasMuted: room.micMuted }) });
    });
  }
}
