import { expect } from '@open-wc/testing';
import { VcRoom } from '../../src/vc-room.js';
import { freshRoom, serverUrl, token } from '../support/livekit-page.js';

VcRoom.define();

const url = await serverUrl();
const made: HTMLElement[] = [];

interface Options {
  readonly attributes?: Record<string, string>;
  /** Seconds for which the page says that its grants are good. */
  readonly expiresIn?: number;
  readonly fails?: boolean;
  /** Asked for; empty for one of the profile's, of which another test page may take the first. */
  readonly identity?: string;
}

/** A room over the real server that counts how often it is asked for a grant, and by whom. */
function createRoom({ attributes = {}, expiresIn, fails = false, identity: wanted = 'ada' }: Options = {}) {
  const element = document.createElement('vc-room');
  const asked: string[] = [];
  const told: string[] = [];
  let next: () => void = () => undefined;
  element.room = freshRoom();
  element.identity = wanted;
  element.tokenSource = async ({ room, identity }) => {
    asked.push(identity);
    next();
    if (fails) throw new Error('test');
    return { serverUrl: url, token: await token({ room, identity }), ...(expiresIn === undefined ? {} : { expiresIn }) };
  };
  for (const type of ['error', 'connectionstatechange', 'microphonechange'] as const) element.addEventListener(type, () => told.push(type));
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  document.body.append(element);
  made.push(element);
  return { element, asked, told, nextAsk: () => new Promise<void>((resolve) => (next = resolve)) };
}

const hover = (element: Element) => element.dispatchEvent(new PointerEvent('pointerenter', { pointerType: 'mouse' }));

describe('<vc-room> ahead of a join', () => {
  afterEach(() => {
    for (const element of made.splice(0)) {
      if (element instanceof VcRoom) element.leave();
      element.remove();
    }
  });

  it('asks for one grant, however often it is hovered, and joins with it', async () => {
    const { element, asked, told } = createRoom();
    hover(element);
    await Promise.all([element.prefetch(), element.prefetch()]);
    hover(element);
    await element.prefetch();
    expect(asked).to.have.length(1);
    expect(told).to.deep.equal([]);
    await element.join();
    expect(asked).to.have.length(1);
    expect(element.localParticipant?.identity).to.equal(asked[0]);
  });

  it('asks under the identity of the hover when the click comes before the answer', async () => {
    const { element, asked } = createRoom({ identity: '' });
    void element.prefetch();
    await element.join();
    expect(asked).to.have.length(1);
  });

  it('fetches nothing on intent where preload is none', async () => {
    const { element, asked } = createRoom({ attributes: { preload: 'none' } });
    hover(element);
    element.dispatchEvent(new FocusEvent('focusin'));
    const other = createRoom();
    hover(other.element);
    await other.nextAsk();
    expect(asked).to.deep.equal([]);
  });

  it('fetches by itself once it is in view where preload is auto', async () => {
    const { asked, nextAsk } = createRoom({ attributes: { preload: 'auto' } });
    await nextAsk();
    expect(asked).to.have.length(1);
  });

  it('waits with preload auto until it comes into view', async () => {
    const space = document.createElement('div');
    space.style.height = '5000px';
    document.body.append(space);
    made.push(space);
    const { element, asked, nextAsk } = createRoom({ attributes: { preload: 'auto' } });
    const above = createRoom({ attributes: { preload: 'auto' } });
    document.body.prepend(above.element);
    await above.nextAsk();
    expect(asked).to.deep.equal([]);
    const asking = nextAsk();
    element.scrollIntoView();
    await asking;
  });

  it('keeps to itself that it failed, and lets the join say so', async () => {
    const { element, told } = createRoom({ fails: true });
    await element.prefetch();
    expect(element.error).to.equal(null);
    expect(told).to.deep.equal([]);
    const thrown: unknown = await element.join().catch((error: unknown) => error);
    expect(thrown).to.include({ code: 'token-unreachable', reason: 'source' });
  });

  it('does not ask again and again where asking failed', async () => {
    const { element, asked } = createRoom({ fails: true });
    await element.prefetch();
    await element.prefetch();
    expect(asked).to.have.length(1);
  });

  it('asks anew when what it fetched is too old by the time of the press', async () => {
    const { element, asked } = createRoom({ expiresIn: 0.1 });
    await element.prefetch();
    const old = performance.now() + 80;
    while (performance.now() < old) await new Promise(requestAnimationFrame);
    await element.join();
    expect(asked).to.have.length(2);
  });

  it('leaves a grant that counts once to the join', async () => {
    const { element, asked } = createRoom({ attributes: { 'token-cache': 'none' } });
    await element.prefetch();
    expect(asked).to.deep.equal([]);
    await element.join();
    expect(asked).to.have.length(1);
  });

  it('gives up what was pressed when a setting changes, so that the click counts with the new one', async () => {
    const { element, asked } = createRoom();
    await element.updateComplete;
    const button = element.shadowRoot!.querySelector('button')!;
    button.dispatchEvent(new PointerEvent('pointerdown', { isPrimary: true, pointerType: 'mouse', bubbles: true, composed: true }));
    element.displayName = 'Ada';
    button.click();
    await element.join();
    expect(element.localParticipant?.identity).to.equal(asked.at(-1));
    // The press that counts is the click's own.
    expect(element.timeline.slice(0, 2).map(({ name }) => name)).to.deep.equal(['press', 'click']);
  });

  it('stands at the door for 20 s at most', async () => {
    const { element, told } = createRoom({ identity: '', attributes: { standby: '' } });
    const other = createRoom();
    other.element.room = element.room;
    await other.element.join();
    const count = (wanted: number) =>
      new Promise<void>((resolve) => {
        const look = () => other.element.standbyCount === wanted && resolve();
        other.element.addEventListener('participantschange', look);
        look();
      });
    const { setTimeout } = window;
    const limits: (() => void)[] = [];
    window.setTimeout = ((callback: () => void, ms?: number) => (ms === 20_000 ? limits.push(callback) : setTimeout(callback, ms))) as typeof setTimeout;
    hover(element);
    window.setTimeout = setTimeout;
    await count(1);
    expect(other.element.remoteParticipants).to.deep.equal([]);
    expect(limits).to.have.length(1);
    limits[0]!();
    await count(0);
    expect(told).to.deep.equal([]);
  });

  it('tells how long each step of the latest join took', async () => {
    const { element } = createRoom();
    expect(element.timeline).to.deep.equal([]);
    await element.join();
    const names = element.timeline.map(({ name }) => name);
    expect(names).to.include.members(['press', 'click', 'code', 'grant', 'signal', 'joined']);
    const times = element.timeline.map(({ at }) => at);
    expect(times).to.deep.equal([...times].sort((a, b) => a - b));
    expect(performance.getEntriesByName('vc-room:joined')).to.have.length.greaterThan(0);
    expect(element.diagnostics()).to.include({ timeline: element.timeline });
  });
});
