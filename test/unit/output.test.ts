import { expect } from '@open-wc/testing';
import type { Device } from '../../src/room/snapshot.js';
import { Output } from '../../src/sound/output.js';

describe('Output', () => {
  const { enumerateDevices } = navigator.mediaDevices;
  const { setSinkId } = HTMLMediaElement.prototype;
  let output: Output;
  let routes: string[];
  let reports: (string | null)[];
  let there: string[];
  /** What `setSinkId()` is still to answer. */
  let asked: { id: string; answer: () => void }[];

  const labels = new Map([
    ['desk', 'Loudspeaker'],
    ['head', 'Headset'],
  ]);

  beforeEach(() => {
    [routes, reports, asked] = [[], [], []];
    there = ['desk', 'head'];
    navigator.mediaDevices.enumerateDevices = () =>
      Promise.resolve(there.map((deviceId) => ({ kind: 'audiooutput', deviceId, groupId: '', label: labels.get(deviceId) ?? '' }) as MediaDeviceInfo));
    HTMLMediaElement.prototype.setSinkId = (id) =>
      new Promise((resolve, reject) => {
        const answer = (): void => (there.includes(id) ? resolve() : reject(new DOMException('Requested device not found', 'NotFoundError')));
        asked.push({ id, answer });
      });
    output = new Output(
      (id) => routes.push(id),
      (device: Device | null) => reports.push(device && device.label),
    );
  });

  afterEach(() => {
    output.close();
    Object.assign(navigator.mediaDevices, { enumerateDevices });
    HTMLMediaElement.prototype.setSinkId = setSinkId;
  });

  async function answered(promise: Promise<unknown> = Promise.resolve()): Promise<void> {
    for (const { answer } of asked.splice(0)) answer();
    await promise;
    await new Promise((nextTask) => setTimeout(nextTask));
  }

  async function devicesAre(...ids: string[]): Promise<void> {
    there = ids;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    await answered();
  }

  it('plays on the device that is chosen, and on the default again', async () => {
    await answered(output.choose('head'));
    await answered(output.choose(null));
    expect(routes).to.deep.equal(['head', '']);
    expect(reports).to.deep.equal(['Headset', null]);
  });

  it('stays where it plays when the chosen device is refused, and says so', async () => {
    await answered(output.choose('desk'));
    const refused = output.choose('gone').catch((thrown: unknown) => thrown);
    await answered(refused);
    expect(await refused).to.include({ code: 'unknown' });
    expect(routes).to.deep.equal(['desk']);
    expect(reports).to.deep.equal(['Loudspeaker']);
  });

  it('plays on the default while the device is gone, and on it again once it is there', async () => {
    await answered(output.choose('head'));
    await devicesAre('desk');
    await devicesAre();
    await devicesAre('desk', 'head');
    expect(routes).to.deep.equal(['head', '', 'head']);
    expect(reports).to.deep.equal(['Headset', null, 'Headset']);
  });

  it('stays on the default, whatever is plugged in, where none was chosen', async () => {
    await devicesAre('desk');
    await devicesAre('desk', 'head');
    expect(asked).to.deep.equal([]);
    expect(routes).to.deep.equal([]);
  });

  it('uses the device of an earlier visit when it comes, and says nothing until then', async () => {
    there = ['desk'];
    output.recall('head');
    await answered();
    expect(routes).to.deep.equal([]);
    await devicesAre('desk', 'head');
    expect(routes).to.deep.equal(['head']);
  });

  it('keeps to the choice that was made last, not to the one that was found last', async () => {
    const [first, second] = [output.choose('head'), output.choose('desk')];
    const [head, desk] = asked.splice(0);
    desk?.answer();
    await second;
    head?.answer();
    await first;
    expect(routes).to.deep.equal(['desk']);
    await devicesAre('desk', 'head');
    expect(routes).to.deep.equal(['desk']);
  });

  it('does nothing more once it is closed, not even with what is still being tried', async () => {
    const trying = output.choose('head');
    output.close();
    await answered(trying);
    await devicesAre('desk', 'head');
    expect(asked).to.deep.equal([]);
    expect(routes).to.deep.equal([]);
    expect(reports).to.deep.equal([]);
  });
});

describe('Output where the browser lets nobody choose', () => {
  const descriptor = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'setSinkId') ?? {};
  let without: typeof import('../../src/sound/output.js');

  before(async () => {
    Reflect.deleteProperty(HTMLMediaElement.prototype, 'setSinkId');
    // Another copy, which has looked at the browser as it is now.
    const copy = new URL('../../src/sound/output.ts?without-sinks', import.meta.url).href;
    without = (await import(copy)) as typeof without;
  });

  after(() => Object.defineProperty(HTMLMediaElement.prototype, 'setSinkId', descriptor));

  it('says so, and keeps to the default', async () => {
    const routes: string[] = [];
    const output = new without.Output(
      (id) => routes.push(id),
      () => undefined,
    );
    const thrown: unknown = await output.choose('head').catch((error: unknown) => error);
    expect(thrown).to.include({ code: 'unsupported', reason: 'output-device' });
    await output.choose(null);
    output.recall('head');
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    output.close();
    expect(routes).to.deep.equal([]);
    expect(without.canChooseOutput).to.equal(false);
  });
});
