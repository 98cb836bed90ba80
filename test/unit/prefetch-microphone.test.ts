import { expect } from '@open-wc/testing';
import { VcRoom } from '../../src/vc-room.js';
import { freshRoom, serverUrl, token } from '../support/livekit-page.js';

VcRoom.define();

const url = await serverUrl();
const made: VcRoom[] = [];
const { getUserMedia } = navigator.mediaDevices;
// Asked once a page: here the person has not decided yet.
navigator.permissions.query = () => Promise.resolve(Object.assign(new EventTarget(), { state: 'prompt' }) as PermissionStatus);

function createRoom(attributes: Record<string, string> = {}): VcRoom {
  const element = document.createElement('vc-room');
  element.room = freshRoom();
  element.tokenSource = async ({ room, identity }) => ({ serverUrl: url, token: await token({ room, identity }) });
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  document.body.append(element);
  made.push(element);
  return element;
}

async function buttonOf(element: VcRoom): Promise<HTMLButtonElement> {
  await element.updateComplete;
  return element.shadowRoot!.querySelector('button')!;
}

const pointer = (target: Element, type: string, more: PointerEventInit = {}) =>
  target.dispatchEvent(new PointerEvent(type, { isPrimary: true, pointerType: 'mouse', bubbles: true, composed: true, ...more }));

describe('the microphone ahead of a join', () => {
  let granted: MediaStream[];
  let requests: number;

  beforeEach(() => {
    granted = [];
    requests = 0;
    navigator.mediaDevices.getUserMedia = async (wish) => {
      requests++;
      const stream = await getUserMedia.call(navigator.mediaDevices, wish);
      granted.push(stream);
      return stream;
    };
  });
  afterEach(() => {
    navigator.mediaDevices.getUserMedia = getUserMedia;
    for (const element of made.splice(0)) {
      element.leave();
      element.remove();
    }
  });
  const states = () => granted.flatMap((stream) => stream.getTracks().map(({ readyState }) => readyState));

  it('is released at once where nobody joins', async () => {
    await createRoom().prefetchMicrophone();
    expect(states()).to.deep.equal(['ended']);
  });

  it('goes on as the microphone of who joins meanwhile', async () => {
    const element = createRoom({ 'noise-suppression': 'off' });
    const prefetched = element.prefetchMicrophone();
    const joined = element.join();
    await prefetched;
    expect(states()).to.deep.equal(['live']);
    await joined;
    expect(requests).to.equal(1);
  });

  it('is never asked of who only listens', async () => {
    await createRoom({ 'listen-only': '' }).prefetchMicrophone();
    expect(requests).to.equal(0);
  });

  it('waits for the click where the browser would prompt', async () => {
    const element = createRoom();
    const button = await buttonOf(element);
    pointer(button, 'pointerdown');
    expect(requests).to.equal(0);
    button.click();
    expect(requests).to.equal(1);
    await element.join();
  });

  it('is asked for at the first touch of the widget with mic-prefetch="ask", at no press with "off"', async () => {
    pointer(createRoom({ 'mic-prefetch': 'ask' }), 'pointerdown', { pointerType: 'touch' });
    expect(requests).to.equal(1);
    while (states()[0] !== 'ended') await new Promise(requestAnimationFrame);
    pointer(await buttonOf(createRoom({ 'mic-prefetch': 'off' })), 'pointerdown');
    expect(requests).to.equal(1);
  });

  it('is asked for by a press with mic-prefetch="ask", and released when the press goes elsewhere', async () => {
    const element = createRoom({ 'mic-prefetch': 'ask' });
    const button = await buttonOf(element);
    pointer(button, 'pointerdown');
    expect(requests).to.equal(1);
    pointer(button, 'pointerleave', { bubbles: false });
    while (states()[0] !== 'ended') await new Promise(requestAnimationFrame);
    expect(element.connectionState).to.equal('idle');
  });
});
