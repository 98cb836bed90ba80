import { expect } from '@open-wc/testing';
import { VcRoom } from '../../src/vc-room.js';
import type { VcRoomError } from '../../src/room/errors.js';
import { freshRoom, serverUrl, token } from '../support/livekit-page.js';
import { settled } from '../support/fake-suppliers.js';

VcRoom.define();

const url = await serverUrl();
const made: VcRoom[] = [];

interface Options {
  readonly room?: string;
  readonly identity?: string;
  readonly attributes?: Record<string, string>;
}

/** A room over the real server, in the document. */
function createRoom({ room = freshRoom(), identity = 'ada', attributes = {} }: Options = {}): VcRoom {
  const element = document.createElement('vc-room');
  if (attributes['room'] === undefined) element.room = room;
  element.tokenSource = async (request) => ({ serverUrl: url, token: await token({ room: request.room, identity, name: request.displayName }) });
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  document.body.append(element);
  made.push(element);
  return element;
}

const outcomeOf = (joined: Promise<void>) =>
  joined.then(
    () => 'joined' as const,
    (error: unknown) => error as VcRoomError,
  );

function once(element: VcRoom, type: Parameters<VcRoom['addEventListener']>[0], holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!holds()) return;
      element.removeEventListener(type, look);
      resolve();
    };
    element.addEventListener(type, look);
    look();
  });
}

describe('<vc-room>', () => {
  afterEach(() => {
    for (const element of made.splice(0)) {
      element.leave();
      element.remove();
    }
  });

  it('is a group named after its room', async () => {
    const element = createRoom({ attributes: { room: 'lounge' } });
    await element.updateComplete;
    const { computedRole, computedName } = element as unknown as { computedRole?: string; computedName?: string };
    if (computedRole !== undefined) expect([computedRole, computedName]).to.deep.equal(['group', 'lounge']);
    expect(element.getAttributeNames()).to.deep.equal(['room']);
  });

  it('reads attributes as properties, with the default for what it does not know', () => {
    const element = createRoom({ attributes: { 'token-protocol': 'carrier-pigeon', credentials: 'include', 'display-name': 'Ada', 'listen-only': '' } });
    expect(element).to.include({ tokenProtocol: 'livekit', credentials: 'include', displayName: 'Ada', listenOnly: true });
    element.removeAttribute('credentials');
    expect(element.credentials).to.equal('same-origin');
    element.tokenProtocol = 'nonsense' as 'livekit';
    expect(element.tokenProtocol).to.equal('livekit');
    expect(element.getAttribute('token-protocol')).to.equal('carrier-pigeon');
  });

  it('goes by script before the attribute, whichever was said last', () => {
    const element = createRoom({ attributes: { 'noise-suppression': 'browser' } });
    element.noiseSuppression = 'off';
    element.setAttribute('noise-suppression', 'rnnoise');
    expect(element.noiseSuppression).to.equal('off');
  });

  it('takes the nearest volume that there is', () => {
    const element = createRoom({ attributes: { volume: '1e999' } });
    expect(element.volume).to.equal(2);
    element.volume = -Infinity;
    expect(element.volume).to.equal(0);
    element.volume = NaN;
    expect(element.volume).to.equal(1);
  });

  it('forgets, here and now, what the person chose', async () => {
    localStorage.setItem('vc-room:preferences', JSON.stringify({ volume: 0.5, pushToTalk: 'Space', noiseSuppression: 'off' }));
    const element = createRoom({ attributes: { volume: '1.5' } });
    expect(element).to.include({ volume: 0.5, pushToTalk: 'Space', noiseSuppression: 'off' });
    await element.join();
    expect(element.matches(':state(transmitting)')).to.equal(false);
    await element.forget();
    expect(element).to.include({ volume: 1.5, pushToTalk: '', noiseSuppression: 'rnnoise' });
    await once(element, 'microphonechange', () => element.microphone === 'live');
    expect(element.matches(':state(transmitting)')).to.equal(true);
  });

  it('joins by itself each time when it comes into the document, and not when it is moved in it', async () => {
    const element = createRoom({ attributes: { autojoin: '' } });
    await once(element, 'connectionstatechange', () => element.connectionState === 'joined');
    element.leave();
    document.body.append(element);
    await settled();
    expect(element.connectionState).to.equal('idle');
    element.remove();
    await new Promise((passed) => setTimeout(passed, 150));
    document.body.append(element);
    await once(element, 'connectionstatechange', () => element.connectionState === 'joined');
  });

  it('takes over what was set on the tag before it was defined', () => {
    class Late extends VcRoom {}
    const early = document.createElement('vc-room-late') as VcRoom;
    const source = () => Promise.reject(new Error('unused'));
    Object.assign(early, { room: 'early', displayName: 'Ada', tokenSource: source, volume: 0.25, micMuted: true });
    early.setAttribute('volume', '2');
    early.setAttribute('display-name', 'Guest');
    document.body.append(early);
    made.push(early);
    Late.define('vc-room-late');
    expect(early).to.be.instanceOf(Late);
    expect(early).to.include({ room: 'early', displayName: 'Ada', tokenSource: source, volume: 0.25, micMuted: true });
  });

  it('is registered under any number of names', () => {
    VcRoom.define('vc-room-again');
    VcRoom.define('vc-room-once-more');
    for (const name of ['vc-room-again', 'vc-room-once-more']) expect(document.createElement(name)).to.be.instanceOf(VcRoom);
  });

  it('takes nonsense in the store for nothing', () => {
    localStorage.setItem('vc-room:preferences', JSON.stringify({ volume: 'loud', pushToTalk: 7, noiseSuppression: {}, listening: [1] }));
    const element = createRoom({ attributes: { volume: '0.5' } });
    expect(element).to.include({ volume: 1, noiseSuppression: 'rnnoise' });
    localStorage.clear();
  });

  it('warns of a second copy and leaves the first', () => {
    const { warn } = console;
    const said: unknown[] = [];
    console.warn = (text: unknown) => void said.push(text);
    try {
      class Second extends VcRoom {}
      Second.define();
      VcRoom.define();
    } finally {
      console.warn = warn;
    }
    expect(said).to.have.length(1);
    expect(customElements.get('vc-room')).to.equal(VcRoom);
  });

  it('starts muted, deafened and at the volume that the attributes say, and later changes of mute change nothing', () => {
    const element = createRoom({ attributes: { 'mic-muted': '', volume: '0.5' } });
    expect(element).to.include({ micMuted: true, deafened: false, volume: 0.5 });
    element.removeAttribute('mic-muted');
    expect(element.micMuted).to.equal(true);
    expect(createRoom({ attributes: { deafened: '' } })).to.include({ micMuted: true, deafened: true });
    element.setAttribute('volume', '9');
    expect(element.volume).to.equal(2);
    element.volume = 1.5;
    element.setAttribute('volume', '1');
    expect(element.volume).to.equal(1.5);
  });

  it('joins, tells it by events, states and properties, and leaves in one task', async () => {
    const element = createRoom();
    const told: string[] = [];
    element.addEventListener('connectionstatechange', ({ connectionState, previous }) => told.push(`${previous} ${connectionState}`));
    const joined = element.join();
    expect(element.connectionState).to.equal('joining');
    expect(element.matches(':state(joining)')).to.equal(true);
    expect(element.join()).to.equal(joined);
    await joined;
    expect(element.matches(':state(joined)')).to.equal(true);
    expect(element.localParticipant?.identity).to.equal('ada');
    element.leave();
    expect(element.connectionState).to.equal('idle');
    expect(element.matches(':state(joined)')).to.equal(false);
    expect(told).to.deep.equal(['idle joining', 'joining joined', 'joined idle']);
    expect(element.error).to.equal(null);
  });

  it('rejects a join that is taken back with aborted, and no error event', async () => {
    const element = createRoom();
    let errors = 0;
    element.addEventListener('error', () => errors++);
    const outcome = outcomeOf(element.join());
    element.leave();
    const again = outcomeOf(element.join());
    expect(await outcome).to.include({ code: 'aborted' });
    expect(await again).to.equal('joined');
    expect(errors).to.equal(0);
  });

  it('turns bad configuration into an error that says what to do, and stays idle', async () => {
    const element = createRoom();
    element.tokenSource = null;
    const told: string[] = [];
    element.addEventListener('error', ({ error }) => told.push(error.code));
    expect(await outcomeOf(element.join())).to.include({ code: 'not-configured', reason: 'no-endpoint' });
    element.token = 'a.b.c';
    expect(await outcomeOf(element.join())).to.include({ code: 'not-configured', reason: 'no-server-url' });
    element.setAttribute('server-url', 'javascript:alert(1)');
    expect(await outcomeOf(element.join())).to.include({ code: 'invalid-configuration', reason: 'server-url' });
    element.setAttribute('token-endpoint', 'https://ada:secret@example.org');
    expect(await outcomeOf(element.join())).to.include({ code: 'invalid-configuration', reason: 'token-endpoint' });
    expect(element.connectionState).to.equal('idle');
    expect(told).to.deep.equal(['not-configured', 'not-configured', 'invalid-configuration', 'invalid-configuration']);
  });

  it('leaves the room when it is removed, also while joining', async () => {
    const element = createRoom();
    await element.join();
    element.remove();
    await once(element, 'connectionstatechange', () => element.connectionState === 'idle');

    const joining = createRoom();
    const outcome = outcomeOf(joining.join());
    joining.remove();
    expect(await outcome).to.satisfy((end: unknown) => end === 'joined' || (end as VcRoomError).code === 'aborted');
    await once(joining, 'connectionstatechange', () => joining.connectionState === 'idle');
  });

  it('stays in the room when it is moved, in one task, in two, or by moveBefore', async () => {
    const element = createRoom();
    const places = [document.createElement('div'), document.createElement('div')] as const;
    document.body.append(...places);
    await element.join();
    const told: string[] = [];
    element.addEventListener('connectionstatechange', ({ connectionState }) => told.push(connectionState));

    places[0].append(element);
    element.remove();
    await settled();
    places[1].append(element);
    (places[0] as unknown as { moveBefore?(node: Node, before: Node | null): void }).moveBefore?.(element, null);
    // Longer than an element may be away: had the move counted as removal, the room would be left by now.
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(element.connectionState).to.equal('joined');
    expect(told).to.deep.equal([]);
    for (const place of places) place.remove();
  });

  it('opens no microphone and no chunk before somebody shows intent', async () => {
    const element = createRoom();
    await element.updateComplete;
    const loaded = () => performance.getEntriesByType('resource').filter(({ name }) => name.includes('livekit-client')).length;
    const before = loaded();
    await settled();
    expect(loaded()).to.equal(before);
    expect(element.microphone).to.equal('off');
  });

  it('comes in muted when it joins by itself on a page that nobody has touched', async () => {
    const element = createRoom({ attributes: { autojoin: '' } });
    await once(element, 'connectionstatechange', () => element.connectionState === 'joined');
    const touched = navigator.userActivation.hasBeenActive;
    expect(element.micMuted).to.equal(!touched);
    if (!touched) expect(element.microphone).to.equal('muted');
  });

  it('can be joined again by a listener in the task of the leave', async () => {
    const element = createRoom();
    await element.join();
    element.addEventListener('connectionstatechange', () => void element.join().catch(() => undefined), { once: true });
    element.leave();
    expect(element.connectionState).to.equal('joining');
  });
});
