import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Line, Queue, Stream } from '../support/line.js';
import type { Conditions } from '../support/line.js';

const clear: Conditions = { rtt: 0, jitter: 0, loss: 0, down: false, drop: 'none', rate: null };

describe('Line', () => {
  it('takes half of the round trip, and up to the jitter more', () => {
    const line = new Line({ ...clear, rtt: 50, jitter: 20 }, 1);
    for (let packet = 0; packet < 500; packet++) {
      const before = performance.now();
      const out = line.crossing(100, 'udp') ?? 0;
      assert.ok(out >= before + 25 && out <= performance.now() + 45, `${out - before} ms`);
    }
  });

  it('loses the share that was asked for, the same packets for the same seed', () => {
    const losses = (seed: number) => {
      const line = new Line({ ...clear, loss: 0.1 }, seed);
      return Array.from({ length: 5000 }, () => line.crossing(100, 'udp') === null);
    };
    const share = losses(7).filter(Boolean).length / 5000;
    assert.ok(share > 0.08 && share < 0.12, `${share}`);
    assert.deepEqual(losses(7), losses(7));
    assert.notDeepEqual(losses(7), losses(8));
  });

  it('lets TCP through where UDP alone is dropped', () => {
    const line = new Line({ ...clear, drop: 'udp' }, 1);
    assert.equal(line.crossing(100, 'udp'), null);
    assert.notEqual(line.crossing(100, 'tcp'), null);
  });

  it('lets no more than its rate through', () => {
    const line = new Line({ ...clear, rate: 64 }, 1);
    const begun = performance.now();
    const through = Array.from({ length: 100 }, () => line.crossing(160, 'udp')).filter((at) => at !== null);
    const meanwhile = (performance.now() - begun) / 20;
    assert.ok(through.length <= 12 + meanwhile, `${through.length} packets of 20 ms each in front of a queue of 200 ms`);
  });
});

describe('Stream', () => {
  it('delivers everything in order in spite of losses', async () => {
    const conditions = { ...clear, loss: 0.3 };
    const stream = new Stream(new Line(conditions, 3));
    const arrived: number[] = [];
    await new Promise<void>((resolve) => {
      for (let index = 0; index < 20; index++) stream.send(100, () => arrived.push(index) === 20 && resolve(), 1);
    });
    assert.deepEqual(
      arrived,
      Array.from({ length: 20 }, (_, index) => index),
    );
  });
});

describe('Queue', () => {
  it('never lets what is sent later overtake', async () => {
    const queue = new Queue();
    const arrived: string[] = [];
    queue.push(performance.now() + 20, () => arrived.push('first'));
    await new Promise<void>((resolve) => queue.push(performance.now(), () => resolve(void arrived.push('second'))));
    assert.deepEqual(arrived, ['first', 'second']);
  });
});
