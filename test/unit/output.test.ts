import { expect } from '@open-wc/testing';
import { Output } from '../../src/sound/output.js';

const { enumerateDevices } = navigator.mediaDevices;
const { setSinkId } = HTMLMediaElement.prototype;

describe('Output', () => {
  let connected: string[];
  let routes: string[];
  let reported: (string | null)[];
  let output: Output;

  beforeEach(() => {
    connected = ['headphones', 'hall'];
    routes = [];
    reported = [];
    navigator.mediaDevices.enumerateDevices = () =>
      Promise.resolve(connected.map((deviceId) => ({ kind: 'audiooutput', deviceId, label: deviceId }) as MediaDeviceInfo));
    HTMLMediaElement.prototype.setSinkId = (id) =>
      connected.includes(id) ? Promise.resolve() : Promise.reject(new DOMException('Requested device not found', 'NotFoundError'));
    output = new Output(
      (id) => routes.push(id),
      (device) => reported.push(device && device.label),
    );
  });

  afterEach(() => {
    output.close();
    navigator.mediaDevices.enumerateDevices = enumerateDevices;
    HTMLMediaElement.prototype.setSinkId = setSinkId;
  });

  /** The list of devices is another. */
  async function change(...now: string[]): Promise<void> {
    connected = now;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    await new Promise((nextTask) => setTimeout(nextTask));
  }

  it("plays on the system's default while the chosen device is gone, and on that again as soon as it is back", async () => {
    await output.choose('headphones');
    await change('hall');
    await change('hall', 'headphones');
    expect(routes).to.deep.equal(['headphones', '', 'headphones']);
    expect(reported).to.deep.equal(['headphones', null, 'headphones']);
  });

  it('stays where it is when another device comes or goes, and when one is chosen that is not there', async () => {
    await output.choose('headphones');
    await change('headphones');
    const refused: unknown = await output.choose('hall').catch((thrown: unknown) => thrown);
    expect(refused).to.include({ code: 'unknown' });
    await change('headphones', 'hall');
    expect(routes).to.deep.equal(['headphones']);
  });

  it('uses what was chosen at an earlier visit once it is there', async () => {
    connected = [];
    output.recall('headphones');
    await change('headphones');
    expect(reported).to.deep.equal(['headphones']);
  });

  it('follows nothing any more once it is closed', async () => {
    await output.choose('headphones');
    output.close();
    await change('hall');
    expect(routes).to.deep.equal(['headphones']);
  });
});
